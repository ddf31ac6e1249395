import { createSignal, createUniqueId, For, type JSX, Match, onCleanup, Show, Switch } from 'solid-js';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import { StatusBadge } from '../../../components/StatusBadge.tsx';
import { ZonePicker } from '../../../components/ZonePicker.tsx';
import { createEffect } from '../../../solid.ts';
import { RUN_PRIORITIES, RUN_TRIGGERS, type RunsFilter } from '../../../url/runs-filter.ts';
import { t } from '../words.ts';
import { CHIP_KINDS, type ChipName } from './kinds.ts';
import { TimeForm } from './TimeForm.tsx';

interface ChipFormProps {
  readonly chip: ChipName;
  readonly filter: RunsFilter;
  readonly change: (part: Partial<RunsFilter>, how?: 'typing') => void;
  readonly done: () => void;
}

/** What a chip is filled in with. */
export const ChipForm = (props: ChipFormProps) => {
  const kind = () => CHIP_KINDS[props.chip];
  return (
    <Switch>
      <Match when={kind() === 'statuses'}>
        <Boxes
          list={RUN_STATUSES}
          chosen={props.filter.status}
          label={(status) => <StatusBadge status={status} />}
          change={(status) => props.change({ status })}
        />
      </Match>
      <Match when={kind() === 'triggers'}>
        <Boxes
          list={RUN_TRIGGERS}
          chosen={props.filter.trigger}
          label={(trigger) => t(`trigger.${trigger}`)}
          change={(trigger) => props.change({ trigger })}
        />
      </Match>
      <Match when={kind() === 'priorities'}>
        <Boxes
          list={RUN_PRIORITIES}
          chosen={props.filter.priority}
          label={(one) => one}
          change={(priority) => props.change({ priority })}
        />
      </Match>
      <Match when={kind() === 'time'}>
        <TimeForm filter={props.filter} change={props.change} done={props.done} />
      </Match>
      <Match when={kind() === 'zone'}>
        <div class="w-64">
          <ZonePicker
            label={t('filter.timezone')}
            value={props.filter.timezone}
            onChange={(timezone) => {
              props.change({ timezone });
              if (timezone !== '') props.done();
            }}
          />
        </div>
      </Match>
      <Match when={kind() === 'number'}>
        <TextForm
          label={t('filter.number')}
          value={String(props.filter.number ?? '')}
          refuse={(text) => (text === '' || /^#?[1-9]\d{0,14}$/.test(text) ? undefined : t('filter.bad_number'))}
          apply={(text) => {
            props.change({ number: text === '' ? null : Number(text.replace('#', '')) });
            props.done();
          }}
        />
      </Match>
      <Match when={kind() === 'text'}>
        <TextForm
          label={t(`filter.${props.chip}`)}
          hint={HINTS[props.chip]}
          value={String(props.filter[props.chip as 'job'])}
          typing={(text) => props.change({ [props.chip]: text }, 'typing')}
          apply={(text) => {
            props.change({ [props.chip]: text }, 'typing');
            props.done();
          }}
        />
      </Match>
    </Switch>
  );
};

const HINTS: { readonly [chip in ChipName]?: string } = {
  job: t('filter.job_hint'),
  tag: t('filter.tag_hint'),
  error: t('filter.error_hint'),
};

interface BoxesProps<W extends string> {
  readonly list: readonly W[];
  readonly chosen: readonly W[];
  readonly label: (word: W) => JSX.Element;
  readonly change: (chosen: readonly W[]) => void;
}

const Boxes = <W extends string>(props: BoxesProps<W>) => (
  <ul class="max-h-[60vh] min-w-44 overflow-y-auto">
    <For each={props.list}>
      {(word) => (
        <li>
          <label class="flex min-h-8 items-center gap-3 rounded-control px-2 hover:bg-bg2">
            <input
              type="checkbox"
              class="size-4 shrink-0 accent-accent"
              checked={props.chosen.includes(word)}
              onChange={(event) => {
                const on = event.currentTarget.checked;
                props.change(props.list.filter((one) => (one === word ? on : props.chosen.includes(one))));
              }}
            />
            {props.label(word)}
          </label>
        </li>
      )}
    </For>
  </ul>
);

/** What is typed is taken over once the reader pauses. */
const PAUSE_MS = 400;

interface TextFormProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value: string;
  readonly refuse?: (text: string) => string | undefined;
  readonly typing?: (text: string) => void;
  readonly apply: (text: string) => void;
}

const TextForm = (props: TextFormProps) => {
  const id = createUniqueId();
  const [error, setError] = createSignal<string>();
  let later: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(later));
  let input: HTMLInputElement | undefined;
  // What stands in the address comes into the field, but not under the hands of who types.
  createEffect(() => {
    const { value } = props;
    if (input && document.activeElement !== input) input.value = value;
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    clearTimeout(later);
    const text = String(new FormData(event.currentTarget as HTMLFormElement).get('text') ?? '').trim();
    setError(props.refuse?.(text));
    if (error() === undefined) props.apply(text);
  };
  return (
    <form class="w-64" novalidate onSubmit={submit}>
      <div class="flex gap-2">
        <input
          ref={input}
          class="input min-w-0 flex-1"
          name="text"
          aria-label={props.label}
          aria-describedby={`${id}-says`}
          aria-invalid={error() ? 'true' : undefined}
          maxlength={100}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => {
            const text = event.currentTarget.value.trim();
            clearTimeout(later);
            if (props.typing) later = setTimeout(() => props.typing?.(text), PAUSE_MS);
          }}
        />
        <button type="submit" class="button">
          {t('filter.apply')}
        </button>
      </div>
      <p
        id={`${id}-says`}
        class={error() ? 'tone-failed mt-1 text-(--tone)' : 'mt-1 text-meta text-muted'}
        role={error() ? 'alert' : undefined}
      >
        <Show when={error()} fallback={props.hint}>
          {error()}
        </Show>
      </p>
    </form>
  );
};
