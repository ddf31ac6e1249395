import { createMemo, Show } from 'solid-js';
import type { Json, JsonSchema } from '#jobs/json.ts';
import type { FieldProblem } from '../api/problem.ts';
import { Fields } from './FieldsPart.tsx';
import { FormPart } from './FormPart.tsx';
import { isSame, kindOf, resolvedIn } from './kind.ts';
import { problemsBeside } from './problems.ts';
import { FormContext, type FormSettings } from './settings.ts';

interface SchemaFormProps {
  /** What is asked for; an object's fields stand without a frame of their own. */
  readonly schema: JsonSchema;
  readonly value: Json | undefined;
  /** `undefined` when nothing is left of it. Objects and lists are replaced, never changed. */
  readonly onChange: (value: Json | undefined) => void;
  /** What is wrong, each at its place by JSON pointer. */
  readonly errors?: readonly FieldProblem[];
  /** The pointer of the value in what is sent, e.g. `/parameters`. */
  readonly at?: string;
  /** Holds the `$defs` that `$ref` names, where it is not the schema itself. */
  readonly root?: JsonSchema;
  /** How the value as a whole is called, where it is no object. */
  readonly label?: string;
  /** The values offered at a pointer, where they are not in the schema. */
  readonly choices?: FormSettings['choices'];
  /** What draws a control of its own in place of the usual one. */
  readonly instead?: FormSettings['instead'];
  /** What stands at the right of a field's label. */
  readonly beside?: FormSettings['beside'];
  /** Whether a field is not asked for now. */
  readonly hidden?: FormSettings['hidden'];
}

/** A form for whatever a JSON Schema describes, of native controls; each field carries its place as `data-pointer`. It keeps no value of its own, so secrets live only where the caller puts them. */
export const SchemaForm = (props: SchemaFormProps) => {
  const settings: FormSettings = {
    root: () => props.root ?? props.schema,
    problems: () => props.errors ?? [],
    choices: (pointer) => props.choices?.(pointer),
    instead: (field) => props.instead?.(field),
    beside: (field) => props.beside?.(field),
    hidden: (pointer) => props.hidden?.(pointer) ?? false,
  };
  const at = () => props.at ?? '';
  // Read again and found the same, it leaves the fields alone in which somebody types.
  const schema = createMemo(() => resolvedIn(settings.root(), props.schema), {}, { equals: isSame });
  const loose = () => problemsBeside(settings.problems(), at(), (key) => Object.hasOwn(schema().properties ?? {}, key));
  return (
    <FormContext.Provider value={settings}>
      <Show
        when={kindOf(schema()) === 'fields'}
        fallback={
          <FormPart
            schema={schema()}
            pointer={at()}
            label={props.label ?? schema().title ?? ''}
            value={props.value}
            change={props.onChange}
            required
          />
        }
      >
        <Fields schema={schema()} pointer={at()} value={props.value} change={props.onChange} />
        <Show when={loose()}>
          {(says) => (
            <p tabindex="-1" data-form-error class="tone-failed mt-4 break-words whitespace-pre-line text-(--tone)">
              {says()}
            </p>
          )}
        </Show>
      </Show>
    </FormContext.Provider>
  );
};
