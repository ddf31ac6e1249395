import { createUniqueId, type JSX, type ParentProps, Show } from 'solid-js';
import type { JsonSchema } from '#jobs/json.ts';
import { Default } from './Default.tsx';
import { type FormField, useForm } from './settings.ts';
import { t } from './words.ts';

interface FormGroupProps {
  readonly label: string;
  readonly schema: JsonSchema;
  readonly field: FormField;
  readonly required?: boolean | undefined;
  readonly tools?: JSX.Element;
  readonly error: string | undefined;
}

/** Parts that make one value, under its name; what is wrong with the whole stands at its end and can take the focus. */
export const FormGroup = (props: ParentProps<FormGroupProps>) => {
  const form = useForm();
  const id = createUniqueId();
  const described = () => [props.schema.description && `${id}-hint`, props.error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <fieldset class="min-w-0" data-pointer={props.field.pointer} aria-describedby={described()}>
      <legend class="sr-only">{props.label}</legend>
      <div class="flex min-h-6 items-center gap-2">
        <span class="min-w-0 flex-1 break-words font-semibold" aria-hidden="true">
          <bdi>{props.label}</bdi>
          <Show when={props.required}>
            <span class="font-normal text-muted"> · {t('form.required')}</span>
          </Show>
        </span>
        {form.beside?.(props.field)}
        {props.tools}
      </div>
      <Show when={props.schema.description}>
        <p id={`${id}-hint`} class="text-meta break-words text-muted">
          {props.schema.description}
        </p>
      </Show>
      <div class="mt-1 border-l-2 border-hairline pl-3">{props.children}</div>
      <Default field={props.field} />
      <Show when={props.error}>
        <p id={`${id}-error`} tabindex="-1" data-form-error class="tone-failed mt-1 break-words whitespace-pre-line text-(--tone)">
          {props.error}
        </p>
      </Show>
    </fieldset>
  );
};
