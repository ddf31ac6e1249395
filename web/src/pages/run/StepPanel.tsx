import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { Json } from '#jobs/json.ts';
import { hasEnded, hasEndedBadly } from '#jobs/run-state.ts';
import { stepQuery } from '../../api/queries.ts';
import { useQuery } from '../../api/use-query.ts';
import type { RunView, StepView } from '../../api/views.ts';
import { Elapsed } from '../../components/Elapsed.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { JsonText } from '../../components/JsonText.tsx';
import { PlainText } from '../../components/PlainText.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { short } from '../../components/visible.ts';
import { isGrowing } from '../../log/growing.ts';
import { LogView } from '../../log/LogView.tsx';
import { StepActions } from './actions/StepActions.tsx';
import { HoldFacts } from './holds/HoldFacts.tsx';
import { Part } from './Part.tsx';
import { partsWords } from './parts.ts';
import { RemoteWork } from './remote/RemoteWork.tsx';
import { hasParts, type StepRow } from './rows.ts';
import { NextAttempt } from './steps/NextAttempt.tsx';
import { t } from './words.ts';

/** Everything of the chosen step: why it stands where it stands, its log, attempts, outputs and the settings it ran with. */
export const StepPanel = (props: { run: RunView; row: StepRow; logHref: string; touched: () => void }) => (
  <section
    class="flex min-w-0 flex-col gap-4"
    aria-label={short(props.row.name)}
    onPointerDown={() => props.touched()}
    onWheel={() => props.touched()}
    onKeyDown={() => props.touched()}
  >
    <header>
      <h2 class="flex items-baseline gap-2 text-section font-semibold">
        <span class="truncate">{short(props.row.name)}</span>
        <span class="truncate text-table font-normal text-muted">{props.row.type}</span>
      </h2>
      <div class="flex flex-wrap items-center gap-x-4 gap-y-1 text-table text-muted">
        <StatusBadge
          status={props.row.status}
          waitingFor={props.row.step?.waiting_for ?? null}
          attempt={props.row.step?.attempt}
          attemptsAllowed={props.row.step?.attempts_allowed ?? undefined}
        />
        <NextAttempt row={props.row} zone={props.run.timezone} />
        <Show
          when={props.row.step}
          fallback={<span>{props.row.needs.length === 0 ? t('steps.not_started') : t('steps.needs', props.row.needs.join(', '))}</span>}
        >
          {(step) => (
            <>
              <Elapsed from={step().started_at} to={step().ended_at} ms={step().duration_ms} />
              <Show when={step().exit_code !== null}>
                <span>{t('steps.exit', step().exit_code as number)}</span>
              </Show>
              <Show when={step().target}>{(target) => <span>{t('steps.on', short(target()))}</span>}</Show>
              <Show
                when={step().targets}
                fallback={<Show when={step().parts}>{(parts) => <span>{t('steps.for_many', parts())}</span>}</Show>}
              >
                {(targets) => <span title={short(targets().join(', '), 2_000)}>{t('steps.on_many', targets().length)}</span>}
              </Show>
              <Show when={partsWords(step())}>{(words) => <span>{words()}</span>}</Show>
              <Show when={!hasEnded(step().status) && step().progress_message}>{(message) => <span>{short(message())}</span>}</Show>
            </>
          )}
        </Show>
      </div>
    </header>
    <Show when={props.row.step !== null && props.row.key} keyed>
      {(key) => <Details run={props.run} step={key} logHref={props.logHref} />}
    </Show>
  </section>
);

const Details = (props: { run: RunView; step: string; logHref: string }) => {
  const step = useQuery(() => stepQuery(props.run.id, props.step));
  return (
    <Fetched query={step} skeleton="h-64">
      {(data) => <Started run={props.run} step={data()} logHref={props.logHref} />}
    </Fetched>
  );
};

/** Why it stands where it stands; what it waits for is told by itself. */
const saysOf = (step: StepView): string | null => {
  if (step.error) return step.error.message;
  if (step.message === null || step.hold?.message === step.message) return null;
  return step.status === 'skipped' ? t('steps.skipped', step.message) : step.message;
};

const isEmpty = (value: Json): boolean => value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** What is in parts, was kept or only waits has no log. */
const hasLog = (step: StepView): boolean => !hasParts(step) && step.kept_from === null && step.attempts.length > 0;

const Started = (props: { run: RunView; step: StepView; logHref: string }) => {
  const step = () => props.step;
  const outputs = (): Json => (isEmpty(step().outputs) ? step().result : step().outputs);
  return (
    <>
      <Show when={saysOf(step())}>
        {(says) => (
          <p class={`rounded-control px-3 py-2 break-words ${hasEndedBadly(step().status) ? 'bg-failure' : 'bg-bg1'}`}>
            <Show when={step().kept_from} fallback={<PlainText text={says()} first={600} />}>
              {(run) => (
                <A class="link" href={`/runs/${run()}?step=${encodeURIComponent(step().key)}`} title={t('steps.kept')}>
                  {short(says())}
                </A>
              )}
            </Show>
          </p>
        )}
      </Show>
      <HoldFacts run={props.run} step={step()} />
      <StepActions run={props.run} step={step()} />
      <Show when={hasLog(step())}>
        <LogView run={props.run.id} step={step().key} status={step().status} height={isGrowing(step().status) ? 'h-112' : 'max-h-112'} />
        <A class="link self-start" href={props.logHref}>
          {t('steps.open_log')}
        </A>
      </Show>
      <Show when={step().target !== null}>
        <RemoteWork run={props.run.id} step={step()} />
      </Show>
      <Show when={step().attempts.length > 0}>
        <Part title={`${t('steps.attempts')} (${step().attempts.length})`}>
          <Attempts step={step()} />
        </Part>
      </Show>
      <Part title={t('steps.outputs')} open={!isEmpty(outputs())}>
        <Show when={!isEmpty(outputs())} fallback={<p class="text-muted">{t('steps.no_outputs')}</p>}>
          <JsonText value={outputs()} label={t('steps.outputs')} />
        </Show>
      </Part>
      <Part title={t('steps.config')} open={false}>
        <Show when={!isEmpty(step().config)} fallback={<p class="text-muted">{t('steps.no_config')}</p>}>
          <JsonText value={step().config} label={t('steps.config')} />
        </Show>
      </Part>
    </>
  );
};

const Attempts = (props: { step: StepView }) => (
  <ol class="text-table">
    <For each={props.step.attempts}>
      {(attempt) => (
        <li class="flex flex-wrap items-center gap-x-3 gap-y-0.5 border-t border-hairline py-1.5">
          <span class="w-4 text-right text-muted">{attempt.attempt}</span>
          <StatusBadge status={attempt.status} />
          <Elapsed from={attempt.started_at} to={attempt.ended_at} ms={attempt.duration_ms} />
          <span class="text-muted">
            <Timestamp at={attempt.started_at} />
          </span>
          <Show when={attempt.exit_code !== null}>
            <span class="text-muted">{t('steps.exit', attempt.exit_code as number)}</span>
          </Show>
          <Show when={attempt.worker_id}>
            {(worker) => <span class="w-full truncate pl-7 text-muted">{t('steps.worker', worker())}</span>}
          </Show>
          <Show when={attempt.error}>
            {(error) => (
              <span class="w-full pl-7 text-muted">
                <PlainText text={error().message} first={400} />
              </span>
            )}
          </Show>
        </li>
      )}
    </For>
  </ol>
);
