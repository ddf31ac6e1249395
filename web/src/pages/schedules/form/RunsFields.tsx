import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import { CALENDAR_USES, OVERLAP_POLICIES } from '#jobs/schedules/definition.ts';
import type { FieldProblem } from '../../../api/problem.ts';
import { useQuery } from '../../../api/use-query.ts';
import { Checkbox } from '../../../components/Checkbox.tsx';
import { CutNote } from '../../../components/CutNote.tsx';
import { isLoaded } from '../../../components/Fetched.tsx';
import { IconButton } from '../../../components/IconButton.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { calendarsQuery } from '../../calendars/queries.ts';
import { t as shared } from '../words.ts';
import type { Draft } from './draft.ts';
import { errorAt } from './field-errors.ts';
import { SelectField } from './SelectField.tsx';
import { t } from './words.ts';

interface FieldsProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly problems: readonly FieldProblem[];
}

/** Which calendars a schedule keeps to, and how. */
export const CalendarsFields = (props: FieldsProps) => {
  const calendars = useQuery(() => calendarsQuery());
  const known = () => calendars.data?.items ?? [];
  const unused = () => known().filter(({ name }) => !props.draft.calendars.some((one) => one.name === name));
  const set = (next: Draft['calendars']) => props.change({ calendars: next });
  return (
    <fieldset class="flex flex-col gap-2">
      <legend class="mb-1 font-semibold">{t('form.calendars')}</legend>
      <For each={props.draft.calendars}>
        {(one, at) => (
          <div class="flex items-end gap-2">
            <label class="min-w-0 flex-1">
              <span class="block truncate text-meta text-muted">{one.name}</span>
              <select
                class="input"
                aria-label={t('form.calendar_use', one.name)}
                aria-invalid={errorAt(props.problems, `/calendars/${at()}`) ? 'true' : undefined}
                onChange={(event) =>
                  set(
                    props.draft.calendars.map((other, index) =>
                      index === at() ? { ...other, use: event.currentTarget.value as (typeof CALENDAR_USES)[number] } : other,
                    ),
                  )
                }
              >
                <For each={CALENDAR_USES}>
                  {(use) => (
                    <option value={use} selected={one.use === use}>
                      {shared(`use.${use}`)} {one.name}
                    </option>
                  )}
                </For>
              </select>
            </label>
            <IconButton
              label={t('form.calendar_use_remove', one.name)}
              press={() => set(props.draft.calendars.filter((_, index) => index !== at()))}
            >
              <X size={16} />
            </IconButton>
          </div>
        )}
      </For>
      <Show when={errorAt(props.problems, '/calendars')}>{(says) => <p class="tone-failed break-words text-(--tone)">{says()}</p>}</Show>
      <Show
        when={unused().length > 0}
        fallback={
          <Show when={isLoaded(calendars) && known().length === 0}>
            <p class="text-muted">{t('form.calendars_none')}</p>
          </Show>
        }
      >
        <select
          class="input"
          aria-label={t('form.calendar_use_add')}
          onChange={(event) => {
            const name = event.currentTarget.value;
            event.currentTarget.value = '';
            if (name !== '') set([...props.draft.calendars, { name, use: 'block' }]);
          }}
        >
          <option value="">{t('form.calendar_use_add')}…</option>
          <For each={unused()}>{({ name }) => <option value={name}>{name}</option>}</For>
        </select>
        <CutNote of={{ items: known(), isCut: calendars.data?.isCut ?? false }} />
      </Show>
    </fieldset>
  );
};

/** How the runs of a schedule go: beside one another, late, spread, between which moments, and for whom. */
export const RunsFields = (props: FieldsProps) => (
  <fieldset class="flex flex-col gap-4">
    <legend class="mb-3 text-section font-semibold">{t('form.runs')}</legend>
    <SelectField
      label={t('form.overlap')}
      error={errorAt(props.problems, '/overlap')}
      value={props.draft.overlap}
      options={OVERLAP_POLICIES.map((overlap) => ({ value: overlap, words: shared(`overlap.${overlap}`) }))}
      change={(overlap) => props.change({ overlap })}
    />
    <div class="grid gap-4 md:grid-cols-2">
      <TextField
        label={t('form.catchup')}
        hint={t('form.catchup_hint')}
        error={errorAt(props.problems, '/catchup_window')}
        value={props.draft.catchup_window}
        change={(catchup_window) => props.change({ catchup_window })}
      />
      <TextField
        label={t('form.jitter')}
        hint={t('form.jitter_hint')}
        error={errorAt(props.problems, '/jitter')}
        value={props.draft.jitter}
        change={(jitter) => props.change({ jitter })}
      />
      <TextField
        label={t('form.start_at')}
        hint={t('form.instant_hint')}
        error={errorAt(props.problems, '/start_at')}
        value={props.draft.start_at}
        change={(start_at) => props.change({ start_at })}
      />
      <TextField
        label={t('form.end_at')}
        hint={t('form.instant_hint')}
        error={errorAt(props.problems, '/end_at')}
        value={props.draft.end_at}
        change={(end_at) => props.change({ end_at })}
      />
      <TextField
        label={t('form.target')}
        hint={t('form.target_hint')}
        error={errorAt(props.problems, '/target')}
        value={props.draft.target}
        change={(target) => props.change({ target })}
      />
      <TextField
        label={t('form.priority')}
        hint={t('form.priority_hint')}
        error={errorAt(props.problems, '/priority')}
        value={props.draft.priority}
        change={(priority) => props.change({ priority })}
      />
      <TextField
        label={t('form.client')}
        error={errorAt(props.problems, '/client')}
        value={props.draft.client}
        change={(client) => props.change({ client })}
      />
      <TextField
        label={t('form.version')}
        hint={t('form.version_hint')}
        error={errorAt(props.problems, '/version')}
        value={props.draft.version}
        change={(version) => props.change({ version })}
      />
    </div>
    <Checkbox
      label={t('form.pause_on_failure')}
      checked={props.draft.pause_on_failure}
      change={(pause_on_failure) => props.change({ pause_on_failure })}
    />
    <TextField
      label={t('form.note')}
      error={errorAt(props.problems, '/note')}
      maxlength={2000}
      value={props.draft.note}
      change={(note) => props.change({ note })}
    />
  </fieldset>
);
