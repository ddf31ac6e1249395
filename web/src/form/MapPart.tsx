import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { createMemo, createSignal, Show } from 'solid-js';
import type { Json } from '#jobs/json.ts';
import { pointerTo } from '#jobs/problem.ts';
import { Field } from '../components/Field.tsx';
import { IconButton } from '../components/IconButton.tsx';
import { Index, whenChanged } from '../solid.ts';
import { FormGroup } from './FormGroup.tsx';
import { FormPart, type KnownPartProps } from './FormPart.tsx';
import { blankOf, objectOf, resolvedIn } from './kind.ts';
import { problemsBeside } from './problems.ts';
import { useForm } from './settings.ts';
import { t } from './words.ts';

/** Entries drawn at first. */
const SHOWN = 50;

/** Entries by name within a form: each has a name of its own choosing and a value. */
export const MapPart = (props: KnownPartProps) => {
  const form = useForm();
  const isRequired = createMemo(() => props.required === true);
  const [shown, setShown] = createSignal(SHOWN);
  const names = () => Object.keys(objectOf(props.value));
  const drawn = () => names().slice(0, shown());
  const item = () =>
    resolvedIn(form.root(), typeof props.schema.additionalProperties === 'object' ? props.schema.additionalProperties : {});
  const error = () => problemsBeside(form.problems(), props.pointer, (key) => drawn().includes(key));
  let box: HTMLDivElement | undefined;
  const add = () => {
    let name = 'name';
    for (let count = 2; names().includes(name); count++) name = `name_${count}`;
    setShown((count) => Math.max(count, names().length + 1));
    props.change({ ...objectOf(props.value), [name]: blankOf(item()) });
    queueMicrotask(() => box?.lastElementChild?.querySelector('input')?.select());
  };
  const remove = (name: string) => {
    const { [name]: _, ...rest } = objectOf(props.value);
    props.change(Object.keys(rest).length === 0 && !isRequired() ? undefined : rest);
  };
  const put = (name: string, value: Json | undefined) => props.change({ ...objectOf(props.value), [name]: value ?? blankOf(item()) });
  /** The entry keeps its place under another name. */
  const rename = (name: string, to: string) =>
    props.change(Object.fromEntries(Object.entries(objectOf(props.value)).map(([key, value]) => [key === name ? to : key, value])));
  return (
    <FormGroup {...props} error={error()}>
      <div ref={box} class="flex flex-col gap-3">
        <Index each={drawn()}>
          {(name) => (
            <div class="grid grid-cols-[minmax(96px,1fr)_2fr_auto] items-start gap-2">
              <NameField name={name()} taken={(to) => to !== name() && names().includes(to)} rename={(to) => rename(name(), to)} />
              <FormPart
                schema={item()}
                pointer={pointerTo(props.pointer, name())}
                label={t('form.value')}
                value={objectOf(props.value)[name()]}
                change={(value) => put(name(), value)}
              />
              <IconButton class="mt-6" label={t('form.remove', name())} press={() => remove(name())}>
                <X size={16} />
              </IconButton>
            </div>
          )}
        </Index>
      </div>
      <div class="mt-2 flex flex-wrap gap-2">
        <Show when={names().length > shown()}>
          <button type="button" class="button" onClick={() => setShown((count) => count + SHOWN)}>
            {t('form.more_entries', names().length - shown())}
          </button>
        </Show>
        <button type="button" class="button" aria-label={t('form.add_to', props.label)} onClick={add}>
          <Plus size={16} />
          {t('form.add')}
        </button>
      </div>
    </FormGroup>
  );
};

/** The name of an entry; none, and one that another entry has, is not taken over, and says so. */
const NameField = (props: { name: string; taken: (name: string) => boolean; rename: (name: string) => void }) => {
  const [refused, setRefused] = createSignal<string>();
  // The row may become another entry's.
  whenChanged(
    () => props.name,
    () => setRefused(undefined),
    'later',
  );
  const error = () => (refused() === undefined ? undefined : t(refused() === '' ? 'form.key_needed' : 'form.key_taken'));
  return (
    <Field label={t('form.key')} error={error()}>
      {(ties) => (
        <input
          {...ties()}
          class="input"
          autocomplete="off"
          value={refused() ?? props.name}
          onChange={(event) => {
            const to = event.currentTarget.value;
            setRefused(to === '' || props.taken(to) ? to : undefined);
            if (refused() === undefined) props.rename(to);
          }}
        />
      )}
    </Field>
  );
};
