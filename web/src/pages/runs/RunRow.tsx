import { A } from '@solidjs/router';
import RotateCw from 'lucide-solid/icons/rotate-cw';
import { createSignal, type JSX, Show } from 'solid-js';
import { hasEndedBadly, STATUS_LOOK } from '#jobs/run-state.ts';
import type { RunSummary } from '../../api/views.ts';
import { Elapsed } from '../../components/Elapsed.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { useSession } from '../../session/session.tsx';
import { t } from '../../words.ts';
import { retryRun } from '../run/steer.ts';

// Under 640 px of its box a row is a small card, under 1000 px it leaves out what matters less.
const GRID =
  'grid w-full gap-x-3 px-4 @min-[640px]:items-center md:px-6 ' +
  '@max-[640px]:grid-cols-[minmax(0,1fr)_auto] ' +
  '@min-[640px]:grid-cols-[172px_minmax(0,2fr)_minmax(0,1fr)_152px_76px_48px] ' +
  '@min-[1000px]:grid-cols-[172px_minmax(0,2.4fr)_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)_152px_76px_48px_20px_48px_minmax(0,1fr)]';
const WIDE = '@max-[1000px]:hidden';

/** The column heads; cards need none. */
export const RunsHead = () => (
  <div role="rowgroup" class="sticky top-0 z-10 border-b border-hairline bg-bg1 @max-[640px]:hidden">
    <div role="row" aria-rowindex={1} class={`${GRID} h-8 text-meta text-muted`}>
      <Head word={t('runs.status')} />
      <Head word={t('runs.job')} />
      <Head word={t('runs.client')} class={WIDE} />
      <Head word={t('runs.ref')} class={WIDE} />
      <Head word={t('runs.target')} />
      <Head word={t('runs.started')} />
      <Head word={t('runs.duration')} class="text-right" />
      <Head word={t('runs.steps')} class="text-right" />
      <Head word={t('runs.priority')} class={`text-right ${WIDE}`} title={t('runs.priority_long')} />
      <Head word={t('runs.retries')} class={`text-right ${WIDE}`} />
      <Head word={t('runs.by')} class={WIDE} />
    </div>
  </div>
);

const Head = (props: { word: string; class?: string; title?: string }) => (
  <span role="columnheader" class={`truncate ${props.class ?? ''}`} title={props.title ?? ''}>
    {props.word}
  </span>
);

const Cell = (props: { class?: string; children?: JSX.Element; title?: string | null }) => (
  <span role="cell" class={`truncate ${props.class ?? ''}`} title={props.title ?? ''}>
    {props.children}
  </span>
);

const tellsWhy = (run: RunSummary): string =>
  hasEndedBadly(run.status) || run.status === 'retrying' ? (run.error_message ?? run.message ?? '') : '';

/** One run; the whole row is its link, and a failed one can be retried at once. */
export const RunRow = (props: { run: RunSummary }) => {
  const run = () => props.run;
  return (
    <div class={`${GRID} relative min-h-8 border-b border-hairline py-[5px] text-table hover:bg-bg1`}>
      <span role="cell" class="flex min-w-0 items-center gap-1 @max-[640px]:order-1" title={STATUS_LOOK[run().status].word}>
        <StatusBadge status={run().status} waitingFor={run().waiting_for} />
        <Show when={hasEndedBadly(run().status)}>
          <RetryButton run={run()} />
        </Show>
      </span>
      <span role="cell" class="flex min-w-0 items-baseline gap-2 @max-[640px]:order-3">
        <A href={`/runs/${run().id}`} class="truncate font-semibold after:absolute after:inset-0" title={run().title ?? run().job}>
          {run().job}
        </A>
        <span class="shrink-0 text-muted">
          <Show when={run().version}>{(version) => <>v{version()}</>}</Show>
          <Show when={run().sample}> · {t('runs.sample')}</Show>
        </span>
      </span>
      <Cell class={WIDE} title={run().client}>
        {run().client}
      </Cell>
      <Cell class={WIDE} title={run().ref_num}>
        {run().ref_num}
      </Cell>
      <Cell class="@max-[640px]:order-6 @max-[640px]:text-right @max-[640px]:text-muted" title={run().target}>
        {run().target}
      </Cell>
      <Cell class="@max-[640px]:order-5 @max-[640px]:text-muted">
        <Timestamp at={run().started_at} zone={run().timezone} absent={t('runs.not_started')} />
      </Cell>
      <Cell class="text-right @max-[640px]:order-2">
        <Elapsed from={run().started_at} to={run().ended_at} ms={run().execution_time_ms} />
      </Cell>
      <Cell class="text-right @max-[640px]:order-4">
        {run().completed_steps}/{run().total_steps}
      </Cell>
      <Cell class={`text-right ${WIDE}`}>{run().priority}</Cell>
      <Cell class={`text-right ${WIDE}`}>{run().retry_count || ''}</Cell>
      <Cell class={WIDE} title={run().created_by}>
        {run().trigger === 'schedule' ? run().trigger : (run().created_by ?? run().trigger)}
      </Cell>
      <Show when={tellsWhy(run())}>
        {(why) => (
          <span role="cell" class={`tone-${run().status} col-span-full truncate text-(--tone) @max-[640px]:order-7`} title={why()}>
            {why()}
          </span>
        )}
      </Show>
    </div>
  );
};

const RetryButton = (props: { run: RunSummary }) => {
  const session = useSession();
  const [busy, setBusy] = createSignal(false);
  const label = () =>
    session.may('run:start') ? t('runs.retry', props.run.job, `#${props.run.number}`) : t('denied.control', 'run:start');
  const retry = async () => {
    setBusy(true);
    await retryRun(props.run.id);
    setBusy(false);
  };
  return (
    <button
      type="button"
      class="icon-button relative z-10 -my-2 size-6"
      title={label()}
      aria-label={label()}
      disabled={busy() || !session.may('run:start')}
      onClick={retry}
    >
      <RotateCw size={16} />
    </button>
  );
};
