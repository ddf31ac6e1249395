import { Field } from '../../../components/Field.tsx';

interface TextFieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly type?: 'text' | 'date' | 'time' | 'datetime-local';
  readonly mono?: boolean;
  readonly maxlength?: number;
  readonly focusFirst?: boolean;
}

/** One line of text with its label, hint and error. */
export const TextField = (props: TextFieldProps) => (
  <Field label={props.label} hint={props.hint} error={props.error}>
    {(ties) => (
      <input
        {...ties()}
        class={`input ${props.mono ? 'font-mono' : ''}`}
        type={props.type ?? 'text'}
        autocomplete="off"
        spellcheck={false}
        maxlength={props.maxlength ?? 500}
        data-focus-first={props.focusFirst ? '' : undefined}
        value={props.value}
        onInput={(event) => props.change(event.currentTarget.value)}
      />
    )}
  </Field>
);
