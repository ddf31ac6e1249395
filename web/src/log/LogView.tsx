import { createSignal, Match, Switch } from 'solid-js';
import { hasEnded, hasEndedBadly, type StepStatus } from '#jobs/run-state.ts';
import { Refusal } from '../components/Fetched.tsx';
import { whenChanged } from '../solid.ts';
import { t } from '../words.ts';
import './log.css';
import { type Jump, LogLines } from './LogLines.tsx';
import { LogToolbar } from './LogToolbar.tsx';
import { createLogSource } from './source.ts';
import { lineAt } from './window.ts';

/** True while a step of this status may still write. */
export const isGrowing = (status: StepStatus): boolean => !hasEnded(status) && status !== 'waiting';

/** A log is opened for its first error when its step failed, else for its end. */
export const opensAt = (status: StepStatus): 'end' | 'error' => (hasEndedBadly(status) || status === 'waiting' ? 'error' : 'end');

interface LogViewProps {
  readonly run: string;
  readonly step: string;
  /** Where it opens: at the end, following, or at the first line that is an error. */
  readonly opensAt: 'end' | 'error';
  /** False once nothing more will be written. */
  readonly growing: boolean;
  /** Class of the box's height. */
  readonly height: string;
}

/** A step's log by line number: only what is looked at is loaded and drawn, however long it is; it follows the end until the reader scrolls up. */
export const LogView = (props: LogViewProps) => {
  const source = createLogSource(
    () => props.run,
    () => props.step,
  );
  const [follow, setFollow] = createSignal(true);
  const [wrap, setWrap] = createSignal(false);
  const [target, setTarget] = createSignal(0);
  const [jump, goTo] = createSignal<Jump>({ line: 1, align: 'end' });
  const total = () => source.window().total;

  const goToEnd = () => {
    setFollow(true);
    goTo({ line: total(), align: 'end' });
  };
  const goToError = () => {
    const line = source.firstError();
    if (line === null) return;
    setFollow(false);
    setTarget(line);
    goTo({ line, align: 'center' });
  };

  whenChanged(source.opened, (step) => {
    setTarget(0);
    if (step === null) return;
    if (props.opensAt === 'error' && source.firstError() !== null) goToError();
    else goToEnd();
  });
  whenChanged(total, () => follow() && source.opened() !== null && goToEnd(), 'later');

  return (
    <section
      class={`@container flex flex-col overflow-hidden rounded-control border border-hairline bg-log ${props.height}`}
      aria-label={t('log.label', props.step)}
    >
      <LogToolbar
        run={props.run}
        step={props.step}
        total={total()}
        follow={follow()}
        growing={props.growing}
        wrap={wrap()}
        toggleWrap={() => {
          setWrap(!wrap());
          if (follow()) goToEnd();
        }}
        firstError={source.firstError()}
        goToEnd={goToEnd}
        goToError={goToError}
      />
      <Switch>
        <Match when={!source.opened() && source.error()}>
          {(error) => (
            <div class="px-4">
              <Refusal error={error()} retry={source.reopen} />
            </div>
          )}
        </Match>
        <Match when={source.opened() && total() === 0}>
          <p class="p-4 text-muted">{props.growing ? t('log.none_yet') : t('log.none')}</p>
        </Match>
        <Match when={source.opened()}>
          <LogLines
            step={props.step}
            total={total()}
            lineAt={(n) => lineAt(source.window(), n)}
            show={source.show}
            wrap={wrap()}
            target={target()}
            jump={jump()}
            goTo={goTo}
            setFollow={setFollow}
          />
        </Match>
      </Switch>
    </section>
  );
};
