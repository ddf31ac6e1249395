import SlidersHorizontal from 'lucide-solid/icons/sliders-horizontal';
import { Match, Show, Switch } from 'solid-js';
import { wholeOf } from '#jobs/parts.ts';
import { hasEnded } from '#jobs/run-state.ts';
import type { RunView } from '../../../api/views.ts';
import { ActionButton } from '../../../components/ActionButton.tsx';
import { Menu, MenuItem } from '../../../components/Menu.tsx';
import { useSession } from '../../../session/session.tsx';
import { type Asked, ask, type SteeredStep } from './desk.ts';
import { lacking } from './names.ts';
import { whyNotYours } from './why-not-yours.ts';
import { t } from './words.ts';

type StepQuestion = Extract<Asked, { step: SteeredStep }>['what'];

/** What can be done with a step as it stands: answer it, run it again, skip it, end it, or change how it runs; the run page asks before. `brief`: only what the step waits for. */
export const StepActions = (props: { run: RunView; step: SteeredStep; brief?: boolean }) => {
  const step = () => props.step;
  const open = (what: StepQuestion) => ask({ what, step: step() });
  const steer = () => lacking(props.run, 'run:steer');
  const runs = () => !hasEnded(props.run.status);
  const isApproval = () => step().status === 'waiting' && step().waiting_for === 'approval';
  const isIntervention = () => step().status === 'waiting' && step().waiting_for === 'intervention';
  const isAtWork = () => step().status === 'running' || step().status === 'retrying';
  const canSkip = () => !isApproval() && ['waiting', 'pending', 'queued', 'retrying'].includes(step().status);
  const canEnd = () => ['waiting', 'running', 'queued', 'retrying'].includes(step().status);
  // Only a step that the plan names can be where a re-run begins.
  const again = () => {
    const id = wholeOf(step().key) ?? step().key;
    return !runs() && hasEnded(step().status) && props.run.plan_steps.some((one) => one.id === id && one.phase === 'main') ? id : undefined;
  };

  return (
    <Show when={runs() || again()}>
      <div role="group" aria-label={t('step.actions', step().key)} class="flex flex-wrap items-center gap-2 empty:hidden print:hidden">
        <Switch>
          <Match when={again()}>
            {(id) => (
              <ActionButton
                words={t('again.do')}
                lacks={lacking(props.run, 'run:start')}
                run={() => ask({ what: 'rerun', start: { from: id() } })}
              />
            )}
          </Match>
          <Match when={isApproval()}>
            <AnswerButtons run={props.run} step={step()} />
          </Match>
          <Match when={isIntervention()}>
            <ActionButton words={t('retry.do')} look="main" lacks={steer()} run={() => open('retry')} />
          </Match>
          <Match when={step().status === 'paused'}>
            <ActionButton words={t('proceed.do')} look="main" lacks={steer()} run={() => open('proceed')} />
          </Match>
        </Switch>
        <Show when={runs() && !props.brief}>
          <Show when={canSkip()}>
            <ActionButton words={t('skip.do')} lacks={steer()} run={() => open('skip')} />
          </Show>
          <Show when={canEnd()}>
            <ActionButton words={t('end.do')} look="danger" lacks={steer()} run={() => open('end')} />
          </Show>
          <Show when={isAtWork() || step().status === 'paused'}>
            <Menu label={t('step.operate')} heading={t('step.operate')} worded trigger={<Operate />}>
              <MenuItem lacks={steer()} onSelect={() => open('terms')}>
                {t('terms.do')}
              </MenuItem>
              <Show when={isAtWork()}>
                <MenuItem lacks={steer()} onSelect={() => open('interrupt')}>
                  {t('interrupt.do')}
                </MenuItem>
              </Show>
              <MenuItem lacks={steer()} onSelect={() => open('reset')}>
                {t('reset.do')}
              </MenuItem>
            </Menu>
          </Show>
        </Show>
      </div>
    </Show>
  );
};

const Operate = () => (
  <>
    <SlidersHorizontal size={16} /> {t('step.menu')}
  </>
);

/** Approve and reject, or why they are not this reader's to give. */
const AnswerButtons = (props: { run: RunView; step: SteeredStep }) => {
  const session = useSession();
  const barred = () => whyNotYours(props.step, session.me()?.user.name ?? '');
  const lacks = () => lacking(props.run, 'run:steer');
  return (
    <>
      <ActionButton
        words={t('approve.act')}
        look="main"
        lacks={lacks()}
        barred={barred()}
        run={() => ask({ what: 'approve', step: props.step })}
      />
      <ActionButton
        words={t('reject.act')}
        look="danger"
        lacks={lacks()}
        barred={barred()}
        run={() => ask({ what: 'reject', step: props.step })}
      />
    </>
  );
};
