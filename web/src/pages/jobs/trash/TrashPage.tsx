import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, Show } from 'solid-js';
import { send } from '../../../api/client.ts';
import { createKeys } from '../../../api/key-of.ts';
import { useInfiniteQuery } from '../../../api/use-query.ts';
import { ActionButton } from '../../../components/ActionButton.tsx';
import { Empty } from '../../../components/Empty.tsx';
import { Fetched } from '../../../components/Fetched.tsx';
import { MoreButton } from '../../../components/MoreButton.tsx';
import { type Column, Table } from '../../../components/Table.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { visible } from '../../../components/visible.ts';
import { Page } from '../../../frame/Page.tsx';
import { atMostEvery } from '../../../live/at-most-every.ts';
import { useTopic } from '../../../live/Live.tsx';
import { useSession } from '../../../session/session.tsx';
import { hrefOfJob } from '../list/columns.tsx';
import { trashQuery } from '../queries.ts';
import type { TrashedJob } from '../views.ts';
import { t } from '../words.ts';
import { PurgeJob } from './PurgeJob.tsx';

/** News makes the loaded pages be read again at most this often. */
const READ_MS = 2000;

/** Deleted jobs: back they go as they were, or for good. */
export const TrashPage = () => {
  const session = useSession();
  const queries = useQueryClient();
  const trash = useInfiniteQuery(() => trashQuery());
  const items = createMemo(() => trash.data?.pages.flatMap((page) => page.items) ?? []);
  const [restoring, setRestoring] = createSignal<string>();
  const [leaving, setLeaving] = createSignal<TrashedJob>();
  const [isAsking, setIsAsking] = createSignal(false);
  const keys = createKeys();
  const lacks = () => (session.may('job:edit') ? undefined : 'job:edit');
  const readAgain = () => queries.invalidateQueries({ queryKey: ['jobs'] });
  useTopic(
    () => 'jobs',
    atMostEvery(READ_MS, () => void trash.refetch({ cancelRefetch: false })),
  );
  const restore = async ({ id, name }: TrashedJob) => {
    setRestoring(id);
    try {
      await send('POST', `/jobs/trash/${id}/restore`, undefined, keys.of(id));
      keys.done(id);
      toast({ says: t('trash.restored', name), href: hrefOfJob(name), link: t('trash.open') });
    } catch (error) {
      toast({ says: (error as Error).message, failed: true });
    }
    setRestoring(undefined);
    await readAgain();
  };
  const columns: readonly Column<TrashedJob>[] = [
    {
      head: t('trash.name'),
      cell: (job) => (
        <span class="flex min-h-8 min-w-0 flex-col justify-center">
          <span class="font-semibold">{job.name}</span>
          <Show when={job.title}>{(title) => <bdi class="max-w-column break-words text-muted">{visible(title().slice(0, 200))}</bdi>}</Show>
        </span>
      ),
    },
    {
      head: t('trash.deleted'),
      cell: (job) => (
        <span class="flex min-h-8 items-center gap-2">
          <Timestamp at={job.deleted_at} /> <span class="text-muted">{job.updated_by}</span>
        </span>
      ),
      class: 'whitespace-nowrap',
    },
    {
      head: t('trash.until'),
      cell: (job) => (
        <span class="flex min-h-8 flex-col justify-center">
          <Timestamp at={job.restorable_until} />
          <Show when={job.has_runs}>
            <span class="text-meta text-muted">{t('trash.with_runs')}</span>
          </Show>
        </span>
      ),
    },
    {
      head: t('trash.restore'),
      quiet: true,
      class: 'whitespace-nowrap',
      cell: (job) => (
        <span class="flex justify-end gap-2">
          <ActionButton
            words={t('trash.restore')}
            hint={t('trash.restore_of', job.name)}
            busyWords={t('trash.restoring')}
            busy={restoring() === job.id}
            lacks={lacks()}
            run={() => void restore(job)}
          />
          <ActionButton
            words={t('trash.purge')}
            hint={t('trash.purge_of', job.name)}
            look="danger"
            lacks={lacks()}
            run={() => {
              setLeaving(job);
              setIsAsking(true);
            }}
          />
        </span>
      ),
    },
  ];
  return (
    <Page title={t('trash.title')} trail={[{ word: t('jobs.title'), href: '/jobs' }]}>
      <div class="mt-4">
        <Fetched query={trash} skeleton="h-40" isEmpty={() => items().length === 0} empty={<Empty says={t('trash.none')} />}>
          {() => (
            <>
              <Table caption={t('trash.caption')} columns={columns} items={items()} />
              <MoreButton words={t('trash.more')} query={trash} />
            </>
          )}
        </Fetched>
      </div>
      <Show when={leaving()}>
        {(job) => <PurgeJob job={job()} open={isAsking()} close={() => setIsAsking(false)} done={readAgain} lacks={lacks()} />}
      </Show>
    </Page>
  );
};
