import { createMemo, createSignal, For, Show } from 'solid-js';
import type { Json } from '#jobs/json.ts';
import { keysOf } from '#jobs/problem.ts';
import type { FieldTies } from '../components/Field.tsx';
import { isSame, kindOf, listOf } from './kind.ts';
import type { FieldChoices, FormField } from './settings.ts';
import { numberText, readNumber, shortText } from './texts.ts';
import { t } from './words.ts';

interface ControlProps {
  readonly field: FormField;
  readonly ties: FieldTies;
}

/** Values offered at once; of more the reader finds theirs by a part of it. */
const OFFERED = 500;

/** Asks for one of the values there are, once they are known; one that stands there already and is not among them is shown as such. */
export const ChoiceControl = (props: ControlProps & { items: readonly Json[] | undefined }) => {
  const [part, setPart] = createSignal('');
  const items = () => props.items ?? [];
  const at = createMemo(() => items().findIndex((one) => isSame(one, props.field.value)));
  const found = createMemo(() => {
    const all = items().map((one, index) => ({ words: shortText(one), index }));
    if (all.length <= OFFERED) return all;
    return all.filter(({ words, index }) => words.toLowerCase().includes(part().toLowerCase()) || index === at());
  });
  const offered = () => found().filter(({ index }, place) => place < OFFERED || index === at());
  const stray = () => (props.field.value !== undefined && props.field.value !== null && at() < 0 ? props.field.value : undefined);
  return (
    <>
      <Show when={items().length > OFFERED}>
        <input
          type="search"
          class="input mb-1"
          aria-label={t('form.find', keysOf(props.field.pointer).at(-1) ?? '')}
          placeholder={t('form.find_hint', items().length)}
          value={part()}
          onInput={(event) => setPart(event.currentTarget.value)}
        />
      </Show>
      <select
        {...props.ties}
        class="input"
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          if (chosen !== 'stray') props.field.change(chosen === '' ? undefined : items()[Number(chosen)]);
        }}
      >
        <option value="" selected={at() < 0 && stray() === undefined}>
          {t('form.unset')}
        </option>
        <Show when={stray() !== undefined}>
          <option value="stray" selected>
            {props.items ? t('form.not_offered', shortText(stray() ?? '')) : shortText(stray() ?? '')}
          </option>
        </Show>
        <For each={offered()}>
          {({ words, index }) => (
            <option value={index} selected={at() === index}>
              {words}
            </option>
          )}
        </For>
        <Show when={found().length > OFFERED}>
          <option disabled>{t('form.more_choices', found().length - OFFERED)}</option>
        </Show>
      </select>
    </>
  );
};

const YES_NO = [true, false] as const;

/** Asks yes or no where neither goes without saying. */
export const YesNoControl = (props: ControlProps) => (
  <select
    {...props.ties}
    class="input"
    onChange={(event) => {
      const chosen = event.currentTarget.value;
      props.field.change(chosen === '' ? undefined : chosen === 'true');
    }}
  >
    <option value="" selected={typeof props.field.value !== 'boolean'}>
      {t('form.unset')}
    </option>
    <For each={YES_NO}>
      {(one) => (
        <option value={String(one)} selected={props.field.value === one}>
          {one ? t('form.yes') : t('form.no')}
        </option>
      )}
    </For>
  </select>
);

/** Asks for one of the values that were found out, or, where the job allows it, for another. */
export const FoundControl = (props: ControlProps & { choices: FieldChoices }) => {
  const offered = () => props.choices.items ?? [];
  const read = (text: string): Json | undefined => {
    if (text === '') return undefined;
    return kindOf(props.field.schema) === 'number' ? readNumber(text) : text;
  };
  return (
    <>
      <Show
        when={props.choices.strict}
        fallback={
          <>
            <input
              {...props.ties}
              class="input"
              autocomplete="off"
              list={`${props.ties.id}-offered`}
              value={numberText(props.field.value)}
              onInput={(event) => props.field.change(read(event.currentTarget.value))}
            />
            <datalist id={`${props.ties.id}-offered`}>
              <For each={offered().slice(0, OFFERED)}>{(one) => <option value={numberText(one)} />}</For>
            </datalist>
          </>
        }
      >
        <ChoiceControl field={props.field} ties={props.ties} items={props.choices.items} />
      </Show>
      <Found choices={props.choices} />
    </>
  );
};

const Found = (props: { choices: FieldChoices }) => (
  <p class="flex min-h-6 flex-wrap items-center gap-x-2 text-meta text-muted" role="status">
    <Show
      when={props.choices.error}
      fallback={
        <Show
          when={props.choices.items}
          fallback={props.choices.waitsFor === undefined ? t('form.choices_loading') : t('form.choices_wait', props.choices.waitsFor)}
        >
          {(items) => (items().length === 0 ? t('form.choices_none') : t('form.choices_count', items().length))}
        </Show>
      }
    >
      {(why) => (
        <>
          <span class="min-w-0 break-words">{t('form.choices_failed', why())}</span>
          <button type="button" class="link min-h-6" onClick={() => props.choices.again()}>
            {t('form.choices_again')}
          </button>
        </>
      )}
    </Show>
  </p>
);

/** Asks which of a few values are in a list, in the order they are offered. */
export const ChecksControl = (props: { field: FormField; items: readonly Json[] }) => {
  const has = (one: Json) => listOf(props.field.value).some((value) => isSame(value, one));
  const toggle = (one: Json, on: boolean) => {
    const others = listOf(props.field.value).filter((value) => !props.items.some((item) => isSame(item, value)));
    props.field.change([...props.items.filter((item) => (isSame(item, one) ? on : has(item))), ...others]);
  };
  return (
    <div class="flex flex-wrap gap-x-4 gap-y-1">
      <For each={props.items}>
        {(one) => (
          <label class="flex min-h-6 items-center gap-2">
            <input
              type="checkbox"
              class="size-4 accent-accent"
              checked={has(one)}
              onChange={(event) => toggle(one, event.currentTarget.checked)}
            />
            {shortText(one)}
          </label>
        )}
      </For>
    </div>
  );
};
