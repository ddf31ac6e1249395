import { For } from 'solid-js';
import { Field } from '../../../components/Field.tsx';

interface SelectFieldProps<V extends string> {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly value: string;
  readonly options: readonly { readonly value: V; readonly words: string }[];
  readonly change: (value: V) => void;
}

/** One of some words, with its label, hint and error. */
export const SelectField = <V extends string>(props: SelectFieldProps<V>) => (
  <Field label={props.label} hint={props.hint} error={props.error}>
    {(ties) => (
      <select {...ties()} class="input" onChange={(event) => props.change(event.currentTarget.value as V)}>
        <For each={props.options}>
          {({ value, words }) => (
            <option value={value} selected={props.value === value}>
              {words}
            </option>
          )}
        </For>
      </select>
    )}
  </Field>
);
