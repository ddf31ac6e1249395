import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { For } from 'solid-js';
import { markWords } from './marks.ts';
import type { MarkedMoment } from './views.ts';

/** What is particular about a moment, with the sign that says so. */
export const MarkNote = (props: { words: string }) => (
  <span class="tone-retrying flex items-start gap-2 text-(--tone)" title={props.words}>
    <TriangleAlert size={16} class="mt-0.5 shrink-0" />
    <span>{props.words}</span>
  </span>
);

/** What the clocks or a calendar make of a moment, besides why nothing starts, which its row says. */
const besidesWhy = ({ marks }: MarkedMoment) => marks.filter((mark) => mark !== 'blackout' && mark !== 'window');

/** True for a moment that has a line of marks. */
export const isMarked = (moment: MarkedMoment): boolean => besidesWhy(moment).length > 0;

/** The line under the row of a moment. */
export const MarksLine = (props: { moment: MarkedMoment }) => (
  <span class="flex gap-4 whitespace-nowrap">
    <For each={besidesWhy(props.moment)}>{(mark) => <MarkNote words={markWords(mark, props.moment.wall, props.moment.dst)} />}</For>
  </span>
);
