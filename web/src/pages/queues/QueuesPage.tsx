import { useParams } from '@solidjs/router';
import { createMemo, createSignal, For, Show } from 'solid-js';
import { useQuery } from '../../api/use-query.ts';
import { Banner } from '../../components/Banner.tsx';
import { Checkbox } from '../../components/Checkbox.tsx';
import { CutNote } from '../../components/CutNote.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { Tabs } from '../../components/Tabs.tsx';
import { Page } from '../../frame/Page.tsx';
import { useTopic } from '../../live/Live.tsx';
import { useSession } from '../../session/session.tsx';
import { flag, searchState, text } from '../../url/search-state.ts';
import { useSearchState } from '../../url/use-search-state.ts';
import { NotFoundPage } from '../NotFoundPage.tsx';
import { HoldQueue } from './HoldQueue.tsx';
import { QueueDay } from './QueueDay.tsx';
import { queuesQuery } from './queries.ts';
import { SharesView } from './SharesView.tsx';
import type { QueueView } from './views.ts';
import { t } from './words.ts';
import { ZoneCard } from './ZoneCard.tsx';

const TABS = [
  { id: 'list', word: t('queues.list'), href: '/queues' },
  { id: 'shares', word: t('queues.shares'), href: '/queues/shares' },
] as const;

const STATE = searchState<{ queue: string; idle: boolean }>({ queue: text(200), idle: flag() });

/** Where steps wait until a worker takes them, a card a zone. */
export const QueuesPage = () => {
  const params = useParams<{ view?: string }>();
  const isShares = () => params.view === 'shares';
  return (
    <Show when={params.view === undefined || isShares()} fallback={<NotFoundPage />}>
      <Page title={t('queues.title')}>
        <div class="mt-3">
          <Tabs label={t('queues.views')} tabs={TABS} current={isShares() ? 'shares' : 'list'} />
        </div>
        <Show when={isShares()} fallback={<QueueList />}>
          <SharesView />
        </Show>
      </Page>
    </Show>
  );
};

interface Zone {
  readonly zone: string | null;
  readonly queues: readonly QueueView[];
}

const byZone = (queues: readonly QueueView[]): readonly Zone[] =>
  [...Map.groupBy(queues, ({ zone }) => zone)]
    .map(([zone, all]) => ({ zone, queues: all }))
    .toSorted((one, other) => (one.zone ?? '').localeCompare(other.zone ?? ''));

const QueueList = () => {
  const session = useSession();
  const address = useSearchState(STATE);
  const list = useQuery(() => queuesQuery());
  useTopic(
    () => 'queues',
    () => void list.refetch({ cancelRefetch: false }),
  );
  const [asked, setAsked] = createSignal<QueueView | null>(null);
  const opened = () => address.value().queue;
  let box: HTMLDivElement | undefined;
  const close = () => {
    box?.querySelector<HTMLElement>('[aria-expanded=true]')?.focus();
    address.change({ queue: '' });
  };
  return (
    <div class="mt-4">
      <Show when={address.dropped().length > 0}>
        <div class="-mx-4 mb-3 md:-mx-6">
          <Banner tone="info">{t('queues.dropped', address.dropped().join(', '))}</Banner>
        </div>
      </Show>
      <Fetched query={list} skeleton="h-96" isEmpty={({ items }) => items.length === 0} empty={<Empty says={t('queues.none')} />}>
        {(all) => {
          const idle = () => all().items.filter(({ state }) => state === 'idle').length;
          const shown = createMemo(() =>
            byZone(all().items.filter(({ state, name }) => state !== 'idle' || address.value().idle || name === opened())),
          );
          return (
            <div ref={box} class="flex flex-col gap-4">
              <Show when={idle() > 0}>
                <Checkbox label={t('queues.idle', idle())} checked={address.value().idle} change={(on) => address.change({ idle: on })} />
              </Show>
              <For each={shown().map(({ zone }) => zone)} fallback={<p class="text-muted">{t('queues.none_busy')}</p>}>
                {(zone) => {
                  const queues = () => shown().find((one) => one.zone === zone)?.queues ?? [];
                  const isHere = () => queues().some(({ name }) => name === opened());
                  return (
                    <>
                      <ZoneCard
                        zone={zone}
                        queues={queues()}
                        lacks={session.may('queue:pause') ? undefined : 'queue:pause'}
                        hold={setAsked}
                        open={(queue) => address.change({ queue: queue.name === opened() ? '' : queue.name })}
                        opened={opened()}
                      />
                      <Show when={isHere()}>
                        <QueueDay name={opened()} close={close} />
                      </Show>
                    </>
                  );
                }}
              </For>
              <CutNote of={all()} />
            </div>
          );
        }}
      </Fetched>
      <HoldQueue queue={asked()} close={() => setAsked(null)} />
    </div>
  );
};
