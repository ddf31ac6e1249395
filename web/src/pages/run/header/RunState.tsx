import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import { hasEnded } from '#jobs/run-state.ts';
import { jobQuery } from '../../../api/queries.ts';
import { useQuery } from '../../../api/use-query.ts';
import type { RunView } from '../../../api/views.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { Elapsed } from '../../../components/Elapsed.tsx';
import { StatusBadge } from '../../../components/StatusBadge.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { short } from '../../../components/visible.ts';
import { zone } from '../../../time/clock.ts';
import { Until } from '../holds/Until.tsx';
import { Origins } from '../lineage/Origins.tsx';
import { RunLink } from '../RunLink.tsx';
import { retryingRow, type StepRow } from '../rows.ts';
import { t } from '../words.ts';
import { nominalText } from './nominal.ts';
import { t as h } from './words.ts';

/** The run's name: its job and number. */
export const RunHeading = (props: { run: RunView }) => (
  <span class="flex flex-wrap items-baseline gap-x-2">
    <span class="min-w-0 break-words">{props.run.job}</span>
    <span class="font-normal text-muted">#{props.run.number}</span>
  </span>
);

const Facts = (props: { children: JSX.Element }) => <span class="flex flex-wrap items-center gap-x-4 gap-y-1">{props.children}</span>;

/** Steps that a line names. */
const MOST_NAMED = 3;

/** One line of facts: status, how long, which version, by whom and when. */
export const RunState = (props: { run: RunView; rows: readonly StepRow[] }) => {
  const run = () => props.run;
  const retrying = () => retryingRow(run(), props.rows)?.step;
  return (
    <Facts>
      <span class="flex font-semibold">
        <StatusBadge
          status={run().status}
          waitingFor={run().waiting_for}
          attempt={retrying()?.attempt}
          attemptsAllowed={retrying()?.attempts_allowed ?? undefined}
        />
      </span>
      <Show when={run().started_at}>
        <Elapsed from={run().started_at} to={run().ended_at} ms={run().execution_time_ms} />
      </Show>
      <span>{h('state.steps', run().completed_steps, run().total_steps)}</span>
      <Show when={run().failed_steps > 0}>
        <span>{h('state.failed', run().failed_steps)}</span>
      </Show>
      <Show when={run().retry_count > 0}>
        <span>{h('state.retries', run().retry_count)}</span>
      </Show>
      <Show when={run().version !== null} fallback={<span>{t('run.no_job')}</span>}>
        <Version run={run()} />
      </Show>
      <Timestamp at={run().started_at ?? run().created_at} zone={run().timezone} />
      <Show
        when={run().schedule}
        fallback={
          <span>
            {h('state.by', run().trigger)}
            <bdi>{run().created_by ? h('state.who', run().created_by) : ''}</bdi>
          </span>
        }
      >
        {(schedule) => (
          <span>
            {h('state.schedule')}{' '}
            <A class="link" href={`/schedules/${encodeURIComponent(schedule())}`}>
              {schedule()}
            </A>
          </span>
        )}
      </Show>
      <Show when={run().nominal_at}>
        {(at) => <span title={h('state.nominal_hint')}>{h('state.nominal', nominalText(at(), run().timezone ?? zone()))}</span>}
      </Show>
      <Show when={run().scheduled_for}>
        {(at) => (
          <span>
            <Show
              when={run().status === 'scheduled'}
              fallback={
                <>
                  {t('run.for', '')}
                  <Timestamp at={at()} zone={run().timezone} />
                </>
              }
            >
              {t('run.starts_at')} <Until at={at()} zone={run().timezone} />
            </Show>
          </span>
        )}
      </Show>
      <Show when={run().client}>{(client) => <Named name={h('state.client')} value={client()} />}</Show>
      <Show when={run().ref_num}>{(ref) => <Named name={h('state.ref')} value={ref()} />}</Show>
      <span>{h('state.priority', run().priority)}</span>
      <Show when={run().target}>{(target) => <span>{t('steps.on', short(target()))}</span>}</Show>
      <Show when={run().selected_steps}>
        {(steps) => (
          <span title={steps().join(', ')}>
            {t('run.only_steps', steps().slice(0, MOST_NAMED).join(', '), steps().length - MOST_NAMED)}
          </span>
        )}
      </Show>
      <Origins run={run()} />
      <Show when={run().rerun?.kept.length ? run().rerun : null}>
        {(facts) => <span title={facts().kept.slice(0, 50).join(', ')}>{h('state.reuses', facts().kept.length)}</span>}
      </Show>
      <Show when={!hasEnded(run().status) && run().blocked_by?.length}>
        <span class="flex flex-wrap gap-x-2">
          {t('run.blocked_by')} <For each={run().blocked_by}>{(number) => <RunLink number={number} />}</For>
        </span>
      </Show>
      <span class="flex items-center gap-1 text-meta">
        <span class="font-mono" title={run().id}>
          {run().id.slice(0, 4)}…{run().id.slice(-4)}
        </span>
        <CopyButton text={run().id} class="-my-2" />
      </span>
    </Facts>
  );
};

const Named = (props: { name: string; value: string }) => (
  <span class="max-w-60 truncate" title={short(props.value)}>
    {props.name} <bdi class="text-text">{short(props.value)}</bdi>
  </span>
);

/** The version the run follows, and the job's newer one if there is one by now. */
const Version = (props: { run: RunView }) => {
  const job = useQuery(() => ({ ...jobQuery(props.run.job), enabled: props.run.permissions.includes('job:read'), retry: false }));
  const newer = () => {
    const current = job.data?.version;
    return current !== undefined && current > (props.run.version ?? current) ? current : null;
  };
  return (
    <span>
      <A class="link" href={`/jobs/${encodeURIComponent(props.run.job)}`}>
        {props.run.job} v{props.run.version}
      </A>
      <Show when={newer()}>
        {(version) => (
          <>
            {' '}
            (
            <A
              class="link"
              href={`/jobs/${encodeURIComponent(props.run.job)}/versions?from=${props.run.version}&to=${version()}`}
              title={h('state.newer_hint', version())}
            >
              {h('state.newer', version())}
            </A>
            )
          </>
        )}
      </Show>
    </span>
  );
};

/** What was to be said against the run when it was accepted. */
export const Warnings = (props: { run: RunView }) => (
  <Show when={props.run.warnings?.length}>
    <section class="mt-3 rounded-control bg-warning px-4 py-2" aria-label={t('run.warnings')}>
      <p class="font-semibold">{t('run.warnings')}</p>
      <ul>
        <For each={props.run.warnings}>{(says) => <li class="break-words">{says}</li>}</For>
      </ul>
    </section>
  </Show>
);
