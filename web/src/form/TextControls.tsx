import { createMemo, createSignal, Show } from 'solid-js';
import type { Json } from '#jobs/json.ts';
import type { FieldTies } from '../components/Field.tsx';
import { whenChanged } from '../solid.ts';
import { isSame } from './kind.ts';
import type { FormField } from './settings.ts';
import { jsonText, numberText, readJson, readNumber } from './texts.ts';

interface ControlProps {
  readonly field: FormField;
  readonly ties: FieldTies;
}

/** Text that is read into a value as it is typed; it is only rewritten when the value becomes another one from elsewhere. */
const createReading = (field: () => FormField, write: (value: Json | undefined) => string, read: (text: string) => Json | undefined) => {
  const [text, setText] = createSignal(write(field().value));
  whenChanged(
    () => field().value,
    (value) => isSame(read(text()) ?? null, value ?? null) || setText(write(value)),
  );
  const type = (event: { currentTarget: { value: string } }) => {
    setText(event.currentTarget.value);
    field().change(read(event.currentTarget.value));
  };
  return { text, type };
};

/** Asks for a number; what is none stays as it was typed. */
export const NumberControl = (props: ControlProps) => {
  const { text, type } = createReading(() => props.field, numberText, readNumber);
  return <input {...props.ties} class="input" type="text" inputmode="decimal" autocomplete="off" value={text()} onInput={type} />;
};

/** Asks for anything, as JSON. */
export const JsonControl = (props: ControlProps) => {
  const { text, type } = createReading(() => props.field, jsonText, readJson);
  return <textarea {...props.ties} class="input min-h-20 font-mono text-table" rows={4} spellcheck={false} value={text()} onInput={type} />;
};

/** A field without a text and without a default is left out; one that has a default may be emptied. */
const readText = (field: FormField, text: string): Json | undefined =>
  text === '' && (field.schema.default === undefined || field.schema.default === '') ? undefined : text;

const textIn = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** Asks for a line of text; one that has several lines keeps them. */
export const LineControl = (props: ControlProps) => {
  // Whoever joins the lines goes on in the same box.
  const hasLines = createMemo<boolean>((had) => had || textIn(props.field.value).includes('\n'), false);
  return (
    <Show
      when={hasLines()}
      fallback={
        <input
          {...props.ties}
          class="input"
          type="text"
          autocomplete="off"
          value={textIn(props.field.value)}
          onInput={(event) => props.field.change(readText(props.field, event.currentTarget.value))}
        />
      }
    >
      <LinesControl {...props} />
    </Show>
  );
};

const BREAK = /[\r\n]/;

/** Asks for a secret, which no browser keeps; one of several lines, such as a key, keeps them. */
export const SecretControl = (props: ControlProps) => {
  // Once it was long it stays a box for lines, so that nothing moves under the caret.
  const isLong = createMemo((was: boolean) => was || BREAK.test(textIn(props.field.value)), false);
  let lines: HTMLTextAreaElement | undefined;
  const type = (event: { currentTarget: { value: string } }) => props.field.change(readText(props.field, event.currentTarget.value));
  // A box for a line would drop the breaks without a word.
  const paste = (event: ClipboardEvent & { currentTarget: HTMLInputElement }) => {
    const pasted = event.clipboardData?.getData('text/plain') ?? '';
    if (!BREAK.test(pasted)) return;
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    props.field.change(value.slice(0, selectionStart ?? 0) + pasted + value.slice(selectionEnd ?? value.length));
    queueMicrotask(() => lines?.focus());
  };
  return (
    <Show
      when={isLong()}
      fallback={
        <input
          {...props.ties}
          class="input"
          type="password"
          autocomplete="new-password"
          value={textIn(props.field.value)}
          onInput={type}
          onPaste={paste}
        />
      }
    >
      <textarea
        ref={lines}
        {...props.ties}
        class="input min-h-20 font-mono text-table [-webkit-text-security:disc]"
        rows={4}
        autocomplete="off"
        spellcheck={false}
        value={textIn(props.field.value)}
        onInput={type}
      />
    </Show>
  );
};

/** Asks for text of several lines; code keeps its columns. */
export const LinesControl = (props: ControlProps) => (
  <textarea
    {...props.ties}
    class={`input min-h-20 ${props.field.schema['x-code'] ? 'font-mono text-table' : ''}`}
    rows={4}
    spellcheck={props.field.schema['x-code'] === undefined}
    value={textIn(props.field.value)}
    onInput={(event) => props.field.change(readText(props.field, event.currentTarget.value))}
  />
);
