import { For, Show } from 'solid-js';
import { useInfiniteQuery, useQuery } from '../../../api/use-query.ts';
import { Fetched } from '../../../components/Fetched.tsx';
import { MoreButton } from '../../../components/MoreButton.tsx';
import { PlainText } from '../../../components/PlainText.tsx';
import { type Column, Table } from '../../../components/Table.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { pausesQuery, versionsQuery } from '../queries.ts';
import type { PastPause, ScheduleView, VersionView } from '../views.ts';
import { t } from '../words.ts';
import { changesOf } from './changes.ts';

const PAUSES: readonly Column<PastPause>[] = [
  { head: t('history.from'), cell: (pause) => <Timestamp at={pause.from} />, class: 'whitespace-nowrap' },
  {
    head: t('history.until'),
    cell: (pause) => (
      <Show when={pause.until} fallback={t('history.lasts')}>
        {(until) => <Timestamp at={until()} />}
      </Show>
    ),
    class: 'whitespace-nowrap',
  },
  { head: t('history.kind'), cell: (pause) => t(`held.${pause.kind}`) },
  {
    head: t('history.by'),
    cell: (pause) => (
      <>
        {pause.by}
        <Show when={pause.resumed_by}>{(who) => <span class="text-muted">, {t('history.resumed', who())}</span>}</Show>
      </>
    ),
  },
  {
    head: t('history.note'),
    cell: (pause) => <Show when={pause.note}>{(note) => <PlainText text={note()} first={300} />}</Show>,
  },
];

/** What a schedule was before, and when it was held. */
export const HistoryView = (props: { schedule: ScheduleView }) => {
  const versions = useInfiniteQuery(() => versionsQuery(props.schedule.name));
  const pauses = useQuery(() => pausesQuery(props.schedule.name));
  return (
    <div class="mt-6 flex flex-col gap-8">
      <section aria-labelledby="versions">
        <h2 id="versions" class="mb-2 text-section font-semibold">
          {t('history.versions')}
        </h2>
        <Fetched query={versions} skeleton="h-40">
          {(data) => {
            const all = () => data().pages.flatMap(({ items }) => items);
            const columns = (): readonly Column<VersionView>[] => [
              { head: t('history.version'), cell: ({ version }) => `v${version}` },
              { head: t('history.from'), cell: (one) => <Timestamp at={one.from_at} />, class: 'whitespace-nowrap' },
              { head: t('history.by'), cell: (one) => one.author },
              { head: t('history.meant'), cell: (one) => <span class="block max-w-column min-w-48">{one.words}</span> },
              {
                head: t('history.differs'),
                cell: (one) => {
                  const before = all().find(({ version }) => version === one.version - 1);
                  const changes = before && changesOf(before.definition, one.definition);
                  const otherwise = one.version === 1 ? t('history.first') : changes ? t('history.no_change') : '';
                  return (
                    <ul class="min-w-48">
                      <For each={changes ?? []} fallback={<li class="text-muted">{otherwise}</li>}>
                        {(says) => (
                          <li class="break-words">
                            <PlainText text={says} />
                          </li>
                        )}
                      </For>
                    </ul>
                  );
                },
              },
            ];
            return (
              <>
                <Table caption={t('history.caption')} columns={columns()} items={all()} />
                <MoreButton words={t('schedules.more')} query={versions} />
              </>
            );
          }}
        </Fetched>
      </section>
      <section aria-labelledby="pauses">
        <h2 id="pauses" class="mb-2 text-section font-semibold">
          {t('history.pauses')}
        </h2>
        <Fetched
          query={pauses}
          skeleton="h-24"
          isEmpty={({ items }) => items.length === 0}
          empty={<p class="text-muted">{t('history.no_pauses')}</p>}
        >
          {(data) => <Table caption={t('history.pauses_caption')} columns={PAUSES} items={data().items} />}
        </Fetched>
      </section>
    </div>
  );
};
