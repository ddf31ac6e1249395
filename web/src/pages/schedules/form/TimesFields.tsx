import X from 'lucide-solid/icons/x';
import { For, Index, Match, Show, Switch } from 'solid-js';
import { FOLD_POLICIES, GAP_POLICIES } from '#jobs/schedules/definition.ts';
import { SCHEDULE_KINDS } from '#jobs/schedules/schema.ts';
import type { FieldProblem } from '../../../api/problem.ts';
import { Field } from '../../../components/Field.tsx';
import { IconButton } from '../../../components/IconButton.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { ZonePicker } from '../../../components/ZonePicker.tsx';
import { t as shared } from '../words.ts';
import { CALENDAR_FIELDS, type CalendarField, type Draft, NO_TIMES } from './draft.ts';
import { errorAt } from './field-errors.ts';
import { SelectField } from './SelectField.tsx';
import { t } from './words.ts';

const OFTEN = [
  { words: 'often.nightly', cron: '30 2 * * *' },
  { words: 'often.weekdays', cron: '0 7 * * mon-fri' },
  { words: 'often.quarter', cron: '*/15 * * * *' },
  { words: 'often.monthly', cron: '0 6 1 * *' },
] as const;

interface FieldsProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly problems: readonly FieldProblem[];
}

/** When a schedule starts something: one of five ways to say it, by whose clocks, and what becomes of times on days when those change. */
export const TimesFields = (props: FieldsProps) => (
  <fieldset class="flex flex-col gap-4">
    <legend class="mb-3 text-section font-semibold">{t('form.when')}</legend>
    <SelectField
      label={t('form.kind')}
      value={props.draft.kind}
      options={SCHEDULE_KINDS.map((kind) => ({ value: kind, words: t(`kind.${kind}`) }))}
      change={(kind) => props.change({ kind })}
    />
    <Switch>
      <Match when={props.draft.kind === 'cron'}>
        <CronField {...props} />
      </Match>
      <Match when={props.draft.kind === 'calendar'}>
        <CalendarRules {...props} />
      </Match>
      <Match when={props.draft.kind === 'every'}>
        <TextField
          label={t('form.every')}
          hint={t('form.every_hint')}
          error={errorAt(props.problems, '/every')}
          value={props.draft.every}
          change={(every) => props.change({ every })}
        />
        <TextField
          label={t('form.anchor')}
          hint={t('form.anchor_hint')}
          error={errorAt(props.problems, '/anchor')}
          value={props.draft.anchor}
          change={(anchor) => props.change({ anchor })}
        />
      </Match>
      <Match when={props.draft.kind === 'every_days'}>
        <div class="grid gap-4 md:grid-cols-3">
          <TextField
            label={t('form.every_days')}
            error={errorAt(props.problems, '/every_days')}
            value={props.draft.every_days}
            change={(every_days) => props.change({ every_days })}
          />
          <TextField
            label={t('form.at')}
            type="time"
            error={errorAt(props.problems, '/at')}
            value={props.draft.at}
            change={(at) => props.change({ at })}
          />
          <TextField
            label={t('form.from')}
            type="date"
            error={errorAt(props.problems, '/from')}
            value={props.draft.from}
            change={(from) => props.change({ from })}
          />
        </div>
      </Match>
      <Match when={props.draft.kind === 'scheduled_for'}>
        <TextField
          label={t('form.scheduled_for')}
          hint={t('form.scheduled_for_hint')}
          error={errorAt(props.problems, '/scheduled_for')}
          // A moment with its offset is no value of a field for dates and times.
          type={/(Z|[+-]\d\d:\d\d)$/.test(props.draft.scheduled_for) ? 'text' : 'datetime-local'}
          value={props.draft.scheduled_for}
          change={(scheduled_for) => props.change({ scheduled_for })}
        />
      </Match>
    </Switch>
    <Field label={t('form.zone')} hint={t('form.zone_hint')} error={errorAt(props.problems, '/timezone')}>
      {(ties) => <ZonePicker ties={ties()} value={props.draft.timezone} onChange={(timezone) => props.change({ timezone })} />}
    </Field>
    <Show when={props.draft.kind !== 'every'}>
      <div class="grid items-end gap-4 md:grid-cols-2">
        <SelectField
          label={t('form.gap')}
          error={errorAt(props.problems, '/dst/gap')}
          value={props.draft.gap}
          options={GAP_POLICIES.toReversed().map((gap) => ({ value: gap, words: shared(`gap.${gap}`) }))}
          change={(gap) => props.change({ gap })}
        />
        <SelectField
          label={t('form.fold')}
          error={errorAt(props.problems, '/dst/fold', '/dst')}
          value={props.draft.fold}
          options={FOLD_POLICIES.map((fold) => ({ value: fold, words: shared(`fold.${fold}`) }))}
          change={(fold) => props.change({ fold })}
        />
      </div>
    </Show>
  </fieldset>
);

const CronField = (props: FieldsProps) => (
  <div class="flex flex-col gap-2">
    <TextField
      label={t('form.cron')}
      hint={t('form.cron_hint')}
      error={errorAt(props.problems, '/cron')}
      mono
      value={props.draft.cron}
      change={(cron) => props.change({ cron })}
    />
    <p class="flex flex-wrap items-center gap-x-3 gap-y-1 text-meta">
      <span class="text-muted">{t('form.often')}</span>
      <For each={OFTEN}>
        {({ words, cron }) => (
          <button type="button" class="link min-h-6" onClick={() => props.change({ cron })}>
            {t(words)}
          </button>
        )}
      </For>
    </p>
  </div>
);

const CalendarRules = (props: FieldsProps) => {
  const change = (at: number, field: CalendarField, value: string) =>
    props.change({ calendar: props.draft.calendar.map((one, index) => (index === at ? { ...one, [field]: value } : one)) });
  const isList = () => props.draft.calendar.length > 1;
  const pointer = (at: number) => (isList() ? `/calendar/${at}` : '/calendar');
  return (
    <div class="flex flex-col gap-3">
      <Index each={props.draft.calendar}>
        {(rule, at) => (
          <fieldset class="rounded-control border border-hairline p-3">
            <legend class="flex items-center gap-1 px-1 font-semibold">
              {t('form.calendar', at + 1)}
              <Show when={isList()}>
                <IconButton
                  class="-my-1"
                  label={t('form.calendar_remove', at + 1)}
                  press={() => props.change({ calendar: props.draft.calendar.filter((_, index) => index !== at) })}
                >
                  <X size={16} />
                </IconButton>
              </Show>
            </legend>
            <div class="grid gap-3 md:grid-cols-2">
              <For each={CALENDAR_FIELDS}>
                {(field) => (
                  <TextField
                    label={t(`calendar.${field}`)}
                    hint={t(`calendar.${field}_hint`)}
                    error={errorAt(props.problems, `${pointer(at)}/${field}`)}
                    value={rule()[field]}
                    change={(value) => change(at, field, value)}
                  />
                )}
              </For>
            </div>
            <Show when={props.problems.find((one) => one.pointer === pointer(at))}>
              {(problem) => <p class="tone-failed mt-2 break-words text-(--tone)">{problem().message}</p>}
            </Show>
          </fieldset>
        )}
      </Index>
      <button type="button" class="button self-start" onClick={() => props.change({ calendar: [...props.draft.calendar, NO_TIMES] })}>
        {t('form.calendar_add')}
      </button>
    </div>
  );
};
