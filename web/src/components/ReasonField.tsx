import { t } from '../words.ts';
import { Field } from './Field.tsx';

interface ReasonFieldProps {
  readonly value: string;
  readonly change: (value: string) => void;
  readonly required?: boolean;
  readonly hint?: string;
  readonly error?: string | undefined;
  /** In place of the usual label. */
  readonly label?: string;
  readonly focusFirst?: boolean;
}

/** Asks why; history and audit keep it. */
export const ReasonField = (props: ReasonFieldProps) => (
  <Field label={props.label ?? (props.required ? t('dialog.reason_required') : t('dialog.reason'))} hint={props.hint} error={props.error}>
    {(ties) => (
      <input
        {...ties()}
        class="input"
        maxlength={1000}
        autocomplete="off"
        aria-required={props.required ? 'true' : undefined}
        data-focus-first={props.focusFirst ? '' : undefined}
        value={props.value}
        onInput={(event) => props.change(event.currentTarget.value)}
      />
    )}
  </Field>
);
