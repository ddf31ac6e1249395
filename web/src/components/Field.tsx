import { createUniqueId, type JSX, Show } from 'solid-js';

/** What a control inside a field needs to be tied to its label, hint and error. */
export interface FieldTies {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
}

/** A label, a control, a hint, and the error that belongs to it. */
export const Field = (props: {
  label: JSX.Element;
  hint?: string | undefined;
  error?: string | undefined;
  children: (ties: () => FieldTies) => JSX.Element;
}) => {
  const id = createUniqueId();
  const ties = () => ({
    id,
    'aria-describedby': [props.hint && `${id}-hint`, props.error && `${id}-error`].filter(Boolean).join(' ') || undefined,
    'aria-invalid': props.error ? ('true' as const) : undefined,
  });
  return (
    <div class="flex flex-col gap-1">
      <label for={id} class="font-semibold">
        {props.label}
      </label>
      {props.children(ties)}
      <Show when={props.hint}>
        <p id={`${id}-hint`} class="text-meta text-muted">
          {props.hint}
        </p>
      </Show>
      <Show when={props.error}>
        <p id={`${id}-error`} class="tone-failed break-words text-(--tone)">
          {props.error}
        </p>
      </Show>
    </div>
  );
};
