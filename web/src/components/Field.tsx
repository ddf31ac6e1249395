import { createUniqueId, type JSX } from 'solid-js';
import { describedBy, FieldError, FieldHint } from './FieldNotes.tsx';

/** What a control inside a field needs to be tied to its label, hint and error. */
export interface FieldTies {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
}

/** A label, a control, a hint, and the error that belongs to it; `beside` stands at the right of the label, `more` after the hint. */
export const Field = (props: {
  label: JSX.Element;
  beside?: JSX.Element;
  hint?: string | undefined;
  more?: JSX.Element;
  error?: string | undefined;
  children: (ties: () => FieldTies) => JSX.Element;
}) => {
  const id = createUniqueId();
  const ties = () => ({
    id,
    'aria-describedby': describedBy(id, props.hint, props.error),
    'aria-invalid': props.error ? ('true' as const) : undefined,
  });
  return (
    <div class="flex flex-col gap-1">
      <div class="flex items-center gap-2">
        <label for={id} class="min-w-0 flex-1 break-words font-semibold">
          {props.label}
        </label>
        {props.beside}
      </div>
      {props.children(ties)}
      <FieldHint id={id} text={props.hint} />
      {props.more}
      <FieldError id={id} text={props.error} />
    </div>
  );
};
