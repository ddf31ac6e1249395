import { For, type JSX, Show } from 'solid-js';
import type { JobDefinition } from '#jobs/definition.ts';
import { targetWords } from '#jobs/target-words.ts';
import type { FieldProblem } from '../../../api/problem.ts';
import { Field, type FieldTies } from '../../../components/Field.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { problemsBelow } from '../../../form/problems.ts';
import { useNow, zone } from '../../../time/clock.ts';
import { momentsOf, wallAt } from '../../../time/zoned.ts';
import { t } from '../words.ts';
import type { RunOptions } from './options.ts';

interface OptionsProps {
  readonly definition: JobDefinition;
  readonly options: RunOptions;
  readonly problems: readonly FieldProblem[];
  readonly change: <K extends keyof RunOptions>(name: K, value: RunOptions[K]) => void;
}

const PRIORITIES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'] as const;
const USUAL_PRIORITY = 5;

const priorityWords = (priority: string): string => {
  if (priority === '1') return t('start.priority_1');
  return priority === '10' ? t('start.priority_10') : priority;
};

/** What a run is started with beside its parameters. */
export const RunOptionsFields = (props: OptionsProps) => {
  const now = useNow();
  const instants = () => (props.options.at === undefined ? [] : momentsOf(props.options.at, zone()));
  const field = (
    name: 'target' | 'priority' | 'at' | 'client' | 'ref_num' | 'message',
    control: (ties: () => FieldTies) => JSX.Element,
    hint?: () => string | undefined,
    more?: JSX.Element,
  ) => (
    <Field
      label={t(`start.${name}`)}
      hint={hint?.()}
      more={more}
      error={problemsBelow(props.problems, name === 'at' ? '/scheduled_for' : `/${name}`)}
    >
      {control}
    </Field>
  );
  const line =
    (name: 'target' | 'client' | 'ref_num' | 'message', most: number, placeholder = '') =>
    (ties: () => FieldTies) => (
      <input
        {...ties()}
        class="input"
        autocomplete="off"
        name={name}
        maxlength={most}
        placeholder={placeholder}
        value={props.options[name] ?? ''}
        onInput={(event) => props.change(name, event.currentTarget.value)}
      />
    );
  return (
    <div class="mt-2 flex flex-col gap-4">
      {field('target', line('target', 4000, targetWords(props.definition.target ?? '')), () => t('start.target_hint'))}
      <div class="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        {field(
          'at',
          (ties) => (
            <input
              {...ties()}
              class="input"
              type="datetime-local"
              name="at"
              min={wallAt(now(), zone())}
              value={props.options.at ?? ''}
              onInput={(event) => props.change('at', event.currentTarget.value)}
            />
          ),
          () => t('start.at_hint', zone()),
          <Show when={instants()[0]}>
            {(instant) => (
              <p class="text-meta text-muted">
                <Timestamp at={new Date(instant()).toISOString()} zone={props.definition.timezone ?? null} />
                {instants().length > 1 ? ` · ${t('start.at_twice')}` : ''}
              </p>
            )}
          </Show>,
        )}
        {field('priority', (ties) => (
          <select {...ties()} class="input" name="priority" onChange={(event) => props.change('priority', event.currentTarget.value)}>
            <option value="" selected={props.options.priority === undefined}>
              {t('start.priority_own', props.definition.priority ?? USUAL_PRIORITY)}
            </option>
            <For each={PRIORITIES}>
              {(one) => (
                <option value={one} selected={props.options.priority === one}>
                  {priorityWords(one)}
                </option>
              )}
            </For>
          </select>
        ))}
        {field('client', line('client', 200))}
        {field('ref_num', line('ref_num', 200))}
      </div>
      {field('message', line('message', 1000))}
      <Steps definition={props.definition} chosen={props.options.steps ?? []} change={(steps) => props.change('steps', steps)} />
    </div>
  );
};

const Steps = (props: { definition: JobDefinition; chosen: readonly string[]; change: (steps: readonly string[]) => void }) => {
  const ids = () => props.definition.steps.map(({ id }) => id);
  const toggle = (id: string, on: boolean) => props.change(ids().filter((one) => (one === id ? on : props.chosen.includes(one))));
  return (
    <Show when={ids().length > 1}>
      <fieldset>
        <legend class="font-semibold">{t('start.steps')}</legend>
        <p class="text-meta text-muted">
          {props.chosen.length > 0 ? t('start.steps_some', props.chosen.length, ids().length) : t('start.steps_hint')}
        </p>
        <div class="mt-1 flex max-h-48 flex-wrap gap-x-4 gap-y-1 overflow-y-auto">
          <For each={ids()}>
            {(id) => (
              <label class="flex min-h-6 items-center gap-2">
                <input
                  type="checkbox"
                  class="size-4 accent-accent"
                  checked={props.chosen.includes(id)}
                  onChange={(event) => toggle(id, event.currentTarget.checked)}
                />
                {id}
              </label>
            )}
          </For>
        </div>
      </fieldset>
    </Show>
  );
};
