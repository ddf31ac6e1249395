import type { Plugin } from 'vite';
import { STATUS_LOOK } from '../jobs/run-state.ts';

/** One class a status, `tone-<status>`, that sets `--tone` to its colour in the theme in force; the colours stand in jobs/run-state.ts only. */
export const statusTonesCss = (): string =>
  Object.entries(STATUS_LOOK)
    .map(([status, { light, dark }]) => `.tone-${status}{--tone:${light}}[data-theme=dark] .tone-${status}{--tone:${dark}}`)
    .join('\n');

const NAME = 'virtual:status-tones.css';

/** Serves those classes to the page as a style sheet of its own. */
export const statusTones = (): Plugin => ({
  name: 'status-tones',
  resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
  load: (id) => (id === `\0${NAME}` ? statusTonesCss() : undefined),
});
