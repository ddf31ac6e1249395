/** The parts of Solid 1 that Solid 2 renames or drops; nothing else imports them, so that the move is one file's work. */
export { batch, createEffect, ErrorBoundary, on, onMount, Suspense, splitProps } from 'solid-js';
