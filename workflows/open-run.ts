import { CancellationScope, sleep } from '@temporalio/workflow';
import { applyEvent, type CancelWish, initialState, isStopping, type RunState } from '#jobs/apply-event.ts';
import type { RunHold } from '#jobs/holds/run-hold.ts';
import { leftBy } from '#jobs/left-runs.ts';
import type { RunEvent } from '#jobs/run-event.ts';
import { hasCompensation } from '#jobs/undo.ts';
import type { RunInput, RunSnapshot, Steering } from './messages.ts';
import type { Remains } from './reaping.ts';
import { snapshotOf } from './step-call.ts';
import { StepScopes } from './step-scopes.ts';

/** What one history hands to the next when a long run continues as new. */
export interface Carried {
  readonly state: RunState;
  readonly seq: number;
  /** Epoch milliseconds at which the run's own limit strikes. */
  readonly deadline: number | null;
  readonly wish: CancelWish;
}

/** What happened at once: a step's end, a person's wish, the limit of the run. */
export interface News {
  readonly events: readonly RunEvent[];
  /** The step that is no longer in flight. */
  readonly ended?: string;
  /** Something else that is no longer in flight, of which no row has anything to say. */
  readonly landed?: string;
  /** No worker has written that step's row. */
  readonly isUntold?: boolean;
  readonly by?: Steering;
  /** A person wants this step to end, with its parts, and why. */
  readonly cancels?: { readonly key: string; readonly why: string };
}

/** What happened; what depends on the state of the run is decided when its turn has come. */
export type Happening = readonly RunEvent[] | ((state: RunState) => readonly RunEvent[]);
type Told = Omit<News, 'events'> & { readonly events: Happening };

/** A run while its workflow is in memory: the pure state, the news not yet acted upon, and the steps in flight. */
export class OpenRun {
  readonly input: RunInput;
  readonly deadline: number | null;
  state: RunState;
  /** By whom and why the run will be cancelled, if it is; told ahead of Temporal's own request. */
  wish: CancelWish;
  /** Epoch milliseconds of that wish, where it was told. */
  cancelAskedAt: number | null = null;
  /** Keys of the steps in flight. */
  readonly inFlight = new Set<string>();
  /** What steps in flight may leave on their targets, by their keys. */
  readonly remains = new Map<string, Remains>();
  /** What must go on when Temporal asks to cancel: a run ends by its own decision, after its steps. */
  readonly shielded = new CancellationScope({ cancellable: false });
  /** The scope of what the run does until it ends or has to undo something, apart from what steps ask for in scopes of their own. */
  readonly work = new CancellationScope({ cancellable: true, parent: this.shielded });
  /** The scope of what a run undoes, handles and cleans up before it ends badly: only a person's force cancels it. */
  readonly aftermath = new CancellationScope({ cancellable: true, parent: this.shielded });
  /** One for each step in flight that can be cancelled alone. */
  readonly scopes = new StepScopes(this.shielded);
  /** On their way to other workflows: Temporal drops what is not out when a history ends. */
  readonly words = new Set<Promise<void>>();
  /** Called with the run of another job that a step waited for, when it does so no more. */
  onLeft: ((hold: RunHold) => void) | undefined;
  #seq: number;
  #told: string | undefined;
  #inbox: Told[] = [];
  #wake: (() => void) | undefined;
  #alarm: { readonly at: number; readonly scope: CancellationScope } | undefined;

  constructor(input: RunInput, carried: Carried | undefined, now: number) {
    const { plan, parameters, target, run, schedule } = input;
    this.input = input;
    this.state = carried?.state ?? {
      ...initialState(
        { run, job: plan.job, started_at: new Date(now).toISOString(), parameters, target, ...(schedule && { schedule }) },
        hasCompensation(plan),
      ),
      ...(input.resume && { steps: input.resume.steps }),
    };
    this.deadline = carried ? carried.deadline : plan.timeoutMs === null ? null : now + plan.timeoutMs;
    this.wish = carried?.wish ?? { actor: null, reason: null };
    this.#seq = carried?.seq ?? 0;
  }

  /** Shows a step, or a part of one, as running and in flight; what it answers takes the events that it ends with. */
  begin(key: string): (events: Happening, by?: 'worker' | 'workflow') => void {
    this.apply({ type: 'step_started', key });
    this.inFlight.add(key);
    return (events, by = 'worker') => this.tell({ events, ended: key, isUntold: by === 'workflow' });
  }

  /** Puts news where the run finds them. Nothing changes before their turn comes, so that it does not matter how many arrive in one activation. */
  tell(news: Told): void {
    this.#inbox.push(news);
    this.#wake?.();
  }

  /** Makes the run decide anew at this moment (epoch milliseconds), whatever happens before; null: at none. */
  wakeAt(moment: number | null): void {
    if (moment === (this.#alarm?.at ?? null)) return;
    this.#alarm?.scope.cancel();
    this.#alarm = undefined;
    if (moment === null) return;
    const scope = new CancellationScope({ cancellable: true, parent: this.shielded });
    this.#alarm = { at: moment, scope };
    const rung = () => {
      this.#alarm = undefined;
      this.tell({ events: [] });
    };
    scope.run(() => sleep(Math.max(1, moment - Date.now()))).then(rung, () => undefined);
  }

  get hasNews(): boolean {
    return this.#inbox.length > 0;
  }

  /** The next news, in the order they came, already applied. */
  async nextNews(): Promise<News> {
    for (;;) {
      const told = this.#inbox.shift();
      if (told === undefined) {
        // Not `condition()`: the SDK keeps a stack trace of every promise, so each one that a step does without counts.
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      if (told.ended !== undefined) this.#land(told.ended);
      if (told.landed !== undefined) this.inFlight.delete(told.landed);
      const events = typeof told.events === 'function' ? told.events(this.state) : told.events;
      for (const event of events) this.apply(event);
      return { ...told, events };
    }
  }

  /** The state once all news has had its turn, for validators: two answers of one moment must not both be taken. */
  get foreseen(): RunState {
    let state = this.state;
    for (const { events } of this.#inbox) {
      for (const event of typeof events === 'function' ? events(state) : events) state = applyEvent(state, event);
    }
    return state;
  }

  #land(key: string): void {
    this.inFlight.delete(key);
    this.scopes.forget(key);
  }

  /** Asks all that is in flight to end. */
  cancelWork(): void {
    this.scopes.cancelAll();
    (this.state.ending ? this.aftermath : this.work).cancel();
  }

  /** True once the run starts nothing more and only waits for what is in flight. */
  get isStopping(): boolean {
    return isStopping(this.state);
  }

  /** Applies a decision of the run's own. */
  apply(event: RunEvent): void {
    const left = leftBy(this.state, event);
    this.state = applyEvent(this.state, event);
    if (left) this.onLeft?.(left);
  }

  /** The run's row as of now, under a sequence number that no other snapshot has. */
  snapshot(over: Partial<Omit<RunSnapshot, 'seq'>> = {}, by?: Steering): RunSnapshot {
    const told = by ? { message: by.reason, actor: by.actor } : {};
    // A slice knows nothing of the run's own row, where every other snapshot is newer than this.
    const now = snapshotOf(this.state, this.input.plan, this.input.slice ? 0 : this.reserve(1));
    this.#told = gistOf(now);
    return { ...now, ...told, ...over };
  }

  /** Whether the run's row would say anything that the last snapshot did not. */
  get hasMovedOn(): boolean {
    return gistOf(snapshotOf(this.state, this.input.plan, 0)) !== this.#told;
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

const gistOf = ({ status, waiting_for, completed_steps, failed_steps, progress }: RunSnapshot): string =>
  [status, waiting_for, completed_steps, failed_steps, progress].join(' ');
