import { createMemo, createSignal, For, Show } from 'solid-js';
import { keysOf, pointerTo } from '#jobs/problem.ts';
import { FormGroup } from './FormGroup.tsx';
import { FormPart, type KnownPartProps } from './FormPart.tsx';
import { fieldGroups, objectOf } from './kind.ts';
import { problemsBeside } from './problems.ts';
import { useForm } from './settings.ts';
import { t } from './words.ts';

/** Fields drawn at first; what is wrong is drawn wherever it stands. */
const SHOWN = 100;

type FieldsProps = Pick<KnownPartProps, 'schema' | 'pointer' | 'value' | 'change'>;

/** The fields of an object, under the headings their schemas name. */
export const Fields = (props: FieldsProps) => {
  const form = useForm();
  const properties = () => props.schema.properties ?? {};
  const [shown, setShown] = createSignal(SHOWN);
  const count = () => Object.keys(properties()).length;
  const groups = createMemo(() => {
    const all = fieldGroups(properties());
    if (count() <= shown()) return all;
    const wrong = new Set(form.problems().map(({ pointer }) => keysOf(pointer)[keysOf(props.pointer).length]));
    let at = 0;
    return all.map(({ heading, names }) => ({ heading, names: names.filter((name) => at++ < shown() || wrong.has(name)) }));
  });
  const put = (name: string, value: Parameters<typeof props.change>[0]) => {
    const { [name]: _, ...rest } = objectOf(props.value);
    if (value === undefined) return props.change(rest);
    // A field that stands there keeps its place.
    props.change(Object.hasOwn(objectOf(props.value), name) ? { ...objectOf(props.value), [name]: value } : { ...rest, [name]: value });
  };
  return (
    <div class="flex flex-col gap-4">
      <For each={groups()}>
        {({ heading, names }) => (
          <>
            <Show when={heading}>
              <h3 class="mt-2 border-b border-hairline pb-1 font-semibold text-muted">{heading}</h3>
            </Show>
            <For each={names}>
              {(name) => {
                const pointer = createMemo(() => pointerTo(props.pointer, name));
                // A field looks again when its own value has changed, not whenever its neighbour's has.
                const value = createMemo(() => objectOf(props.value)[name]);
                return (
                  <Show when={!form.hidden?.(pointer())}>
                    <FormPart
                      schema={properties()[name] ?? {}}
                      pointer={pointer()}
                      label={properties()[name]?.title ?? name}
                      value={value()}
                      change={(next) => put(name, next)}
                      required={props.schema.required?.includes(name) && properties()[name]?.default === undefined}
                    />
                  </Show>
                );
              }}
            </For>
          </>
        )}
      </For>
      <Show when={count() > shown()}>
        <button type="button" class="button self-start" onClick={() => setShown((now) => now + SHOWN)}>
          {t('form.more_fields', count() - shown())}
        </button>
      </Show>
    </div>
  );
};

/** An object within a form. */
export const FieldsPart = (props: KnownPartProps) => {
  const form = useForm();
  const error = () => problemsBeside(form.problems(), props.pointer, (key) => Object.hasOwn(props.schema.properties ?? {}, key));
  const isRequired = createMemo(() => props.required === true);
  // An object that may be left out is left out when its last field is.
  const change = (next: Parameters<typeof props.change>[0]) =>
    props.change(!isRequired() && Object.keys(objectOf(next)).length === 0 ? undefined : next);
  return (
    <FormGroup {...props} error={error()}>
      <Fields schema={props.schema} pointer={props.pointer} value={props.value} change={change} />
    </FormGroup>
  );
};
