import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import { hasEnded, hasEndedBadly, STATUS_LOOK } from '#jobs/run-state.ts';
import type { RunView } from '../../api/views.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Elapsed } from '../../components/Elapsed.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { t } from '../../words.ts';
import { Until } from './holds/Until.tsx';
import { Origins } from './lineage/Origins.tsx';
import { RunLink } from './RunLink.tsx';
import { causeOf, type StepRow } from './rows.ts';

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
export const RunState = (props: { run: RunView }) => {
  const run = () => props.run;
  return (
    <Facts>
      <span class="flex font-semibold">
        <StatusBadge status={run().status} waitingFor={run().waiting_for} />
      </span>
      <Show when={run().started_at}>
        <Elapsed from={run().started_at} to={run().ended_at} ms={run().execution_time_ms} />
      </Show>
      <span>
        {run().completed_steps}/{run().total_steps} {t('steps.title').toLowerCase()}
      </span>
      <Show when={run().version !== null} fallback={<span>{t('run.no_job')}</span>}>
        <A class="link" href={`/jobs/${encodeURIComponent(run().job)}`}>
          {run().job} v{run().version}
        </A>
      </Show>
      <Timestamp at={run().started_at ?? run().created_at} zone={run().timezone} />
      <span>{t('run.by', run().trigger, run().created_by ?? '')}</span>
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
      <Show when={run().client}>{(client) => <span>{client()}</span>}</Show>
      <Show when={run().ref_num}>{(ref) => <span>{ref()}</span>}</Show>
      <Show when={run().target}>{(target) => <span>{t('steps.on', target())}</span>}</Show>
      <Show when={run().selected_steps}>
        {(steps) => (
          <span title={steps().join(', ')}>
            {t('run.only_steps', steps().slice(0, MOST_NAMED).join(', '), steps().length - MOST_NAMED)}
          </span>
        )}
      </Show>
      <Origins run={run()} />
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

/** Whose wish it was, where it was one. */
const whyOf = ({ status, status_actor }: RunView): string =>
  status_actor !== null && (status === 'cancelled' || status === 'paused')
    ? t('run.stopped', STATUS_LOOK[status].word, status_actor)
    : t('run.why');

interface CauseProps {
  readonly run: RunView;
  readonly rows: readonly StepRow[];
  readonly logOf: (key: string) => string;
  readonly stepOf: (key: string) => string;
}

/** What a banner means by its colour: it failed, it waits for something, or somebody wanted it so. */
const toneOf = (status: RunView['status']): string => {
  if (status === 'cancelled') return 'bg-bg1';
  return hasEndedBadly(status) ? 'bg-failure' : 'bg-warning';
};

/** Why the run did not end well, in one sentence, with the way to the first error; or what it waits for, with the way to the step that does. */
export const Cause = (props: CauseProps) => (
  <Show when={causeOf(props.run, props.rows)}>
    {(cause) => (
      <div class={`mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control px-4 py-2 ${toneOf(props.run.status)}`}>
        <p class="min-w-0 flex-1 basis-60 break-words">
          <span class="font-semibold">{whyOf(props.run)}:</span> {cause().says}
        </p>
        <Show when={cause().row?.step && cause().row}>
          {(row) => (
            <A class="button" href={row().status === 'waiting' && !row().step?.error ? props.stepOf(row().key) : props.logOf(row().key)}>
              {row().status === 'waiting' && !row().step?.error ? t('run.go_to_step') : t('run.first_error')}
            </A>
          )}
        </Show>
      </div>
    )}
  </Show>
);
