import { createEffect, createMemo, mergeProps, on } from 'solid-js';

/** The parts of Solid 1 that Solid 2 renames or drops; nothing else imports them, so that the move is one file's work. */
export { batch, createEffect, ErrorBoundary, Index, onMount, Suspense } from 'solid-js';

/** Reacts when a value has become another one, not whenever something it is computed from has; at once too, unless `later`. */
export const whenChanged = <T>(value: () => T, react: (value: T) => void, when: 'now' | 'later' = 'now'): void =>
  createEffect(on(createMemo(value), (next) => react(next), { defer: when === 'later' }));

/** What a value is now, as one object: whoever reads a part of it follows that part, whichever value it comes from. */
export const following = <T extends object>(value: () => T): T => mergeProps(value) as T;
