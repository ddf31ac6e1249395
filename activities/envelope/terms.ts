import type { StepOverrideRow } from '#db/schema/step-overrides.ts';
import { activityIdOf } from '#jobs/activity-terms.ts';
import type { PlannedStep } from '#jobs/plan.ts';
import type { StepCall } from '#workflows/messages.ts';

/** What was changed of a step while it runs. */
export type Override = StepOverrideRow;

/** What holds for a step while it runs: what its call says, unless a person changed that meanwhile. */
export class Terms {
  readonly #asked: StepCall;
  readonly #mostMs: number;
  readonly #listeners: (() => void)[] = [];
  #step: StepCall['step'];
  #override: Override | null = null;
  /** Resets known when the attempt began, which is what came of them. */
  #resets = 0;
  #onReset: () => void = () => undefined;

  /** `mostMs`: longest time that any step has on this worker. */
  constructor(call: StepCall, mostMs: number) {
    this.#asked = call;
    this.#mostMs = mostMs;
    this.#step = call.step;
  }

  /** The call with the terms that hold now. */
  get call(): StepCall {
    return { ...this.#asked, step: this.#step };
  }

  get timeoutMs(): number {
    return Math.min(this.#step.timeoutMs, this.#mostMs);
  }

  /** True once the step's time is not what it began with. */
  get isRetimed(): boolean {
    return this.#step.timeoutMs !== this.#asked.step.timeoutMs;
  }

  /** Null when nothing was changed of this step as it runs now. */
  get override(): Override | null {
    return this.#override;
  }

  /** Takes a change over; one of an activity before this is none. */
  take(override: Override): void {
    if (override.activity_id !== activityIdOf(this.#asked.key, this.#asked.attemptsBefore)) return;
    const before = this.timeoutMs;
    this.#override = override;
    this.#step = overridden(this.#asked.step, override);
    if (this.timeoutMs !== before) for (const tell of this.#listeners) tell();
    if (this.#resets !== override.resets) this.#onReset();
  }

  /** From now on a reset is meant for this attempt; what it is told of before, it begins with. */
  begin(override: Override | null): void {
    if (override === null) return;
    this.#resets = override.resets;
    this.take(override);
  }

  /** Calls back when a person has the step begin anew. */
  onReset(tell: () => void): void {
    this.#onReset = tell;
  }

  /** Calls back whenever the step's time changes. */
  onTimeout(tell: () => void): void {
    this.#listeners.push(tell);
  }
}

const overridden = (step: StepCall['step'], { timeout_ms, attempts, delay_ms, backoff, max_delay_ms }: Override): StepCall['step'] => {
  const { retry }: Pick<PlannedStep, 'retry'> = step;
  return {
    ...step,
    timeoutMs: timeout_ms ?? step.timeoutMs,
    retry: {
      ...retry,
      attempts: attempts ?? retry.attempts,
      delayMs: delay_ms ?? retry.delayMs,
      backoff: backoff ?? retry.backoff,
      maxDelayMs: max_delay_ms ?? retry.maxDelayMs,
    },
  };
};
