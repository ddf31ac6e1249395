import { A, useNavigate } from '@solidjs/router';
import { createSignal, Show } from 'solid-js';
import { useActions } from '../../actions/actions.tsx';
import { useInfiniteQuery } from '../../api/use-query.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Fetched, isLoaded } from '../../components/Fetched.tsx';
import { lasting } from '../../components/lasting.ts';
import { Tabs } from '../../components/Tabs.tsx';
import { Page } from '../../frame/Page.tsx';
import { useSession } from '../../session/session.tsx';
import { useDelayed } from '../../time/delayed.ts';
import { useSearchState } from '../../url/use-search-state.ts';
import { DroppedNote } from './DroppedNote.tsx';
import { conditionsOf, SCHEDULES, type ScheduleFilter } from './filter.ts';
import { HoldDialogs } from './HoldDialogs.tsx';
import { Line } from './Line.tsx';
import { LongList } from './LongList.tsx';
import { PauseMany } from './PauseMany.tsx';
import { schedulesQuery } from './queries.ts';
import { SchedulesFilter } from './SchedulesFilter.tsx';
import { useStopSwitch } from './StopSwitch.tsx';
import { scheduleColumns, whyHeld } from './schedule-columns.tsx';
import type { ScheduleSummary } from './views.ts';
import { t } from './words.ts';

const REST_MS = 250;

/** The two ways to look at all schedules. */
export const SCHEDULE_TABS = [
  { id: 'list', word: t('schedules.list'), href: '/schedules' },
  { id: 'agenda', word: t('schedules.agenda'), href: '/schedules/agenda' },
] as const;

/** Every schedule, narrowed by what the address says. */
export const SchedulesPage = () => {
  const navigate = useNavigate();
  const session = useSession();
  const { StopButton, StopBanner } = useStopSwitch();
  const [asked, setAsked] = createSignal<ScheduleSummary | null>(null);
  const [pausingMany, setPausingMany] = createSignal(false);
  const address = useSearchState(SCHEDULES);
  const filter = address.value;
  const search = useDelayed(() => SCHEDULES.write(filter()), REST_MS);
  const list = lasting(useInfiniteQuery(() => schedulesQuery(search())));
  const change = (part: Partial<ScheduleFilter>, how?: 'typing') => address.change(part, how);
  const conditions = () => conditionsOf(filter());
  // The API pauses by everything but the state.
  const pausable = () => conditions().length > 0 && filter().state === '';
  const lacksEdit = () => (session.may('schedule:edit') ? undefined : 'schedule:edit');
  const lacksPause = () => (session.may('schedule:pause') ? undefined : 'schedule:pause');
  useActions(() => [
    { id: 'schedules.new', words: t('schedules.new'), run: () => navigate('/schedules/new'), denied: lacksEdit() },
    {
      id: 'schedules.filter',
      words: t('schedules.find'),
      key: '/',
      run: () => document.querySelector<HTMLElement>('[data-filter]')?.focus(),
    },
  ]);
  const Clear = () => (
    <button type="button" class="button" onClick={() => change(SCHEDULES.absent)}>
      {t('schedules.clear')}
    </button>
  );
  const columns = scheduleColumns({ hold: setAsked, lacks: lacksPause });
  return (
    <Page
      title={t('schedules.title')}
      actions={
        <>
          <StopButton />
          <Show when={lacksEdit()} fallback={<NewLink />}>
            {(lacks) => <ActionButton words={t('schedules.new')} look="main" lacks={lacks()} run={() => undefined} />}
          </Show>
        </>
      }
    >
      <div class="mt-3">
        <StopBanner />
        <Tabs label={t('schedules.views')} tabs={SCHEDULE_TABS} current="list" />
      </div>
      <DroppedNote dropped={address.dropped()} />
      <SchedulesFilter filter={filter()} change={change} />
      <div class="mt-4">
        <Fetched
          query={list}
          skeleton="h-96"
          instead={
            <Show when={conditions().length > 0}>
              <Clear />
            </Show>
          }
          isEmpty={({ pages }) => pages[0]?.items.length === 0}
          empty={
            <Show
              when={conditions().length > 0}
              fallback={
                <Empty says={t('schedules.none')}>
                  <Show when={!lacksEdit()}>
                    <NewLink />
                  </Show>
                </Empty>
              }
            >
              <Empty says={t('schedules.no_match')}>
                <Clear />
              </Empty>
            </Show>
          }
        >
          {() => (
            <LongList
              caption={t('schedules.caption')}
              columns={columns}
              query={list}
              place={`schedules ${search()}`}
              keyOf={({ id }) => id}
              lines="two"
              hasUnder={(schedule) => whyHeld(schedule) !== ''}
              under={(schedule) => <Line text={whyHeld(schedule)} />}
              counted={(count, more) => t('schedules.shown', count, more)}
            >
              <Show when={pausable()}>
                <ActionButton words={t('pause.many')} run={() => setPausingMany(true)} lacks={lacksPause()} />
              </Show>
            </LongList>
          )}
        </Fetched>
      </div>
      <Show when={isLoaded(list)}>
        <HoldDialogs schedule={asked()} close={() => setAsked(null)} />
        <PauseMany open={pausingMany()} filter={filter()} close={() => setPausingMany(false)} />
      </Show>
    </Page>
  );
};

const NewLink = () => (
  <A class="button button-main" href="/schedules/new">
    {t('schedules.new')}
  </A>
);
