import { type JSX, Show } from 'solid-js';
import { RUN_STATUSES, STATUS_LOOK } from '#jobs/run-state.ts';
import { SCHEDULE_STATES } from '#jobs/schedules/fire-state.ts';
import { ZonePicker } from '../../components/ZonePicker.tsx';
import { conditionsOf, SCHEDULES, type ScheduleFilter, SORTS } from './filter.ts';
import { t } from './words.ts';

interface FilterProps {
  readonly filter: ScheduleFilter;
  /** `typing`: more of the same is to come, which makes no further history entry. */
  readonly change: (part: Partial<ScheduleFilter>, how?: 'typing') => void;
}

const SORT_WORDS = { name: 'schedules.sort_name', next_at: 'schedules.sort_next', '-last_fire_at': 'schedules.sort_last' } as const;

/** Narrows the list of schedules; each condition stands in the address. */
export const SchedulesFilter = (props: FilterProps) => {
  const set = (name: keyof ScheduleFilter, value: string, how?: 'typing') => props.change({ [name]: value }, how);
  const labelled = (label: string, width: string, control: JSX.Element) => (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the label's child, handed in.
    <label class={`flex flex-col gap-1 ${width}`}>
      <span class="text-meta text-muted">{label}</span>
      {control}
    </label>
  );
  const choice = (name: keyof ScheduleFilter, options: readonly (readonly [string, string])[], none: string | null) => (
    <select class="input" value={props.filter[name]} onChange={(event) => set(name, event.currentTarget.value)}>
      {none === null ? null : <option value="">{none}</option>}
      {options.map(([value, words]) => (
        <option value={value} selected={props.filter[name] === value}>
          {words}
        </option>
      ))}
    </select>
  );
  const text = (name: keyof ScheduleFilter) => (
    <input class="input" maxlength={200} value={props.filter[name]} onInput={(event) => set(name, event.currentTarget.value, 'typing')} />
  );
  return (
    <search class="mt-4 flex flex-wrap items-end gap-3 max-md:*:w-[calc(50%-6px)]">
      {labelled(
        t('schedules.find'),
        'w-48',
        <input
          type="search"
          class="input"
          data-filter=""
          maxlength={200}
          value={props.filter.q}
          onInput={(event) => set('q', event.currentTarget.value, 'typing')}
        />,
      )}
      {labelled(
        t('column.state'),
        'w-36',
        choice(
          'state',
          SCHEDULE_STATES.map((state) => [state, t(`state.${state}`)]),
          t('schedules.any'),
        ),
      )}
      {labelled(
        t('column.last'),
        'w-36',
        choice(
          'last_status',
          RUN_STATUSES.map((status) => [status, STATUS_LOOK[status].word]),
          t('schedules.any'),
        ),
      )}
      <div class="flex w-52 flex-col gap-1">
        <span class="text-meta text-muted" aria-hidden="true">
          {t('column.zone')}
        </span>
        <ZonePicker
          label={t('column.zone')}
          placeholder={t('schedules.any')}
          value={props.filter.timezone}
          onChange={(zone) => set('timezone', zone)}
        />
      </div>
      <Show when={props.filter.job !== ''}>{labelled(t('column.job'), 'w-40', text('job'))}</Show>
      <Show when={props.filter.calendar !== ''}>{labelled(t('schedule.calendars'), 'w-40', text('calendar'))}</Show>
      <Show when={props.filter.client !== ''}>{labelled(t('schedule.client'), 'w-40', text('client'))}</Show>
      {labelled(
        t('schedules.sort'),
        'w-44',
        choice(
          'sort',
          SORTS.map((sort) => [sort, t(SORT_WORDS[sort])]),
          null,
        ),
      )}
      <Show when={conditionsOf(props.filter).length > 0}>
        <button type="button" class="button" onClick={() => props.change(SCHEDULES.absent)}>
          {t('schedules.clear')}
        </button>
      </Show>
    </search>
  );
};
