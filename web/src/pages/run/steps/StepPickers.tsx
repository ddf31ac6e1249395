import { createMemo, createSignal, For, Show } from 'solid-js';
import { STATUS_LOOK } from '#jobs/run-state.ts';
import { short } from '../../../components/visible.ts';
import { hasParts, type StepRow } from '../rows.ts';
import { isProblem, matches } from '../timeline/entries.ts';
import { t } from './words.ts';

/** Choices that are drawn at once; of more, those that a person may have to look at come first, and the others are found by typing. */
const MOST_CHOICES = 200;
const LONGEST_NAME = 80;

interface StepPickersProps {
  readonly rows: readonly StepRow[];
  readonly chosen: StepRow | undefined;
  readonly open: (key: string) => void;
  /** A step in parts can be chosen as a whole too. */
  readonly wholes?: boolean;
}

/** Chooses a step, and of one in parts its host or item, whatever their number. */
export const StepPickers = (props: StepPickersProps) => {
  const wholes = createMemo(() => props.rows.filter(({ isPart }) => !isPart));
  const whole = createMemo(() => wholes().find(({ key }) => key === (props.chosen?.step?.parent_key ?? props.chosen?.key)));
  const parts = createMemo(() => partsOf(props.rows, whole()));
  return (
    <>
      <Picker label={t('steps.pick')} rows={wholes()} chosen={whole()} open={props.open} />
      <Show when={parts().length > 0}>
        <Picker
          label={t(parts()[0]?.step?.target == null ? 'steps.pick_part' : 'steps.pick_host')}
          rows={parts()}
          chosen={props.chosen?.isPart ? props.chosen : undefined}
          open={props.open}
          all={props.wholes ? whole()?.key : undefined}
        />
      </Show>
    </>
  );
};

/** The parts of a step among all rows. */
export const partsOf = (rows: readonly StepRow[], whole: StepRow | undefined): readonly StepRow[] =>
  whole?.step && hasParts(whole.step) ? rows.filter(({ isPart, step }) => isPart && step?.parent_key === whole.key) : [];

interface PickerProps {
  readonly label: string;
  readonly rows: readonly StepRow[];
  readonly chosen: StepRow | undefined;
  readonly open: (key: string) => void;
  /** What stands for all of them. */
  readonly all?: string | undefined;
}

const Picker = (props: PickerProps) => {
  const [words, setWords] = createSignal('');
  const isLong = () => props.rows.length > MOST_CHOICES;
  const found = createMemo(() => {
    if (!isLong()) return props.rows;
    const typed = words().trim().toLowerCase();
    return typed === ''
      ? props.rows.toSorted((one, other) => Number(isProblem(other)) - Number(isProblem(one)))
      : props.rows.filter((row) => matches(row, typed));
  });
  const choices = createMemo(() => {
    const first = found().slice(0, MOST_CHOICES);
    return props.chosen && !first.includes(props.chosen) ? [props.chosen, ...first] : first;
  });
  return (
    <div class="flex min-w-0 flex-wrap items-center gap-2">
      <label class="flex min-w-0 items-center gap-2">
        <span class="text-muted">{props.label}</span>
        <select class="input w-auto max-w-72" onChange={(event) => props.open(event.currentTarget.value)}>
          <Show when={props.all}>
            {(key) => (
              <option value={key()} selected={props.chosen === undefined}>
                {t('steps.pick_all', props.rows.length)}
              </option>
            )}
          </Show>
          <For each={choices()}>
            {(row) => (
              <option value={row.key} selected={row.key === props.chosen?.key}>
                {short(row.name, LONGEST_NAME)} · {STATUS_LOOK[row.status].word}
              </option>
            )}
          </For>
          <Show when={found().length > MOST_CHOICES}>
            <option disabled>{t('steps.pick_more', found().length - MOST_CHOICES)}</option>
          </Show>
        </select>
      </label>
      <Show when={isLong()}>
        <input
          type="search"
          class="input w-36"
          aria-label={t('steps.pick_find', props.label)}
          placeholder={t('steps.pick_hint')}
          maxlength={200}
          value={words()}
          onInput={(event) => setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            const [only] = found();
            if (event.key !== 'Enter' || event.isComposing || !only) return;
            event.preventDefault();
            props.open(only.key);
          }}
        />
        <span class="text-meta text-muted" role="status">
          {words().trim() === '' ? '' : t('steps.pick_found', found().length)}
        </span>
      </Show>
    </div>
  );
};
