import { createUniqueId, For, Show } from 'solid-js';
import { Field } from './Field.tsx';

interface TextFieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly type?: 'text' | 'date' | 'time' | 'datetime-local';
  /** The keys that a touch screen offers. */
  readonly inputmode?: 'numeric' | 'decimal' | undefined;
  /** Offered while it is typed. */
  readonly offers?: readonly string[];
  readonly mono?: boolean;
  readonly maxlength?: number;
  readonly disabled?: boolean;
  readonly focusFirst?: boolean;
}

/** One line of text with its label, hint and error. */
export const TextField = (props: TextFieldProps) => {
  const list = createUniqueId();
  return (
    <Field label={props.label} hint={props.hint} error={props.error}>
      {(ties) => (
        <>
          <input
            {...ties()}
            class={`input ${props.mono ? 'font-mono' : ''}`}
            type={props.type ?? 'text'}
            inputmode={props.inputmode}
            list={props.offers && list}
            autocomplete="off"
            spellcheck={false}
            maxlength={props.maxlength ?? 500}
            disabled={props.disabled ?? false}
            data-focus-first={props.focusFirst ? '' : undefined}
            value={props.value}
            onInput={(event) => props.change(event.currentTarget.value)}
          />
          <Show when={props.offers}>
            {(offers) => (
              <datalist id={list}>
                <For each={offers()}>{(one) => <option value={one} />}</For>
              </datalist>
            )}
          </Show>
        </>
      )}
    </Field>
  );
};
