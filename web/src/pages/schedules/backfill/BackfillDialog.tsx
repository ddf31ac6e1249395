import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, Show } from 'solid-js';
import { createStore } from 'solid-js/store';
import { send } from '../../../api/client.ts';
import { ApiProblem, type FieldProblem } from '../../../api/problem.ts';
import { ActionButton } from '../../../components/ActionButton.tsx';
import { Confirm } from '../../../components/Confirm.tsx';
import { Field } from '../../../components/Field.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { whenChanged } from '../../../solid.ts';
import { wallWords } from '../../../time/wall.ts';
import { wallAt } from '../../../time/zoned.ts';
import { MarkNote } from '../MarkNote.tsx';
import { markWords } from '../marks.ts';
import { scheduleAt } from '../queries.ts';
import type { BackfillView, DryRunView, ScheduleView } from '../views.ts';
import { t } from './words.ts';

const DAY_MS = 86_400_000;
const LISTED = 100;
const REPROCESS = ['missing', 'failed', 'all'] as const;
const ORDERS = ['oldest', 'newest'] as const;

interface BackfillDialogProps {
  readonly schedule: ScheduleView;
  readonly open: boolean;
  readonly lacks: string | undefined;
  readonly close: () => void;
  readonly begun: (id: string) => void;
}

/** Asks for a range of a schedule's past, shows exactly what would be started, and starts that list or nothing. */
export const BackfillDialog = (props: BackfillDialogProps) => {
  const queries = useQueryClient();
  const zone = () => props.schedule.timezone;
  const fresh = () => ({
    from: `${wallAt(Date.now() - 7 * DAY_MS, zone()).slice(0, 10)}T00:00`,
    to: wallAt(Date.now(), zone()),
    reprocess: 'missing' as string,
    max_active: '1',
    order: 'oldest' as string,
    ignore_calendars: false,
    note: '',
  });
  const [asked, setAsked] = createStore(fresh());
  const [plan, setPlan] = createSignal<DryRunView | null>(null);
  const [looking, setLooking] = createSignal(false);
  const [refusal, setRefusal] = createSignal<ApiProblem | Error | null>(null);
  whenChanged(
    () => props.open,
    () => {
      setAsked(fresh());
      setPlan(null);
      setRefusal(null);
    },
  );
  const change = (part: Partial<ReturnType<typeof fresh>>) => {
    setAsked(part);
    setPlan(null);
  };
  const body = () => ({
    from: asked.from,
    to: asked.to,
    reprocess: asked.reprocess,
    order: asked.order,
    max_active: /^\d+$/.test(asked.max_active) ? Number(asked.max_active) : asked.max_active,
    ignore_calendars: asked.ignore_calendars,
    note: asked.note.trim() || null,
  });
  /** What is asked for, as far as it decides on the list. */
  const asking = () => JSON.stringify([props.open, { ...body(), note: null }]);
  const at = () => `${scheduleAt(props.schedule.name)}/backfills`;
  const look = async () => {
    const range = asking();
    setLooking(true);
    setRefusal(null);
    try {
      const found = await send<DryRunView>('POST', at(), { ...body(), dry_run: true });
      // What was asked for meanwhile is another list.
      if (range === asking()) setPlan(found);
    } catch (error) {
      if (range === asking()) setRefusal(error as Error);
    } finally {
      setLooking(false);
    }
  };
  const run = async (key: string) => {
    try {
      const made = await send<BackfillView>('POST', at(), { ...body(), hash: plan()?.hash }, key);
      void queries.invalidateQueries({ queryKey: ['schedules'] });
      toast({ says: t('backfill.started') });
      props.begun(made.id);
    } catch (error) {
      if (!(error instanceof ApiProblem) || !error.type.includes('list-changed')) throw error;
      setPlan(null);
      throw new Error(t('backfill.changed'));
    }
  };
  const says = (problems: readonly FieldProblem[], pointer: string) => {
    const error = refusal();
    const all = error instanceof ApiProblem ? error.problems : problems;
    return all.find((one) => one.pointer === pointer)?.message;
  };
  const loose = () => {
    const error = refusal();
    return error instanceof ApiProblem && error.problems.length > 0 ? null : error?.message;
  };
  return (
    <Confirm
      open={props.open}
      wide
      title={t('backfill.title', props.schedule.name)}
      effect={t('backfill.effect')}
      keep={t('backfill.keep')}
      act={t('backfill.act', plan()?.total ?? 0)}
      look="main"
      lacks={props.lacks}
      barred={plan() === null ? t('backfill.dry_first') : plan()?.total === 0 ? t('backfill.would_none') : undefined}
      close={props.close}
      run={run}
    >
      {(problems) => (
        <>
          <div class="grid gap-4 md:grid-cols-2">
            <Field label={t('backfill.from', zone())} error={says(problems(), '/from')}>
              {(ties) => (
                <input
                  {...ties()}
                  type="datetime-local"
                  class="input"
                  value={asked.from}
                  onInput={(event) => change({ from: event.currentTarget.value })}
                />
              )}
            </Field>
            <Field label={t('backfill.to', zone())} error={says(problems(), '/to')}>
              {(ties) => (
                <input
                  {...ties()}
                  type="datetime-local"
                  class="input"
                  value={asked.to}
                  onInput={(event) => change({ to: event.currentTarget.value })}
                />
              )}
            </Field>
            <Field label={t('backfill.reprocess')} error={says(problems(), '/reprocess')}>
              {(ties) => (
                <select {...ties()} class="input" onChange={(event) => change({ reprocess: event.currentTarget.value })}>
                  <For each={REPROCESS}>
                    {(one) => (
                      <option value={one} selected={asked.reprocess === one}>
                        {t(`reprocess.${one}`)}
                      </option>
                    )}
                  </For>
                </select>
              )}
            </Field>
            <Field label={t('backfill.order')} error={says(problems(), '/order')}>
              {(ties) => (
                <select {...ties()} class="input" onChange={(event) => change({ order: event.currentTarget.value })}>
                  <For each={ORDERS}>
                    {(one) => (
                      <option value={one} selected={asked.order === one}>
                        {t(`order.${one}`)}
                      </option>
                    )}
                  </For>
                </select>
              )}
            </Field>
            <Field label={t('backfill.max_active')} error={says(problems(), '/max_active')}>
              {(ties) => (
                <input
                  {...ties()}
                  class="input"
                  inputmode="numeric"
                  value={asked.max_active}
                  onInput={(event) => change({ max_active: event.currentTarget.value })}
                />
              )}
            </Field>
            <Field label={t('backfill.note')} error={says(problems(), '/note')}>
              {(ties) => (
                <input
                  {...ties()}
                  class="input"
                  maxlength={1000}
                  value={asked.note}
                  onInput={(event) => setAsked('note', event.currentTarget.value)}
                />
              )}
            </Field>
          </div>
          <label class="flex min-h-6 items-center gap-2">
            <input
              type="checkbox"
              class="size-4 accent-accent"
              checked={asked.ignore_calendars}
              onChange={(event) => change({ ignore_calendars: event.currentTarget.checked })}
            />
            {t('backfill.ignore_calendars')}
          </label>
          <div class="flex min-h-8 flex-wrap items-center gap-3">
            <ActionButton words={t('backfill.dry')} busyWords={t('backfill.looking')} busy={looking()} run={() => void look()} />
            <p role="status">
              <Show when={plan()}>{(found) => t('backfill.would', found().total)}</Show>
            </p>
          </div>
          <Show when={loose()}>
            {(why) => (
              <p role="alert" class="rounded-control bg-failure px-3 py-2 break-words">
                {why()}
              </p>
            )}
          </Show>
          <Show when={(plan()?.total ?? 0) > 0 && plan()}>{(found) => <DryRun plan={found()} schedule={props.schedule} />}</Show>
        </>
      )}
    </Confirm>
  );
};

const DryRun = (props: { plan: DryRunView; schedule: ScheduleView }) => (
  <div>
    <div
      class="max-h-48 overflow-y-auto rounded-control border border-hairline px-3 py-2"
      tabindex="0"
      role="region"
      aria-label={t('backfill.list')}
    >
      <ol class="text-table">
        <For each={props.plan.fires.slice(0, LISTED)}>
          {(fire) => (
            <li class="flex flex-wrap gap-x-3">
              <time datetime={fire.nominal_at} title={fire.nominal_at} class="whitespace-nowrap">
                {wallWords(fire.local_time)} <span class="text-muted">{fire.local_time.slice(19)}</span>
              </time>
              <For each={fire.marks}>
                {(mark) => <MarkNote words={markWords(mark, fire.wall, props.schedule.definition.dst ?? null)} />}
              </For>
              <Show when={fire.earlier_run}>
                <span class="text-muted">{t('backfill.repeats')}</span>
              </Show>
            </li>
          )}
        </For>
      </ol>
    </div>
    <Show when={props.plan.total > LISTED}>
      <p class="mt-1 text-meta text-muted">{t('backfill.listed', LISTED, props.plan.total)}</p>
    </Show>
  </div>
);
