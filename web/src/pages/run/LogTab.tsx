import { A, useLocation, useNavigate } from '@solidjs/router';
import { createMemo, For, Show } from 'solid-js';
import { STATUS_LOOK } from '#jobs/run-state.ts';
import { BASE } from '../../api/client.ts';
import type { RunView } from '../../api/views.ts';
import { Banner } from '../../components/Banner.tsx';
import type { Stretch } from '../../log/folds.ts';
import { LogView } from '../../log/LogView.tsx';
import { hashOfLines, type LogPlace, linesOfHash, logPlace } from '../../log/place.ts';
import { t } from '../../log/words.ts';
import { type HistoryEntry, useSearchState } from '../../url/use-search-state.ts';
import { hasParts, likelyStep, type StepRow } from './rows.ts';
import { partsOf, StepPickers } from './steps/StepPickers.tsx';
import { t as shared } from './words.ts';

interface LogTabProps {
  readonly run: RunView;
  readonly rows: readonly StepRow[];
  readonly chosen: StepRow | undefined;
  /** The reader looks around in the log of this step, and the page stops going along with what happens. */
  readonly touched: (key: string) => void;
}

/** The chosen step's log over the whole page; which step, host, attempt, lines and words stand in the address. */
export const LogTab = (props: LogTabProps) => {
  const navigate = useNavigate();
  const location = useLocation();
  const address = useSearchState(logPlace);
  const chosenLines = createMemo(() => linesOfHash(location.hash), undefined, {
    equals: (one, other) => one?.from === other?.from && one?.to === other?.to,
  });
  // A step in parts has no log of its own: the part that a person most likely wants stands for it.
  const shown = () => (props.chosen?.step && hasParts(props.chosen.step) ? likelyStep(partsOf(props.rows, props.chosen)) : props.chosen);
  const named = () => ({ step: shown()?.key ?? '' });
  const setPlace = (part: Partial<LogPlace>, entry?: HistoryEntry) => address.change({ ...named(), ...part }, entry);
  const choose = (lines: Stretch | null) =>
    navigate(`${BASE}${address.href(named())}${hashOfLines(lines)}`, { replace: true, scroll: false, resolve: false });
  // What is searched for and shown of one host's log is wanted of the next one's; its attempts, commands and lines are its own.
  const open = (step: string) => navigate(address.href({ step, attempt: null, command: '' }), { replace: true, scroll: false });

  const attempts = () => shown()?.step?.attempts ?? [];
  // An attempt that the step never had narrows nothing.
  const strayAttempt = () => {
    const { attempt } = address.value();
    return attempt !== null && shown()?.step && !attempts().some((one) => one.attempt === attempt) ? attempt : null;
  };
  const placeNow = () => (strayAttempt() === null ? address.value() : { ...address.value(), attempt: null });
  const dropped = () => [...address.dropped(), ...(strayAttempt() === null ? [] : [`attempt=${strayAttempt()}`])];
  // Who was left out never wrote; who was skipped after failing did.
  const begun = () => {
    const step = shown()?.step;
    return step?.status === 'skipped' && step.attempts.length === 0 ? null : step;
  };
  const whyNone = (): string => {
    if (shown()?.status === 'skipped') return t('log.not_executed');
    return t(STATUS_LOOK[props.run.status].group === 'not_started' ? 'log.queued' : 'log.not_started');
  };
  const touched = () => {
    const row = shown();
    if (row) props.touched(row.key);
  };

  return (
    <section
      class="flex min-h-120 flex-1 flex-col gap-3 py-3"
      aria-label={shared('run.log')}
      onPointerDown={touched}
      onWheel={touched}
      onKeyDown={touched}
    >
      <Show when={dropped().length > 0}>
        <Banner tone="warning">{t('log.dropped', dropped().join(', '))}</Banner>
      </Show>
      <Show when={props.rows.length > 0} fallback={<p class="text-muted">{t('log.no_steps')}</p>}>
        <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
          <StepPickers rows={props.rows} chosen={shown() ?? props.chosen} open={open} />
          <Show when={attempts().length > 1}>
            <label class="flex items-center gap-2">
              <span class="text-muted">{t('log.attempt')}</span>
              <select
                class="input w-auto"
                onChange={(event) => setPlace({ attempt: Number(event.currentTarget.value) || null, command: '' })}
              >
                <option value="">{t('log.every_attempt', attempts().length)}</option>
                <For each={attempts()}>
                  {({ attempt, status }) => (
                    <option value={attempt} selected={attempt === placeNow().attempt}>
                      {t('log.attempt_of', attempt, attempts().length)} · {STATUS_LOOK[status].word}
                    </option>
                  )}
                </For>
              </select>
            </label>
          </Show>
        </div>
        <Show when={begun()} fallback={<p class="text-muted">{whyNone()}</p>}>
          {(step) => (
            <Show
              when={step().kept_from}
              fallback={
                <LogView
                  run={props.run.id}
                  step={step().key}
                  status={step().status}
                  height="min-h-0 flex-1"
                  start={step().started_at}
                  whole={{ place: placeNow(), setPlace, chosen: chosenLines(), choose }}
                />
              }
            >
              {(run) => (
                <p>
                  <A class="link" href={`/runs/${run()}/log?step=${encodeURIComponent(step().key)}`}>
                    {t('log.kept')}
                  </A>
                </p>
              )}
            </Show>
          )}
        </Show>
      </Show>
    </section>
  );
};
