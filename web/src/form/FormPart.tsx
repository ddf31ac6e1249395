import { createMemo, createUniqueId, type JSX, Match, Show, Switch } from 'solid-js';
import type { Json, JsonSchema } from '#jobs/json.ts';
import { Field, type FieldTies } from '../components/Field.tsx';
import { describedBy, FieldError, FieldHint } from '../components/FieldNotes.tsx';
import { ChecksControl, ChoiceControl, FoundControl, YesNoControl } from './ChoiceControls.tsx';
import { Default } from './Default.tsx';
import { FieldsPart } from './FieldsPart.tsx';
import { FormGroup } from './FormGroup.tsx';
import { kindOf, resolvedIn } from './kind.ts';
import { ListPart } from './ListPart.tsx';
import { MapPart } from './MapPart.tsx';
import { problemsBelow } from './problems.ts';
import { type FormField, useForm } from './settings.ts';
import { JsonControl, LineControl, LinesControl, NumberControl, SecretControl } from './TextControls.tsx';
import { shortText } from './texts.ts';
import { VariantsPart } from './VariantsPart.tsx';
import { rangeWords, t } from './words.ts';

/** What a part of a form is told: where it stands, what it is called and whether it may be left out. */
export interface FormPartProps {
  readonly schema: JsonSchema;
  readonly pointer: string;
  readonly label: string;
  readonly value: Json | undefined;
  readonly change: (value: Json | undefined) => void;
  readonly required?: boolean | undefined;
  /** Buttons for the place itself, e.g. to take an entry away. */
  readonly tools?: JSX.Element;
}

const GROUPS = ['fields', 'map', 'list', 'variants', 'checks'];

/** One value of any schema: a control for a plain one, a group of further parts for one that is made of others. */
export const FormPart = (props: FormPartProps) => {
  const form = useForm();
  const schema = createMemo(() => resolvedIn(form.root(), props.schema));
  const kind = createMemo(() => kindOf(schema()));
  const field: FormField = {
    get pointer() {
      return props.pointer;
    },
    get schema() {
      return schema();
    },
    get value() {
      return props.value;
    },
    change: (value) => props.change(value),
  };
  const choices = () => form.choices?.(props.pointer);
  const isGroup = () => GROUPS.includes(kind());
  const isOwn = createMemo(() => isGroup() && form.instead?.(field) !== undefined);
  return (
    <Show when={isGroup() && !isOwn()} fallback={<Single {...props} schema={schema()} field={field} />}>
      <Switch>
        <Match when={kind() === 'fields'}>
          <FieldsPart {...props} schema={schema()} field={field} />
        </Match>
        <Match when={kind() === 'map'}>
          <MapPart {...props} schema={schema()} field={field} />
        </Match>
        <Match when={kind() === 'variants'}>
          <VariantsPart {...props} schema={schema()} field={field} />
        </Match>
        <Match when={kind() === 'list' && choices()?.items === undefined}>
          <ListPart {...props} schema={schema()} field={field} />
        </Match>
        <Match when={true}>
          <FormGroup {...props} schema={schema()} field={field} error={problemsBelow(form.problems(), props.pointer)}>
            <ChecksControl field={field} items={choices()?.items ?? schema().items?.enum ?? []} />
          </FormGroup>
        </Match>
      </Switch>
    </Show>
  );
};

/** What a part is told once its schema is known: with its references followed, and the field it is. */
export interface KnownPartProps extends FormPartProps {
  readonly field: FormField;
}

const hintOf = (schema: JsonSchema): string | undefined => {
  const kind = kindOf(schema);
  const asJson = kind === 'json' ? t(schema.type === undefined ? 'form.any' : 'form.json') : undefined;
  const sealed = kind === 'secret' ? t('form.secret') : undefined;
  return [schema.description, rangeWords(schema), asJson, sealed].filter(Boolean).join(' · ') || undefined;
};

const Single = (props: KnownPartProps) => {
  const form = useForm();
  const error = () => problemsBelow(form.problems(), props.pointer);
  const isTick = () => kindOf(props.schema) === 'switch' && typeof props.schema.default === 'boolean';
  return (
    <div data-pointer={props.pointer}>
      <Show when={isTick() && form.instead?.(props.field) === undefined} fallback={<Labelled {...props} error={error()} />}>
        <Tick {...props} error={error()} />
      </Show>
    </div>
  );
};

const Labelled = (props: KnownPartProps & { error: string | undefined }) => {
  const form = useForm();
  return (
    <Field
      label={
        <>
          <bdi>{props.label}</bdi>
          <Show when={props.required}>
            <span class="font-normal text-muted"> · {t('form.required')}</span>
          </Show>
        </>
      }
      beside={
        <>
          {form.beside?.(props.field)}
          {props.tools}
        </>
      }
      hint={hintOf(props.schema)}
      more={<Default field={props.field} />}
      error={props.error}
    >
      {(ties) => <Control field={props.field} ties={ties()} />}
    </Field>
  );
};

const Control = (props: { field: FormField; ties: FieldTies }) => {
  const form = useForm();
  const kind = createMemo(() => kindOf(props.field.schema));
  const choices = () => form.choices?.(props.field.pointer);
  return (
    <Show
      when={form.instead?.(props.field)}
      fallback={
        <Switch fallback={<LineControl field={props.field} ties={props.ties} />}>
          <Match when={choices()}>{(found) => <FoundControl field={props.field} ties={props.ties} choices={found()} />}</Match>
          <Match when={kind() === 'secret'}>
            <SecretControl field={props.field} ties={props.ties} />
          </Match>
          <Match when={kind() === 'fixed'}>
            <output {...props.ties} class="font-mono text-table">
              {shortText(props.field.schema.const ?? null)}
            </output>
          </Match>
          <Match when={kind() === 'choice'}>
            <ChoiceControl field={props.field} ties={props.ties} items={props.field.schema.enum ?? []} />
          </Match>
          <Match when={kind() === 'switch'}>
            <YesNoControl field={props.field} ties={props.ties} />
          </Match>
          <Match when={kind() === 'number'}>
            <NumberControl field={props.field} ties={props.ties} />
          </Match>
          <Match when={kind() === 'lines'}>
            <LinesControl field={props.field} ties={props.ties} />
          </Match>
          <Match when={kind() === 'json'}>
            <JsonControl field={props.field} ties={props.ties} />
          </Match>
        </Switch>
      }
    >
      {(draw) => draw()(() => props.ties)}
    </Show>
  );
};

/** A yes or no that goes without saying until it is changed. */
const Tick = (props: KnownPartProps & { error: string | undefined }) => {
  const form = useForm();
  const id = createUniqueId();
  const isOn = () => (typeof props.value === 'boolean' ? props.value : props.schema.default === true);
  const described = () => describedBy(id, props.schema.description, props.error);
  return (
    <div class="flex flex-col gap-1">
      <div class="flex items-center gap-2">
        <label class="flex min-h-6 min-w-0 flex-1 items-center gap-2 font-semibold">
          <input
            type="checkbox"
            class="size-4 shrink-0 accent-accent"
            aria-invalid={props.error ? 'true' : undefined}
            aria-describedby={described()}
            checked={isOn()}
            onChange={(event) => props.change(event.currentTarget.checked)}
          />
          <bdi>{props.label}</bdi>
        </label>
        {form.beside?.(props.field)}
        {props.tools}
      </div>
      <FieldHint id={id} text={props.schema.description} />
      <FieldError id={id} text={props.error} />
    </div>
  );
};
