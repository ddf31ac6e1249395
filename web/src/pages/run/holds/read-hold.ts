import type { Json, JsonObject } from '#jobs/json.ts';
import type { StepView } from '../../../api/views.ts';

/** What a step waits for, as its row shows it; moments as ISO 8601. */
export type ShownHold =
  | ShownApproval
  | { readonly kind: 'timer'; readonly until: string | null }
  | { readonly kind: 'rate'; readonly resource: string; readonly until: string | null }
  | { readonly kind: 'window'; readonly target: string; readonly opensAt: string | null }
  | { readonly kind: 'signal'; readonly name: string; readonly until: string | null }
  | { readonly kind: 'webhook'; readonly until: string | null }
  | { readonly kind: 'lock'; readonly key: string; readonly position: number | null; readonly heldBy: readonly number[] }
  | { readonly kind: 'run'; readonly run: string; readonly number: number; readonly job: string; readonly until: string | null }
  | { readonly kind: 'intervention'; readonly until: string | null };

export interface ShownApproval {
  readonly kind: 'approval';
  readonly message: string | null;
  /** Empty: whoever may steer the run. */
  readonly approvers: readonly string[];
  readonly barred: readonly string[];
  readonly count: number;
  readonly answers: readonly ShownAnswer[];
  readonly until: string | null;
  readonly onTimeout: string | null;
  readonly reminded: number;
  readonly escalated: number;
}

export interface ShownAnswer {
  readonly actor: string;
  readonly decision: string;
  readonly comment: string | null;
  readonly at: string | null;
}

const text = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
const count = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);
const texts = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
const objects = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null && !Array.isArray(one)) : [];

/** What a step waits for, or had asked; null when it waits for nothing, or for something this page does not know. */
export function readHold({ status, waiting_for, hold }: Pick<StepView, 'status' | 'waiting_for' | 'hold'>): ShownHold | null {
  const kind = text(hold?.kind) ?? (status === 'waiting' && waiting_for === 'intervention' ? 'intervention' : null);
  const read = kind !== null && Object.hasOwn(READ, kind) ? READ[kind as ShownHold['kind']] : null;
  return read ? read(hold ?? {}) : null;
}

const READ: { readonly [K in ShownHold['kind']]: (hold: JsonObject) => Extract<ShownHold, { kind: K }> } = {
  approval: (hold) => ({
    kind: 'approval',
    message: text(hold.message),
    approvers: texts(hold.approvers),
    barred: texts(hold.barred),
    count: Math.max(1, count(hold.count)),
    answers: objects(hold.answers).map((answer) => ({
      actor: text(answer.actor) ?? '',
      decision: text(answer.decision) ?? '',
      comment: text(answer.comment),
      at: text(answer.at),
    })),
    until: text(hold.until),
    onTimeout: text(hold.on_timeout),
    reminded: count(hold.reminded),
    escalated: count(hold.escalated),
  }),
  timer: ({ until }) => ({ kind: 'timer', until: text(until) }),
  rate: ({ resource, until }) => ({ kind: 'rate', resource: text(resource) ?? '', until: text(until) }),
  window: ({ target, opens_at }) => ({ kind: 'window', target: text(target) ?? '', opensAt: text(opens_at) }),
  signal: ({ name, until }) => ({ kind: 'signal', name: text(name) ?? '', until: text(until) }),
  webhook: ({ until }) => ({ kind: 'webhook', until: text(until) }),
  lock: ({ key, position, held_by }) => ({
    kind: 'lock',
    key: text(key) ?? '',
    position: typeof position === 'number' ? position : null,
    heldBy: Array.isArray(held_by) ? held_by.filter((one) => typeof one === 'number') : [],
  }),
  run: ({ run, number, job, until }) => ({
    kind: 'run',
    run: text(run) ?? '',
    number: count(number),
    job: text(job) ?? '',
    until: text(until),
  }),
  intervention: ({ until }) => ({ kind: 'intervention', until: text(until) }),
};
