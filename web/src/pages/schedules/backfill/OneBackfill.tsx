import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import { send } from '../../../api/client.ts';
import { useInfiniteQuery, useQuery } from '../../../api/use-query.ts';
import { ActionButton } from '../../../components/ActionButton.tsx';
import { Confirm } from '../../../components/Confirm.tsx';
import { Fetched, isLoaded } from '../../../components/Fetched.tsx';
import { PlainText } from '../../../components/PlainText.tsx';
import { StatusBadge } from '../../../components/StatusBadge.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { toast } from '../../../components/Toasts.tsx';
import type { VirtualColumn } from '../../../components/VirtualTable.tsx';
import { useSession } from '../../../session/session.tsx';
import { wallWords } from '../../../time/wall.ts';
import { Line } from '../Line.tsx';
import { LongList } from '../LongList.tsx';
import { backfillFiresQuery, backfillQuery, scheduleAt, scheduleHref } from '../queries.ts';
import type { BackfillFireView, ScheduleView } from '../views.ts';
import { t as shared } from '../words.ts';
import { BackfillProgress, BackfillState } from './BackfillState.tsx';
import { t } from './words.ts';

const COLUMNS: readonly VirtualColumn<BackfillFireView>[] = [
  {
    id: 'moment',
    head: t('backfill.moment'),
    width: 232,
    cell: (fire) => (
      <time datetime={fire.nominal_at} title={fire.nominal_at}>
        {wallWords(fire.local_time)} <span class="text-muted">{fire.local_time.slice(19)}</span>
      </time>
    ),
  },
  {
    id: 'outcome',
    head: t('backfill.outcome'),
    width: 168,
    cell: (fire, tab) => (
      <Show when={fire.run} fallback={<span class="text-muted">{t(`fire.${fire.status}`)}</span>}>
        {(run) => (
          <A class="link" href={`/runs/${run()}`} tabindex={tab()}>
            <Show when={fire.run_status} fallback={t(`fire.${fire.status}`)}>
              {(status) => <StatusBadge status={status()} />}
            </Show>
          </A>
        )}
      </Show>
    ),
  },
  {
    id: 'why',
    head: t('backfill.why'),
    width: 240,
    grow: 1,
    cell: (fire) => <Show when={fire.error}>{(why) => <Line text={why()} />}</Show>,
  },
];

/** How far a backfill is and what became of each of its moments; what has not begun can be kept from it. */
export const OneBackfill = (props: { schedule: ScheduleView; id: string }) => {
  const session = useSession();
  const queries = useQueryClient();
  const backfill = useQuery(() => backfillQuery(props.schedule.name, props.id));
  const isOver = () => isLoaded(backfill) && backfill.data?.status !== 'running' && backfill.data?.active === 0;
  const fires = useInfiniteQuery(() => backfillFiresQuery(props.schedule.name, props.id, isOver()));
  const [aborting, setAborting] = createSignal(false);
  const abort = async (key: string) => {
    await send('POST', `${scheduleAt(props.schedule.name)}/backfills/${props.id}/cancel`, {}, key);
    void queries.invalidateQueries({ queryKey: ['schedules'] });
    toast({ says: t('backfill.aborted') });
  };
  return (
    <Fetched query={backfill} skeleton="h-64">
      {(one) => (
        <>
          <div class="mb-4 flex flex-wrap items-start gap-x-8 gap-y-3">
            <A class="link basis-full" href={scheduleHref(props.schedule.name, 'backfills')}>
              ← {t('backfill.back')}
            </A>
            <div class="flex flex-col gap-1">
              <h2 class="text-section font-semibold">
                <Timestamp at={one().from} zone={props.schedule.timezone} /> – <Timestamp at={one().to} zone={props.schedule.timezone} />
              </h2>
              <span class="flex flex-wrap gap-x-3 text-muted">
                <BackfillState backfill={one()} />
                <span>{t(`reprocess.${one().reprocess}`)}</span>
                <span>{one().actor}</span>
                <Show when={one().note}>{(note) => <PlainText text={note()} first={200} />}</Show>
              </span>
            </div>
            <div class="min-w-64" role="status">
              <BackfillProgress backfill={one()} />
              <span class="text-meta text-muted">{t('backfill.counts', one().active, one().failed, one().refused)}</span>
            </div>
            <Show when={one().status === 'running'}>
              <ActionButton
                words={t('backfill.abort')}
                look="danger"
                run={() => setAborting(true)}
                lacks={session.may('run:cancel') ? undefined : 'run:cancel'}
              />
            </Show>
          </div>
          <Confirm
            open={aborting() && one().status === 'running'}
            title={t('backfill.abort_title')}
            effect={t('backfill.abort_effect', one().total - one().started - one().refused)}
            keep={t('backfill.abort_keep')}
            act={t('backfill.abort_act')}
            close={() => setAborting(false)}
            run={abort}
          />
          <Fetched query={fires} skeleton="h-64">
            {() => (
              <LongList
                caption={t('backfill.moments')}
                columns={COLUMNS}
                query={fires}
                place={`backfill ${props.id}`}
                keyOf={({ n }) => String(n)}
                lines="one"
                counted={(count, more) => shared('fires.shown', count, more)}
              />
            )}
          </Fetched>
        </>
      )}
    </Fetched>
  );
};
