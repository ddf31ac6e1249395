import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { createMemo, createSignal, Show } from 'solid-js';
import type { Json } from '#jobs/json.ts';
import { pointerTo } from '#jobs/problem.ts';
import { IconButton } from '../components/IconButton.tsx';
import { Index } from '../solid.ts';
import { FormGroup } from './FormGroup.tsx';
import { FormPart, type KnownPartProps } from './FormPart.tsx';
import { blankOf, listOf, resolvedIn } from './kind.ts';
import { problemsBeside } from './problems.ts';
import { useForm } from './settings.ts';
import { t } from './words.ts';

/** Entries drawn at first; a list of thousands waits to be asked for more. */
const SHOWN = 50;

/** A list within a form: entries can be added, moved and taken away. */
export const ListPart = (props: KnownPartProps) => {
  const form = useForm();
  const [shown, setShown] = createSignal(SHOWN);
  let box: HTMLDivElement | undefined;
  const isRequired = createMemo(() => props.required === true);
  const entries = () => listOf(props.value);
  const item = () => resolvedIn(form.root(), props.schema.items ?? {});
  const error = () => problemsBeside(form.problems(), props.pointer, (key) => Number(key) < Math.min(shown(), entries().length));
  /** Why nothing can be added. */
  const full = () => {
    const { maxItems } = props.schema;
    return maxItems !== undefined && entries().length >= maxItems ? t('form.full', maxItems) : undefined;
  };
  const focusEntry = (at: number) =>
    queueMicrotask(() => box?.children[at]?.querySelector<HTMLElement>('input, select, textarea, button')?.focus());
  const add = () => {
    setShown((count) => Math.max(count, entries().length + 1));
    props.change([...entries(), blankOf(item())]);
    focusEntry(entries().length - 1);
  };
  const swap = (at: number, to: number) => {
    const list = [...entries()];
    [list[at], list[to]] = [list[to] ?? null, list[at] ?? null];
    props.change(list);
    focusEntry(to);
  };
  const remove = (at: number) => {
    const left = entries().filter((_, other) => other !== at);
    props.change(left.length === 0 && !isRequired() ? undefined : left);
    if (left.length > 0) focusEntry(Math.min(at, left.length - 1));
    else queueMicrotask(() => adder?.focus());
  };
  let adder: HTMLButtonElement | undefined;
  return (
    <FormGroup {...props} error={error()}>
      <div ref={box} class="flex flex-col gap-2">
        <Index each={entries().slice(0, shown())}>
          {(entry, at) => (
            <FormPart
              schema={item()}
              pointer={pointerTo(props.pointer, at)}
              label={t('form.entry', at + 1)}
              value={entry() as Json}
              change={(value) => props.change(entries().map((other, index) => (index === at ? (value ?? blankOf(item())) : other)))}
              tools={
                <Tools
                  label={t('form.entry', at + 1)}
                  up={at > 0 ? () => swap(at, at - 1) : undefined}
                  down={at < entries().length - 1 ? () => swap(at, at + 1) : undefined}
                  remove={() => remove(at)}
                />
              }
            />
          )}
        </Index>
      </div>
      <div class="mt-2 flex flex-wrap gap-2">
        <Show when={entries().length > shown()}>
          <button type="button" class="button" onClick={() => setShown((count) => count + SHOWN)}>
            {t('form.more_entries', entries().length - shown())}
          </button>
        </Show>
        <button
          ref={adder}
          type="button"
          class="button"
          aria-label={t('form.add_to', props.label)}
          aria-disabled={full() ? 'true' : undefined}
          title={full()}
          onClick={() => full() || add()}
        >
          <Plus size={16} />
          {t('form.add')}
        </button>
      </div>
    </FormGroup>
  );
};

const Tools = (props: { label: string; up: (() => void) | undefined; down: (() => void) | undefined; remove: () => void }) => (
  <span class="flex">
    <Show when={props.up}>
      {(up) => (
        <IconButton small label={t('form.up', props.label)} press={() => up()()}>
          <ArrowUp size={16} />
        </IconButton>
      )}
    </Show>
    <Show when={props.down}>
      {(down) => (
        <IconButton small label={t('form.down', props.label)} press={() => down()()}>
          <ArrowDown size={16} />
        </IconButton>
      )}
    </Show>
    <IconButton small label={t('form.remove', props.label)} press={() => props.remove()}>
      <X size={16} />
    </IconButton>
  </span>
);
