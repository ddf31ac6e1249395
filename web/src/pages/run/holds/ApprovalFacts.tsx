import { For, Show } from 'solid-js';
import { hasEnded } from '#jobs/run-state.ts';
import type { RunView, StepView } from '../../../api/views.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { StatusIcon } from '../../../components/StatusBadge.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { t } from '../words.ts';
import { Fact } from './Facts.tsx';
import type { ShownAnswer, ShownApproval } from './read-hold.ts';
import { Until } from './Until.tsx';

const THEN = {
  fail: t('hold.then_fail'),
  reject: t('hold.then_reject'),
  approve: t('hold.then_approve'),
  skip: t('hold.then_skip'),
} as const;
const thenOf = (word: string | null): string => (word !== null && Object.hasOwn(THEN, word) ? `, ${THEN[word as keyof typeof THEN]}` : '');

/** Who is asked for approval and what for, until when, and what was answered so far. */
export const ApprovalFacts = (props: { run: RunView; step: StepView; hold: ShownApproval }) => {
  const hold = () => props.hold;
  const given = () => hold().answers.filter(({ decision }) => decision === 'approved').length;
  const waits = () => !hasEnded(props.step.status);
  const command = () => `capstan approve ${props.run.number} ${props.step.key}`;
  const told = () =>
    [
      ...(hold().reminded > 0 ? [t('hold.reminded', hold().reminded)] : []),
      ...(hold().escalated > 0 ? [t('hold.escalated', hold().escalated)] : []),
    ].join(', ');
  return (
    <>
      <Fact name={t('hold.approval')}>{t('hold.of_approvals', given(), hold().count)}</Fact>
      <Fact name={t('hold.by')}>{hold().approvers.join(', ') || t('hold.anyone')}</Fact>
      <Show when={waits() && hold().barred.length > 0}>
        <Fact name={t('hold.barred')}>{t('hold.barred_why', hold().barred.join(', '))}</Fact>
      </Show>
      <Fact name={t('hold.answers')}>
        <Show when={hold().answers.length > 0} fallback={t('hold.no_answers')}>
          <ul>
            <For each={hold().answers}>{(answer) => <Answer answer={answer} zone={props.run.timezone} />}</For>
          </ul>
        </Show>
      </Fact>
      <Show when={waits()}>
        <Fact name={t('hold.until')}>
          <Show when={hold().until} fallback={t('hold.no_until')}>
            {(at) => (
              <>
                <Until at={at()} zone={props.run.timezone} />
                {thenOf(hold().onTimeout)}
              </>
            )}
          </Show>
        </Fact>
      </Show>
      <Show when={told() !== ''}>
        <Fact name={t('hold.told')}>{told()}</Fact>
      </Show>
      <Show when={waits() && props.run.permissions.includes('run:steer')}>
        <Fact name={t('hold.answer_by')}>
          <span class="flex items-start gap-1">
            <code class="min-w-0 font-mono break-words">{command()}</code>
            <CopyButton text={command()} class="-my-1.5" />
          </span>
        </Fact>
      </Show>
    </>
  );
};

const Answer = (props: { answer: ShownAnswer; zone: string | null }) => (
  <li class="flex flex-wrap items-center gap-x-2">
    <span class="flex items-center gap-1.5">
      <span class="self-center" aria-hidden="true">
        <StatusIcon status={props.answer.decision === 'rejected' ? 'failed' : 'completed'} />
      </span>
      <span>
        {props.answer.actor} {props.answer.decision}
      </span>
    </span>
    <span class="text-muted">
      <Timestamp at={props.answer.at} zone={props.zone} />
    </span>
    <Show when={props.answer.comment}>{(comment) => <span class="w-full pl-5.5 break-words">“{comment()}”</span>}</Show>
  </li>
);
