import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, Show } from 'solid-js';
import { useActions } from '../../actions/actions.tsx';
import { credentialsQuery, jobsQuery, targetsQuery } from '../../api/queries.ts';
import { useQuery } from '../../api/use-query.ts';
import { isLoaded, Skeleton } from '../../components/Fetched.tsx';
import { Page } from '../../frame/Page.tsx';
import { atMostEvery } from '../../live/at-most-every.ts';
import { useTopic } from '../../live/Live.tsx';
import { usePreferences } from '../../preferences/preferences.ts';
import { useSession } from '../../session/session.tsx';
import { whenChanged } from '../../solid.ts';
import { Altogether, Worst } from './Fares.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import { FIRST_STEPS, ticked } from './first-steps.ts';
import { NeedsYou } from './NeedsYou.tsx';
import { Outcomes } from './Outcomes.tsx';
import { firstRunsQuery, firstSchedulesQuery } from './queries.ts';
import { BusyQueues, Health, NextDay } from './Today.tsx';
import { t } from './words.ts';

const FIRST = 'first-steps';
/** News of jobs makes the list be read again at most this often. */
const READ_MS = 2000;

/** What needs a person, how runs fare, what waits and what comes; on a new installation, the first steps in their place. */
export const OverviewPage = () => {
  const session = useSession();
  const preferences = usePreferences();
  const isDismissed = () => preferences.now().dismissed.includes(FIRST);
  /** The reader wants to see them, whether or not all of them have happened. */
  const [isAsked, setAsked] = createSignal(false);
  const first = useFirstSteps(() => !isDismissed());
  const isComplete = () => first.done()?.size === FIRST_STEPS.length;
  const isShown = () => !isDismissed() && !first.isUnsure() && first.done() !== undefined && (isAsked() || !isComplete());
  const setShown = (show: boolean) => {
    setAsked(show);
    const others = preferences.now().dismissed.filter((one) => one !== FIRST);
    preferences.change({ dismissed: show ? others : [...others, FIRST] });
  };
  useActions(() => [{ id: 'first', words: t('first.show'), run: () => setShown(true) }]);
  // Once all have happened nobody waits any more for what they are ticked from. Who asks for them again, in another tab too, keeps them.
  let isKept = isDismissed();
  whenChanged(
    () => isComplete() && !isAsked() && !isDismissed(),
    (isOver) => {
      if (!isOver || isKept) return;
      isKept = true;
      setShown(false);
    },
  );

  return (
    <Page title={t('overview.title')}>
      <NeedsYou />
      <Show
        when={isShown()}
        fallback={
          <Show when={isDismissed() || first.done() !== undefined} fallback={<Unsettled />}>
            <div class={FIGURES}>
              <Outcomes />
              <Altogether />
            </div>
            <div class={LISTS}>
              <Show when={session.may('worker:read')}>
                <BusyQueues />
              </Show>
              <Show when={session.may('schedule:read')}>
                <NextDay />
              </Show>
            </div>
            <Worst />
          </Show>
        }
      >
        <FirstSteps done={first.done() ?? new Set()} target={first.target()} job={first.job()} dismiss={() => setShown(false)} />
      </Show>
      <Show when={session.may('worker:read')}>
        <div class="mt-8">
          <Health />
        </div>
      </Show>
    </Page>
  );
};

const FIGURES = 'mt-6 grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]';
const LISTS = 'mt-8 grid gap-x-16 gap-y-8 lg:min-h-82.5 lg:grid-cols-2';

/** The place of what stands here, while nobody knows yet whether that is the first steps. */
const Unsettled = () => (
  <>
    <div class={FIGURES}>
      <Skeleton height="h-50" />
      <Skeleton height="h-50" />
    </div>
    <div class={LISTS}>
      <Skeleton height="h-82" />
      <Skeleton height="h-82" />
    </div>
  </>
);

/** Which first steps have happened, once that is wanted and known; what the reader may not see has not. */
const useFirstSteps = (isWanted: () => boolean) => {
  const session = useSession();
  const queries = useQueryClient();
  const allowed = (permission: string) => ({ enabled: isWanted() && session.may(permission) });
  const credentials = useQuery(() => ({ ...credentialsQuery(), ...allowed('credential:read') }));
  const targets = useQuery(() => ({ ...targetsQuery(), ...allowed('target:read') }));
  const jobs = useQuery(() => ({ ...jobsQuery(), ...allowed('job:read') }));
  const runs = useQuery(() => ({ ...firstRunsQuery(), ...allowed('run:read') }));
  const schedules = useQuery(() => ({ ...firstSchedulesQuery(), ...allowed('schedule:read') }));
  useTopic(
    () => 'runs',
    (message) => {
      if ('run' in message && message.run.status === 'completed') void queries.invalidateQueries({ queryKey: firstRunsQuery().queryKey });
    },
  );
  useTopic(
    () => 'jobs',
    atMostEvery(READ_MS, () => void queries.invalidateQueries({ queryKey: jobsQuery().queryKey, exact: true })),
  );
  const done = createMemo(() => {
    const asked = [
      [credentials, 'credential:read'],
      [targets, 'target:read'],
      [jobs, 'job:read'],
      [schedules, 'schedule:read'],
    ] as const;
    if (
      (!isLoaded(runs) && !runs.error) ||
      asked.some(([query, permission]) => session.may(permission) && !isLoaded(query) && !query.error)
    )
      return undefined;
    return ticked({
      credentials: credentials.data?.items ?? [],
      targets: targets.data?.items ?? [],
      jobs: jobs.data ?? [],
      completed: runs.data ?? [],
      schedules: schedules.data ?? [],
    });
  });
  const job = () => jobs.data?.find(({ sample }) => !sample)?.name;
  const target = () => targets.data?.items.find(({ sample }) => !sample)?.name;
  /** Something could not be read, so that a step without a tick may have happened. */
  const isUnsure = () => [credentials, targets, jobs, runs, schedules].some((query) => query.error !== null && !isLoaded(query));
  return { done, job, target, isUnsure };
};
