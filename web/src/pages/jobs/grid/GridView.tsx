import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, Show } from 'solid-js';
import type { JobDefinition } from '#jobs/definition.ts';
import { useInfiniteQuery } from '../../../api/use-query.ts';
import { Empty } from '../../../components/Empty.tsx';
import { Fetched } from '../../../components/Fetched.tsx';
import { NextPageButton } from '../../../components/MoreButton.tsx';
import { atMostEvery } from '../../../live/at-most-every.ts';
import { useTopic } from '../../../live/Live.tsx';
import { hrefOfJob } from '../list/columns.tsx';
import { gridQuery } from '../queries.ts';
import { t } from '../words.ts';
import { Grid } from './Grid.tsx';

/** Runs that are drawn; earlier ones are in the list of runs. */
const MOST_RUNS = 120;
/** Steps of a run that the server tells a grid. */
const MOST_STEPS = 300;
/** News of a job's runs make the grid be read again at most this often. */
const PAUSE_MS = 2000;

/** How each step of a job went, run by run, newest at the right. */
export const GridView = (props: { name: string; current: JobDefinition | undefined }) => {
  const grid = useInfiniteQuery(() => gridQuery(props.name));
  const queries = useQueryClient();
  const runs = createMemo(() => (grid.data?.pages.flatMap((page) => page.items) ?? []).toReversed());
  const readAgain = atMostEvery(
    PAUSE_MS,
    () => void queries.invalidateQueries({ queryKey: gridQuery(props.name).queryKey }, { cancelRefetch: false }),
  );
  useTopic(
    () => 'runs',
    (message) => 'run' in message && message.run.job === props.name && readAgain(),
  );
  return (
    <Fetched
      query={grid}
      skeleton="h-64"
      isEmpty={() => runs().length === 0}
      empty={
        <Empty says={t('grid.none')}>
          <A class="button" href={hrefOfJob(props.name, 'run')}>
            {t('job.run')}
          </A>
        </Empty>
      }
    >
      {() => (
        <>
          <div class="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
            <p class="min-w-0 flex-1 basis-60 text-muted">
              {t('grid.counted', runs().length)}. {t('grid.legend')}
            </p>
            <Show when={grid.hasNextPage && runs().length >= MOST_RUNS}>
              <span class="text-muted">{t('grid.enough', runs().length)}</span>
            </Show>
            <Show when={grid.hasNextPage && runs().length < MOST_RUNS}>
              <NextPageButton words={t('grid.earlier')} busyWords={t('grid.loading')} query={grid} />
            </Show>
            <A class="link inline-flex min-h-8 items-center" href={`/runs?job=${encodeURIComponent(props.name)}`}>
              {t('job.all_runs')}
            </A>
          </div>
          <Grid job={props.name} runs={runs()} />
          <Show when={runs().some(({ steps }) => steps.some(({ step_number: number }) => number >= MOST_STEPS))}>
            <p class="mt-3 text-muted">{t('grid.first_steps', MOST_STEPS)}</p>
          </Show>
        </>
      )}
    </Fetched>
  );
};
