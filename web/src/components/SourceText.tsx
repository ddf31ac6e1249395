import { CopyButton } from './CopyButton.tsx';
import { PlainText } from './PlainText.tsx';

/** Characters of a text that are drawn before more are asked for. */
const FIRST = 20_000;

/** A text as it was typed, bounded, beside the button that copies all of it. */
export const SourceText = (props: { text: string; label: string }) => (
  <div class="flex items-start rounded-control bg-log">
    <section class="min-w-0 flex-1 overflow-x-auto p-4 pr-0 font-mono text-table" tabindex="0" aria-label={props.label}>
      <PlainText text={props.text} first={FIRST} />
    </section>
    <CopyButton text={props.text} class="m-1 shrink-0" />
  </div>
);
