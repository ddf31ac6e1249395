import type { Audit } from '#db/audit.ts';
import type { RunWithPlan } from '#db/queries/find-run.ts';
import { findSteps } from '#db/queries/list-steps.ts';
import { refusePerson, type Verdict } from '#jobs/holds/approval.ts';
import type { JsonObject } from '#jobs/json.ts';
import { hasEnded } from '#jobs/run-state.ts';
import { ANSWER_UPDATE, type AnswerStep } from '#workflows/messages.ts';
import { answeringAs } from '../access/answering.ts';
import type { Identity } from '../access/identity.ts';
import { conflict, HttpProblem } from '../problem.ts';
import type { Services } from '../services.ts';
import { audited } from './steer-run.ts';
import { updateRun } from './update-run.ts';

export interface GivenAnswer {
  readonly decision: Verdict;
  readonly comment: string | null;
  readonly form: JsonObject | null;
}

/** Gives one person's answer to a step that asks for approval, once however often it is sent; throws 403, 409, 422 or 503 as `updateRun` does. */
export async function answerStep(
  services: Services,
  run: RunWithPlan,
  key: string,
  answer: GivenAnswer,
  identity: Identity,
  audit: Audit,
): Promise<void> {
  const action = answer.decision === 'approved' ? 'step.approve' : 'step.reject';
  const change = { project: run.project, action, subject_kind: 'run', subject: run.id, after: { key, form: answer.form } };
  await audited(services, audit, change, async () => {
    if (hasEnded(run.status)) throw conflict(`run ${run.id} is ${run.status}; only a run under way can be answered`);
    const by = await answeringAs(services.database.sql, identity);
    const step = await waitingStep(services, run.id, key);
    const asked = step?.hold;
    // The row may be behind the run, which has the last word; whom it asks does not become fewer.
    const refusal = asked ? refusePerson(askedIn(asked), by) : null;
    if (refusal) throw new HttpProblem(403, refusal.message);
    const ask: AnswerStep = { key, ...by, ...answer };
    const id = [answer.decision, key, by.actor, asked?.since ?? ''].join(' ');
    const isShown = async () => {
      const now = await waitingStep(services, run.id, key);
      return now !== null && now.attempt === step?.attempt && !hasAnswered(now.hold, by.actor);
    };
    await updateRun(services, run, { name: ANSWER_UPDATE, ask, id, what: 'steps can be answered', isShown });
  });
}

/** What the row of a step says of the approval that it waits for, and at which attempt; null where it waits for none. */
async function waitingStep({ database }: Services, run: string, key: string): Promise<{ attempt: number; hold: JsonObject } | null> {
  const [step] = await findSteps(database.sql, [[run, key]]);
  return step?.status === 'waiting' && step.hold?.kind === 'approval' ? { attempt: step.attempt, hold: step.hold } : null;
}

const hasAnswered = ({ answers }: JsonObject, actor: string): boolean =>
  ((answers ?? []) as readonly { readonly actor: string }[]).some((answer) => answer.actor === actor);

const askedIn = ({ approvers, barred }: JsonObject) => ({
  approvers: (approvers ?? []) as readonly string[],
  barred: (barred ?? []) as readonly string[],
});
