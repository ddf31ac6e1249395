import { createUniqueId, type JSX, type ParentProps, Show } from 'solid-js';
import type { JsonSchema } from '#jobs/json.ts';
import { describedBy, FieldError, FieldHint } from '../components/FieldNotes.tsx';
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
  const described = () => describedBy(id, props.schema.description, props.error);
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
      <FieldHint id={id} text={props.schema.description} />
      <div class="mt-1 border-l-2 border-hairline pl-3">{props.children}</div>
      <Default field={props.field} />
      <FieldError id={id} text={props.error} ofWhole />
    </fieldset>
  );
};
