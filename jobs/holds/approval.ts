import { boundViolations } from '../bounds.ts';
import { parseDuration } from '../duration.ts';
import { bytesAsJson, type Json, type JsonObject, type JsonSchema } from '../json.ts';
import { violations } from '../json-schema.ts';
import { LIMITS } from '../limits.ts';
import { errorAt, type Problem } from '../problem.ts';
import { take } from '../take.ts';
import { type HoldKind, type HoldMove, type HoldNotice, shownMoment } from './kind.ts';

export const ON_EXPIRY = ['fail', 'reject', 'approve', 'skip'] as const;
export type OnExpiry = (typeof ON_EXPIRY)[number];

/** Until enough people have approved, or one has rejected. Moments are epoch milliseconds. */
export interface ApprovalHold {
  readonly kind: 'approval';
  readonly since: number;
  readonly until: number | null;
  readonly onExpiry: OnExpiry;
  readonly message: string | null;
  /** What an approval must fill in; null: nothing. */
  readonly form: JsonSchema | null;
  /** Names of users, of groups, or `role:` and a role; those of past escalations included. Empty: whoever may steer the run. */
  readonly approvers: readonly string[];
  /** Names of users who may not answer: who started the run, and who wrote what it runs. */
  readonly barred: readonly string[];
  readonly count: number;
  readonly answers: readonly Answer[];
  readonly reminderMs: number | null;
  readonly reminded: number;
  /** Still to come, in their order. */
  readonly escalations: readonly { readonly at: number; readonly to: readonly string[] }[];
  readonly escalated: number;
}

export interface Answer {
  readonly actor: string;
  readonly decision: Verdict;
  readonly comment: string | null;
  readonly form: JsonObject | null;
  /** Epoch milliseconds. */
  readonly at: number;
}

export type Verdict = 'approved' | 'rejected';

/** Why an answer is not taken. */
export interface Refusal {
  readonly why: 'forbidden' | 'invalid_input' | 'illegal_move';
  readonly message: string;
  readonly problems?: readonly Problem[];
}

/** Reminders of one wait; who has not looked by then will not for another one. */
const MOST_REMINDERS = 50;

/** What people read who are asked without words. */
const ASKS = 'an approval is waited for';

export const approvalKind: HoldKind<ApprovalHold> = {
  waitingFor: 'approval',
  moment: momentOf,
  move: moveOf,
  show: (hold) => ({
    kind: 'approval',
    message: hold.message,
    form: hold.form as JsonObject | null,
    approvers: hold.approvers,
    barred: hold.barred,
    count: hold.count,
    answers: hold.answers.map(shownAnswer),
    since: shownMoment(hold.since),
    until: shownMoment(hold.until),
    on_timeout: hold.onExpiry,
    reminded: hold.reminded,
    escalated: hold.escalated,
  }),
};

const shownAnswer = ({ at, ...answer }: Answer): JsonObject => ({ ...answer, at: shownMoment(at) });

const reminderAt = ({ since, reminderMs, reminded }: ApprovalHold): number | null =>
  reminderMs === null || reminded >= MOST_REMINDERS ? null : since + (reminded + 1) * reminderMs;

function momentOf(hold: ApprovalHold): number | null {
  const moments = [hold.until, reminderAt(hold), hold.escalations[0]?.at ?? null].filter((at) => at !== null);
  return moments.length === 0 ? null : Math.min(...moments);
}

/** Answers come before time, and the end before what leads up to it. */
function moveOf(hold: ApprovalHold, now: number): HoldMove | null {
  const rejection = hold.answers.find(({ decision }) => decision === 'rejected');
  if (rejection) return rejected(`rejected by ${rejection.actor}${rejection.comment ? `: ${rejection.comment}` : ''}`, hold);
  if (hold.answers.length >= hold.count) return completed(hold, false);
  if (hold.until !== null && now >= hold.until) return expired(hold);
  const told = withNotices(hold, now);
  return told.notices.length > 0 ? { to: 'hold', hold: told.hold, notices: told.notices } : null;
}

function expired(hold: ApprovalHold): HoldMove {
  const message = `${hold.answers.length} of ${hold.count} needed approvals came in time`;
  switch (hold.onExpiry) {
    case 'approve':
      return completed(hold, true);
    case 'skip':
      return { to: 'skip', reason: 'expired' };
    case 'reject':
      return rejected(`rejected, since only ${message}`, hold);
    case 'fail':
      return { to: 'fail', error: { type: 'timeout', message: `only ${message}` } };
  }
}

const rejected = (message: string, { answers }: ApprovalHold): HoldMove => ({
  to: 'fail',
  error: { type: 'policy', message, details: { decision: 'rejected', answers: answers.map(shownAnswer) } },
});

/** The form of the last who approved stands for all; each one's own is in `answers`. */
const completed = ({ answers }: ApprovalHold, isExpired: boolean): HoldMove => ({
  to: 'complete',
  result: { decision: 'approved', expired: isExpired, form: answers.at(-1)?.form ?? {}, answers: answers.map(shownAnswer) },
});

/** All reminders and escalations that are due; several that fell due while nobody decided count as one of each. */
function withNotices(hold: ApprovalHold, now: number): { readonly hold: ApprovalHold; readonly notices: readonly HoldNotice[] } {
  const due = hold.escalations.filter(({ at }) => at <= now);
  const more = due.flatMap(({ to }) => to);
  const approvers = hold.approvers.length === 0 ? hold.approvers : [...new Set([...hold.approvers, ...more])];
  const escalated = hold.escalated + due.length;
  const at = reminderAt(hold);
  const reminded =
    at !== null && at <= now ? Math.min(MOST_REMINDERS, Math.floor((now - hold.since) / (hold.reminderMs ?? 1))) : hold.reminded;
  const message = hold.message ?? ASKS;
  return {
    hold: { ...hold, approvers, escalations: hold.escalations.slice(due.length), escalated, reminded },
    notices: [
      ...(due.length > 0 ? [{ kind: 'escalation', number: escalated, to: [...new Set(more)], message } as const] : []),
      ...(reminded > hold.reminded ? [{ kind: 'reminder', number: reminded, to: approvers, message } as const] : []),
    ],
  };
}

/** Who answers, under every name that approvers may be called by: the user's, the groups', and `role:` and each role. */
export interface Answering {
  readonly actor: string;
  readonly names: readonly string[];
}

type Asked = Pick<ApprovalHold, 'approvers' | 'barred'>;

/** Why this person may not answer; null: he may. */
export function refusePerson({ approvers, barred }: Asked, { actor, names }: Answering): Refusal | null {
  if (barred.includes(actor)) {
    return {
      why: 'forbidden',
      message: `${actor} started this run or wrote what it runs, and so may not answer for it`,
    };
  }
  if (approvers.length === 0 || approvers.some((name) => names.includes(name))) return null;
  return { why: 'forbidden', message: `${actor} is none of those who are asked: ${approvers.join(', ')}` };
}

/** Why this answer is not taken; null: it is. The form of an approval is looked at last. */
export function refuseAnswer(hold: ApprovalHold, by: Answering, decision: Verdict, form: JsonObject | null): Refusal | null {
  const refused = refusePerson(hold, by);
  if (refused) return refused;
  const earlier = hold.answers.find(({ actor }) => actor === by.actor);
  if (earlier) return { why: 'illegal_move', message: `${by.actor} has ${earlier.decision} already` };
  const ended = moveOf(hold, hold.since);
  if (ended && ended.to !== 'hold') return { why: 'illegal_move', message: 'it has been decided already' };
  if (decision === 'rejected') return null;
  const problems = formProblems(hold.form, form ?? {});
  return problems.length > 0 ? { why: 'invalid_input', message: 'the form is not filled in as it must be', problems } : null;
}

/** UTF-8 bytes of one form as JSON. */
const FORM_BYTES = 8 * 1024;

function formProblems(schema: JsonSchema | null, form: JsonObject): readonly Problem[] {
  const bounds = [...take(boundViolations(form, '/form'), LIMITS.problems)];
  if (bounds.length > 0) return bounds;
  if (bytesAsJson(form) > FORM_BYTES) return [errorAt('/form', `takes ${bytesAsJson(form)} bytes as JSON; at most ${FORM_BYTES} allowed`)];
  const asked: JsonSchema = { additionalProperties: false, properties: {}, ...schema, type: 'object' };
  return [...take(violations(asked, filled(schema, form), '/form'), LIMITS.problems)];
}

/** A form with the defaults of the fields that were left out. */
export const filled = (schema: JsonSchema | null, form: JsonObject): JsonObject => {
  const defaults = Object.entries(schema?.properties ?? {}).flatMap(([name, { default: value }]): [string, Json][] =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(defaults), ...form };
};

/** The hold with one answer more; the same person's second one changes nothing. */
export const withAnswer = (hold: ApprovalHold, answer: Answer): ApprovalHold =>
  hold.answers.some(({ actor }) => actor === answer.actor)
    ? hold
    : {
        ...hold,
        answers: [
          ...hold.answers,
          { ...answer, form: answer.decision === 'approved' ? filled(hold.form, answer.form ?? {}) : answer.form },
        ],
      };

/** What a step of this type says once its templates are filled in. */
export interface ApprovalConfig {
  readonly message?: string | undefined;
  readonly form?: Json | undefined;
  readonly approvers?: readonly string[] | undefined;
  readonly count?: number | undefined;
  readonly timeout?: string | undefined;
  readonly on_timeout?: OnExpiry | undefined;
  readonly reminder?: string | undefined;
  readonly escalation?: readonly { readonly after: string; readonly to: readonly string[] }[] | undefined;
  readonly allow_self?: boolean | undefined;
}

/** Begins to ask; `interested` are the users whose own wish the run is. Throws a RangeError for what is no duration. */
export function askApproval(config: ApprovalConfig, now: number, interested: readonly string[]): HoldMove {
  const approvers = config.approvers ?? [];
  const hold: ApprovalHold = {
    kind: 'approval',
    since: now,
    until: config.timeout === undefined ? null : now + parseDuration(config.timeout),
    onExpiry: config.on_timeout ?? 'fail',
    message: config.message ?? null,
    form: (config.form ?? null) as JsonSchema | null,
    approvers,
    barred: config.allow_self ? [] : [...new Set(interested)],
    count: config.count ?? 1,
    answers: [],
    reminderMs: config.reminder === undefined ? null : Math.max(1, parseDuration(config.reminder)),
    reminded: 0,
    escalations: (config.escalation ?? []).map(({ after, to }) => ({ at: now + parseDuration(after), to })).sort((a, b) => a.at - b.at),
    escalated: 0,
  };
  return { to: 'hold', hold, notices: [{ kind: 'asked', number: 1, to: approvers, message: config.message ?? ASKS }] };
}
