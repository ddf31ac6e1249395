import { Show } from 'solid-js';

/** What describes a control to who hears it: the hint and the error that stand, of the field of this id. */
export const describedBy = (id: string, hint: string | undefined, error: string | undefined): string | undefined =>
  [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;

/** The hint of a field. */
export const FieldHint = (props: { id: string; text: string | undefined }) => (
  <Show when={props.text}>
    <p id={`${props.id}-hint`} class="text-meta break-words text-muted">
      {props.text}
    </p>
  </Show>
);

/** What is wrong with a field; that of several parts together takes the focus itself. */
export const FieldError = (props: { id: string; text: string | undefined; ofWhole?: boolean }) => (
  <Show when={props.text}>
    <p
      id={`${props.id}-error`}
      class={`tone-failed break-words whitespace-pre-line text-(--tone) ${props.ofWhole ? 'mt-1' : ''}`}
      tabindex={props.ofWhole ? -1 : undefined}
      data-form-error={props.ofWhole ? '' : undefined}
    >
      {props.text}
    </p>
  </Show>
);
