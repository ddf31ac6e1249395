import { createMemo } from 'solid-js';
import type { Json } from '#jobs/json.ts';
import { CopyButton } from './CopyButton.tsx';
import { visible } from './visible.ts';

const LIMIT = 100_000;

/** A JSON value as indented text, bounded in height and length; copying takes all of it. */
export const JsonText = (props: { value: Json; label: string }) => {
  const text = createMemo(() => JSON.stringify(props.value, null, 2));
  return (
    <div class="relative">
      <pre
        class="max-h-80 overflow-auto rounded-control bg-log p-3 pr-10 font-mono text-table"
        tabindex="0"
        role="region"
        aria-label={props.label}
      >
        {visible(text().slice(0, LIMIT))}
        {text().length > LIMIT ? '…' : ''}
      </pre>
      <CopyButton text={text()} class="absolute top-1 right-1" />
    </div>
  );
};
