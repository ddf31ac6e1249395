import { CancellationScope } from '@temporalio/workflow';
import { applyEvent, type CancelWish, initialState, type RunEvent, type RunState } from '#jobs/apply-event.ts';
import type { PlannedStep } from '#jobs/plan.ts';
import type { RunInput, RunSnapshot, Steering } from './messages.ts';
import { snapshotOf } from './step-call.ts';

/** What one history hands to the next when a long run continues as new. */
export interface Carried {
  readonly state: RunState;
  readonly seq: number;
  /** Epoch milliseconds at which the run's own limit strikes. */
  readonly deadline: number | null;
  readonly wish: CancelWish;
}

/** A run while its workflow is in memory: the pure state, the news not yet acted upon, and the steps in flight. */
export class OpenRun {
  readonly input: RunInput;
  readonly deadline: number | null;
  state: RunState;
  /** By whom and why the run will be cancelled, if it is; told ahead of Temporal's own request. */
  wish: CancelWish;
  /** Who asked for what the next snapshot shows. */
  steeredBy: Steering | undefined;
  /** Keys of the steps in flight. */
  readonly inFlight = new Set<string>();
  /** What must go on when Temporal asks to cancel: a run ends by its own decision, after its steps. */
  readonly shielded = new CancellationScope({ cancellable: false });
  /**
   * The scope that all steps start in. Whatever cancels today cancels them all; a step that is to be cancelled alone can start in a scope
   * below this one. One for each step would make seven promises more, and the SDK keeps a stack trace of every promise.
   */
  readonly work = new CancellationScope({ cancellable: true, parent: this.shielded });
  #seq: number;
  #inbox: RunEvent[] = [];
  #wake: (() => void) | undefined;

  constructor(input: RunInput, carried: Carried | undefined, now: number) {
    const { plan, parameters, target, run } = input;
    this.input = input;
    this.state = carried?.state ?? initialState({ run, job: plan.job, started_at: new Date(now).toISOString(), parameters, target });
    this.deadline = carried ? carried.deadline : plan.timeoutMs === null ? null : now + plan.timeoutMs;
    this.wish = carried?.wish ?? { actor: null, reason: null };
    this.#seq = carried?.seq ?? 0;
  }

  /** Shows a step as running and in flight; what it answers takes the events that it ends with. */
  begin({ id }: PlannedStep): (events: readonly RunEvent[]) => void {
    this.apply({ type: 'step_started', key: id });
    this.inFlight.add(id);
    return (events) => {
      this.inFlight.delete(id);
      for (const event of events) this.tell(event);
    };
  }

  /** Applies an event from outside at once, so that whoever looks next sees it, and wakes the run for what follows from it. */
  tell(event: RunEvent): void {
    this.apply(event);
    this.#inbox.push(event);
    this.#wake?.();
  }

  /** Resolves when there is news. */
  news(): Promise<void> {
    if (this.hasNews) return Promise.resolve();
    // Not `condition()`: the SDK keeps a stack trace of every promise, so each one that a step does without counts.
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  get hasNews(): boolean {
    return this.#inbox.length > 0;
  }

  /** True once the run starts nothing more and only waits for what is in flight. */
  get isStopping(): boolean {
    return this.state.cancel !== null || this.state.timedOut;
  }

  /** What has happened since the last turn, in order. */
  takeNews(): readonly RunEvent[] {
    const news = this.#inbox;
    this.#inbox = [];
    return news;
  }

  /** Applies a decision of the run's own. */
  apply(event: RunEvent): void {
    this.state = applyEvent(this.state, event);
  }

  /** The run's row as of now, under a sequence number that no other snapshot has. */
  snapshot(over: Partial<Omit<RunSnapshot, 'seq'>> = {}, by = this.steeredBy): RunSnapshot {
    this.steeredBy = undefined;
    const told = by ? { message: by.reason, actor: by.actor } : {};
    return { ...snapshotOf(this.state, this.input.plan.steps.length, this.reserve(1)), ...told, ...over };
  }

  /** The first of so many sequence numbers that no other snapshot has; what is taken later counts as newer than all of them. */
  reserve(numbers: number): number {
    const first = this.#seq + 1;
    this.#seq += numbers;
    return first;
  }

  get carried(): Carried {
    return { state: this.state, seq: this.#seq, deadline: this.deadline, wish: this.wish };
  }
}
