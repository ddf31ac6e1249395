import { For, type JSX, Match, Show, Switch } from 'solid-js';
import { ordinal } from '#jobs/holds/lock.ts';
import { hasEnded } from '#jobs/run-state.ts';
import type { RunView, StepView } from '../../../api/views.ts';
import { RunLink } from '../RunLink.tsx';
import { t } from '../words.ts';
import { ApprovalFacts } from './ApprovalFacts.tsx';
import { Fact, Facts } from './Facts.tsx';
import { readHold, type ShownHold } from './read-hold.ts';
import { Until } from './Until.tsx';
import { WebhookFacts } from './WebhookFacts.tsx';

/** What the step waits for, in words; of one that has ended, what people were asked and answered, or which run it started. */
export const HoldFacts = (props: { run: RunView; step: StepView }) => {
  const hold = () => readHold(props.step);
  const waits = () => !hasEnded(props.step.status);
  const shown = () => (waits() || hold()?.kind === 'approval' || hold()?.kind === 'run' ? hold() : null);
  const as = <K extends ShownHold['kind']>(kind: K) => {
    const found = shown();
    return found?.kind === kind ? (found as Extract<ShownHold, { kind: K }>) : null;
  };
  const until = (at: string | null): JSX.Element => (
    <Fact name={t('hold.until')}>{at === null ? t('hold.no_until') : <Until at={at} zone={props.run.timezone} />}</Fact>
  );
  return (
    <Show when={shown()}>
      <Facts
        title={waits() ? t('hold.title') : hold()?.kind === 'run' ? t('hold.started') : t('hold.asked')}
        lead={as('approval')?.message ?? null}
      >
        <Switch>
          <Match when={as('approval')}>{(one) => <ApprovalFacts run={props.run} step={props.step} hold={one()} />}</Match>
          <Match when={as('timer')}>{(one) => until(one().until)}</Match>
          <Match when={as('rate')}>
            {(one) => (
              <>
                <Fact name={t('hold.turn_at')}>{one().resource}</Fact>
                {until(one().until)}
              </>
            )}
          </Match>
          <Match when={as('window')}>
            {(one) => (
              <>
                <Fact name={t('hold.window')}>{one().target}</Fact>
                <Fact name={t('hold.opens')}>
                  <Show when={one().opensAt} fallback={t('hold.opens_never')}>
                    {(at) => <Until at={at()} zone={props.run.timezone} />}
                  </Show>
                </Fact>
              </>
            )}
          </Match>
          <Match when={as('signal')}>
            {(one) => (
              <>
                <Fact name={t('hold.signal')}>{one().name}</Fact>
                {until(one().until)}
              </>
            )}
          </Match>
          <Match when={as('webhook')}>
            {(one) => (
              <>
                <WebhookFacts run={props.run} step={props.step} />
                {until(one().until)}
              </>
            )}
          </Match>
          <Match when={as('lock')}>
            {(one) => (
              <>
                <Fact name={t('hold.lock')}>{one().key}</Fact>
                <Show when={one().position}>{(place) => <Fact name={t('hold.place')}>{t('hold.in_line', ordinal(place()))}</Fact>}</Show>
                <Show when={one().heldBy.length > 0}>
                  <Fact name={t('hold.blocked_by')}>
                    <span class="flex flex-wrap gap-x-3">
                      <For each={one().heldBy}>{(number) => <RunLink number={number} />}</For>
                    </span>
                  </Fact>
                </Show>
              </>
            )}
          </Match>
          <Match when={as('run')}>
            {(one) => (
              <>
                <Fact name={t('hold.sub_run')}>
                  <RunLink number={one().number} id={one().run} /> {one().job}
                </Fact>
                <Show when={waits()}>{until(one().until)}</Show>
              </>
            )}
          </Match>
          <Match when={as('intervention')}>
            {(one) => (
              <>
                <Fact name={t('hold.person')}>{t('hold.person_to')}</Fact>
                {until(one().until)}
              </>
            )}
          </Match>
        </Switch>
      </Facts>
    </Show>
  );
};
