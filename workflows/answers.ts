import { ApplicationFailure, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import { isStopping, stepAt } from '#jobs/apply-event.ts';
import { refuseAnswer } from '#jobs/holds/approval.ts';
import { signalBox, webhookBox } from '#jobs/holds/message.ts';
import { hasRoomFor, receiverOf } from '#jobs/holds/receiver.ts';
import { LIMITS } from '#jobs/limits.ts';
import {
  ANSWER_UPDATE,
  type AnswerStep,
  ARRIVAL_SIGNAL,
  type Arrival,
  type ArrivalCall,
  SEND_UPDATE,
  type SendSignal,
} from './messages.ts';
import type { OpenRun } from './open-run.ts';

const answerStep = defineUpdate<void, [AnswerStep]>(ANSWER_UPDATE);
const sendSignal = defineUpdate<void, [SendSignal]>(SEND_UPDATE);
const webhookArrived = defineSignal<[Arrival & ArrivalCall]>(ARRIVAL_SIGNAL);

/** Takes what steps wait for: answers of people, signals, and calls from outside. What is refused leaves no trace in history. */
export function listenToAnswers(run: OpenRun): void {
  setHandler(
    answerStep,
    ({ key, names: _, ...answer }) =>
      run.tell({
        events: [{ type: 'hold_answered', key, answer: { ...answer, at: Date.now() } }],
        by: { actor: answer.actor, reason: answer.comment },
      }),
    { validator: (answer) => refuse(run, answer) },
  );
  setHandler(
    sendSignal,
    ({ name, data, actor }) =>
      run.tell({
        events: [{ type: 'message_arrived', message: { box: signalBox(name), data, by: actor, at: Date.now() } }],
        by: { actor, reason: `signal ${name}` },
      }),
    { validator: ({ name }) => refuseSignal(run, name) },
  );
  setHandler(webhookArrived, ({ key, body, at }) =>
    run.tell({
      events: (state) => {
        const status = stepAt(state, key)?.status;
        const isAwaited = status === 'running' || status === 'held';
        return isAwaited ? [{ type: 'message_arrived', message: { box: webhookBox(key), data: body, by: null, at } }] : [];
      },
    }),
  );
}

function refuse(run: OpenRun, answer: AnswerStep): void {
  const state = run.foreseen;
  const step = stepAt(state, answer.key);
  if (step?.status !== 'held' || step.hold.kind !== 'approval') {
    const status = step?.status ?? 'pending';
    throw ApplicationFailure.nonRetryable(
      `step ${answer.key} is ${status}; only one that waits for approval can be answered`,
      'illegal_move',
    );
  }
  const refusal = refuseAnswer(step.hold, answer, answer.decision, answer.form);
  if (refusal) throw ApplicationFailure.nonRetryable(refusal.message, refusal.why, refusal.problems ?? []);
}

function refuseSignal(run: OpenRun, name: string): void {
  const state = run.foreseen;
  if (isStopping(state)) throw ApplicationFailure.nonRetryable('the run is about to stop', 'illegal_move');
  if (receiverOf(state, signalBox(name)) !== null || hasRoomFor(state.early ?? [])) return;
  throw ApplicationFailure.nonRetryable(
    `the run keeps ${LIMITS.earlyMessages} signals that no step has waited for yet, and takes no more of them`,
    'illegal_move',
  );
}
