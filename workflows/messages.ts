import type { RunState, SkipReason } from '#jobs/apply-event.ts';
import { backfillWorkflowId } from '#jobs/backfills/words.ts';
import type { ManyTargets } from '#jobs/chosen-targets.ts';
import type { StepError } from '#jobs/failure.ts';
import type { HoldNotice } from '#jobs/holds/kind.ts';
import type { SliceTold } from '#jobs/items/slices.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import type { Wishes } from '#jobs/lock-state.ts';
import type { PartVariables } from '#jobs/parts.ts';
import type { Plan, PlannedStep } from '#jobs/plan.ts';
import type { RunEvent } from '#jobs/run-event.ts';
import type { RunStatus, StepStatus, WaitingFor } from '#jobs/run-state.ts';
import type { StepOutputs } from '#jobs/run-variables.ts';
import type { ScheduleContext } from '#jobs/schedules/context.ts';
import type { TargetChoice } from '#jobs/target-choice.ts';

/** The workflow's type name, its id for a run, and the task queue its workers poll. */
export const RUN_WORKFLOW = 'runJob';
export const RUN_QUEUE = 'runs';
/** Served by every worker that runs steps on hosts, beside those steps: whoever ends what runs there must not wait until one of them has ended. */
export const REAP_QUEUE = 'remote-reap';
export const workflowIdOf = (run: string): string => `run:${run}`;

/** What starts a run. */
export interface RunInput {
  readonly run: string;
  readonly project: string;
  readonly plan: Plan;
  readonly parameters: JsonObject;
  /** The default target of steps that need one and name none, given at start or by the job. */
  readonly target: TargetChoice | null;
  /** By step id: the only targets of a step on several; absent for a run on all of them. */
  readonly onlyTargets?: { readonly [step: string]: readonly string[] };
  /** For the workflow of a slice: whose it is, and which. */
  readonly slice?: SliceOf;
  /** Users whose own wish the run is: who started it, and who wrote what it runs; absent in older runs. */
  readonly people?: { readonly started_by: string; readonly edited_by: string | null };
  /** The moment from which it may run, in epoch milliseconds; absent: at once. */
  readonly scheduledFor?: number;
  /** Where its steps stand when it begins; absent: nothing has happened to them. */
  readonly resume?: Resume;
  /** By step id: the version of the job that the step runs, as it was when this run was accepted; null: there was none. */
  readonly subJobs?: { readonly [step: string]: number | null };
  /** Whom the run tells of its end; absent for one that no step waits for. */
  readonly parent?: SubRunParent;
  /** The id of its workflow, where that is not `run:<id>`: Temporal names what its schedules start. */
  readonly workflowId?: string;
  /** The zone whose queues its steps go to; absent: the queues without one. */
  readonly zone?: string;
  /** Whose share of a queue its steps take. */
  readonly fairness?: { readonly key: string; readonly weight: number };
  /** The moment of a schedule that it stands for; also that of the run it repeats. */
  readonly schedule?: ScheduleContext;
}

/** The workflow that Temporal's schedules start, and what they hand it: all else is read when it begins. */
export const SCHEDULED_WORKFLOW = 'runScheduled';
export interface Scheduled {
  /** The id of the schedule's row. */
  readonly schedule: string;
}

/** Asks for the run of a moment (epoch milliseconds) that a workflow is to be; `execution` is the first of those that continue each other. */
export interface FireCall extends Scheduled {
  readonly nominalAt: number;
  readonly workflowId: string;
  readonly execution: string;
}

/** Null: this moment has its run, or has none. */
export interface FireReport {
  readonly input: RunInput | null;
}

/** Asks by whom and why a workflow was cancelled that nobody of us told; null: not by its schedule. */
export interface WhyCancelledCall {
  readonly workflowId: string;
  readonly runId: string;
  /** The name of the schedule that started it. */
  readonly schedule: string;
}

/** What a run begins with: results of an earlier one, steps that were not chosen. */
export interface Resume {
  readonly steps: RunState['steps'];
  /** Bunches of keys whose outputs are too large to travel along and are read from the run's rows. */
  readonly unread?: readonly (readonly string[])[];
}

/** Asks for outputs that the rows of a run hold. */
export interface OutputsCall {
  readonly run: string;
  readonly keys: readonly string[];
}

/** By key. */
export interface OutputsReport {
  readonly outputs: { readonly [key: string]: JsonObject };
}

/** The step that a slice belongs to, the id of its run's workflow, and how many bytes its outputs may have together. */
export interface SliceOf {
  readonly parent: string;
  readonly key: string;
  readonly slice: number;
  readonly outputBytes: number;
}

/** How a run's workflow is started now, by whoever starts it: the same run never starts twice, and a second start finds the first; one for later waits in Temporal. */
export const startOptionsOf = (input: RunInput) =>
  ({
    taskQueue: RUN_QUEUE,
    workflowId: input.workflowId ?? workflowIdOf(input.run),
    args: [input],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    priority: priorityOf(input),
    staticSummary: input.plan.job,
    ...delayUntil(input.scheduledFor),
  }) as const;

/** How urgent a run's work is, and whose share of a queue it takes; for a step with its own urgency. */
export const priorityOf = ({ plan, fairness }: Pick<RunInput, 'plan' | 'fairness'>, own: number | null = null) => ({
  priorityKey: own ?? plan.priority,
  ...(fairness && { fairnessKey: fairness.key, fairnessWeight: fairness.weight }),
});

const delayUntil = (moment = 0): { readonly startDelay?: number } => {
  const startDelay = moment - Date.now();
  return startDelay > 0 ? { startDelay } : {};
};

/** How the workflow of a backfill is started, by whoever starts it: one that is under way is as good. */
export const backfillStart = (id: string) =>
  ({
    taskQueue: RUN_QUEUE,
    workflowId: backfillWorkflowId(id),
    args: [id],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
  }) as const;

/** One execution asked of a worker: the step with its templates filled in, and the run as it stands. */
export interface StepCall {
  readonly run: string;
  readonly project: string;
  readonly key: string;
  readonly step: Pick<
    PlannedStep,
    'id' | 'number' | 'name' | 'type' | 'effect' | 'reattaches' | 'secrets' | 'timeoutMs' | 'retry' | 'outputs' | 'inline'
  >;
  readonly config: JsonObject;
  readonly target: string | null;
  /** The item that a part is about, which its outputs may name. */
  readonly part?: PartVariables;
  /** Attempts of this step before this call (in-place retries by a person). */
  readonly attemptsBefore: number;
  /** How much of its result a part may hand on unasked; absent for a step in one piece. */
  readonly outputBytes?: number;
  readonly snapshot: RunSnapshot;
}

/** What a step leaves in history: its declared outputs (≤ 16 KB); the whole result stands in Postgres. */
export interface StepReport {
  readonly outputs: JsonObject;
  /** The number of the attempt that did it; histories of before the number was told lack it. */
  readonly attempt?: number;
}

/** Asks which targets a step means that does not name one. */
export interface TargetsCall {
  readonly project: string;
  /** The step's type, which says what kind of target it needs. */
  readonly type: string;
  readonly choice: ManyTargets;
}

/** Their names, in the order of the step's parts. */
export interface TargetsReport {
  readonly targets: readonly string[];
  /** Some of them have maintenance windows. */
  readonly windowed?: true;
}

/** Asks a worker to end what a step may have left on its target. */
export interface ReapCall {
  readonly run: string;
  readonly project: string;
  readonly key: string;
  readonly type: string;
  readonly target: string;
  /** How many milliseconds a process has after TERM before KILL. */
  readonly graceMs: number;
}

/** What was found there and done; `ended` false: something lives on, named in `left`. */
export interface ReapReport {
  readonly ended: boolean;
  /** The strongest means of finding processes that the host offered; null when nothing had to be looked for. */
  readonly tier: string | null;
  readonly signals: readonly string[];
  readonly pids: readonly number[];
  readonly left: readonly { readonly pid: number; readonly owner: string }[];
}

/** Asks a worker to go on with a run as long as all there is to do is one inline step after the other. */
export interface InlineCall {
  readonly run: string;
  readonly project: string;
  readonly plan: Plan;
  readonly state: RunState;
  /** The first of the sequence numbers kept for these steps, one each. */
  readonly seq: number;
}

/** Inline steps one call carries out at most. */
export const INLINE_STEPS_AT_ONCE = 50;

/** How each of the steps ended, in their order; a failure is the last one. */
export interface InlineReport {
  readonly ended: readonly InlineEnd[];
}

export type InlineEnd =
  | (StepReport & { readonly key: string })
  | { readonly key: string; readonly error: StepError; readonly attempts: number; readonly attempt?: number | undefined };

/** The run's own row as the workflow knows it; written only over an older `seq`. */
export interface RunSnapshot {
  readonly seq: number;
  readonly status: RunStatus;
  readonly waiting_for: WaitingFor | null;
  readonly message: string | null;
  readonly error_message: string | null;
  readonly completed_steps: number;
  readonly failed_steps: number;
  /** 0–100, never falling. */
  readonly progress: number;
  /** Who caused this status, when a person did. */
  readonly actor: string | null;
}

/** The `seq` of an end that others wrote for a workflow, above every number it assigns: what it still says changes nothing. */
export const FINAL_SEQ = 1_000_000_000;

/** A run's row with the steps that ended without an activity, or whose rows a crash may have lost. */
export interface RunRecord {
  readonly run: string;
  readonly project: string;
  readonly snapshot: RunSnapshot;
  readonly steps: readonly StepRecord[];
  /** Told by the workflow of a slice, which knows nothing of the run's own row. */
  readonly ofSlice?: true;
  readonly result_data: Json;
  /** The run ends, and may hold keys or wait for them: they are given up with it. */
  readonly frees?: true;
}

export interface StepRecord {
  readonly key: string;
  /** The step's id in the plan. */
  readonly step_id: string;
  /** The step that this one is a part of. */
  readonly parent_key: string | null;
  readonly target: string | null;
  /** The targets of a step that was taken apart into one part for each. */
  readonly targets: readonly string[] | null;
  /** What a part is about, as far as a row shows it. */
  readonly item?: Json;
  /** How many parts the step was taken apart into. */
  readonly parts?: number;
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly status: StepStatus;
  readonly waiting_for: WaitingFor | null;
  readonly error: StepError | null;
  /** Why a step was skipped, or another sentence for a person. */
  readonly message: string | null;
  /** Why it was skipped. */
  readonly skip_reason?: SkipReason | null;
  /** What the step waits for, or what it had asked of people, as its row shows it; absent: neither. */
  readonly hold?: JsonObject;
  readonly outputs: StepOutputs | null;
  /** The number of the attempt that ended so, where a worker told it; rows of attempts up to it that a crash lost are written again. */
  readonly attempt: number | null;
}

/** Names of the messages a run understands. Signals: pause, resume, and cancel, which says by whom and why ahead of Temporal's own request, the one that cancels. Update (validated, answered): retryStep. */
export const CANCEL_SIGNAL = 'cancel';
export const PAUSE_SIGNAL = 'pause';
export const RESUME_SIGNAL = 'resume';
export const RETRY_STEP_UPDATE = 'retryStep';

/** What a workflow is told whose run was cancelled while its start was under way. */
export const WITHDRAWN: { readonly signal: string; readonly by: Steering } = {
  signal: CANCEL_SIGNAL,
  by: { actor: 'system', reason: 'cancelled before it started' },
};

/** By whom and why; every message carries it. */
export interface Steering {
  readonly actor: string;
  readonly reason: string | null;
}

/** `at`: when it was asked for, in epoch milliseconds; cancels of before it was told lack it. `force`: nothing is undone, handled or cleaned up. */
export interface Cancel extends Steering {
  readonly at?: number;
  readonly force?: true;
}

/** `config`: fields in place of those of the definition. */
export interface RetryStep extends Steering {
  readonly key: string;
  readonly config?: JsonObject;
}

/** Signals between a run and the workflows of its slices: what a slice tells of its parts, and what has happened to the run or was asked of a part. */
export const SLICE_TOLD_SIGNAL = 'sliceTold';
export const STEER_SLICE_SIGNAL = 'steerSlice';

export interface SliceReport {
  readonly key: string;
  readonly slice: number;
  readonly told: SliceTold;
  readonly isOver: boolean;
}

export interface SteerSlice {
  readonly events: readonly RunEvent[];
  readonly by?: Steering;
  /** When a wish to cancel was told, in epoch milliseconds. */
  readonly at: number | null;
}

/** The type of the failure by which a run refuses to steer a part that a slice carries out; its detail is the id of the workflow to ask. */
export const STEERED_ELSEWHERE = 'elsewhere';

/** The type of the workflow that carries out a slice of a step, and its id. */
export const SLICE_WORKFLOW = 'runSlice';
export const sliceWorkflowId = (run: string, step: string, slice: number): string => `slice:${run}:${step}:${slice}`;

/** Update: someone's answer to a step that asks for approval; it is refused with the type `forbidden`, `invalid_input` (problems in the details) or `illegal_move`. */
export const ANSWER_UPDATE = 'answerApproval';

export interface AnswerStep {
  readonly key: string;
  readonly actor: string;
  /** All that approvers may call this person by. */
  readonly names: readonly string[];
  readonly decision: 'approved' | 'rejected';
  readonly comment: string | null;
  readonly form: JsonObject | null;
}

/** Update: a signal for the step that waits for one of this name, or will. */
export const SEND_UPDATE = 'sendSignal';

export interface SendSignal {
  readonly name: string;
  readonly data: Json;
  readonly actor: string;
}

/** Signal: what was posted to a step's address. A step that has not begun reads it from Postgres. */
export const ARRIVAL_SIGNAL = 'webhookArrived';

export interface ArrivalCall {
  readonly run: string;
  readonly key: string;
}

export interface Arrival {
  readonly body: Json;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The signal that windows may open at another time than a run knows. */
export const WINDOW_SIGNAL = 'windowsChanged';

/** Asks which of these targets are outside of their maintenance windows. */
export interface WindowsCall {
  readonly project: string;
  readonly targets: readonly string[];
}

/** Asks at which moment (epoch milliseconds) the clocks of a zone show this. */
export interface LocalTimeCall {
  readonly local: string;
  readonly timezone: string;
}

/** Asks that people are told of a step that waits. */
export interface NoticesCall extends ArrivalCall {
  readonly project: string;
  readonly job: string;
  /** Under ids of their own, so that writing one twice writes it once. */
  readonly notices: readonly (HoldNotice & { readonly id: string })[];
}

/** The step that waits for a run, and the workflow it belongs to. */
export interface SubRunParent {
  readonly workflow_id: string;
  readonly key: string;
}

/** Signal: a run that a step of this one waits for has ended. What it came to is read from Postgres. */
export const SUB_RUN_SIGNAL = 'subRunEnded';

export interface SubRunEnded {
  readonly run: string;
  /** The key of the step that waits for it. */
  readonly key: string;
}

/** Asks that a step's run of another job is accepted and started; asked again for the same try, it is the same run. */
export interface SubRunCall {
  readonly run: string;
  readonly project: string;
  readonly key: string;
  /** Tries of the step before this one. */
  readonly attempt: number;
  readonly job: string;
  /** Null: there was no such job when the parent was accepted; absent: it was accepted without looking. */
  readonly version?: number | null;
  /** What the definition asks for, where it does not ask for the current one. */
  readonly asked?: { readonly version: number } | { readonly tag: string };
  readonly parameters: JsonObject;
  /** Absent when nobody waits for it. */
  readonly tells?: SubRunParent;
}

export interface SubRunReport {
  readonly run: string;
  readonly number: number;
}

/** A run of another job as its row has it; null when the row is gone. */
export interface SubRunSeen {
  readonly status: RunStatus;
  readonly error_message: string | null;
  readonly outputs: Json;
}

/** Asks that a run of another job is stopped, since the step that started it is. */
export interface SubRunStop {
  readonly run: string;
  readonly project: string;
  readonly by: Steering;
}

/** Signal: a key may have been granted that the run waits for, or one of its steps. */
export const LOCK_SIGNAL = 'lockGranted';

/** `owner`: the key of the step or part; empty for the run itself. */
export interface LockGranted {
  readonly owner: string;
}

/** Asks for all keys that a step needs, or the run itself, and for a moment to start at; asked again, it finds what it has. */
export interface LockCall {
  readonly run: string;
  readonly project: string;
  readonly owner: string;
  /** Who is told. */
  readonly workflowId: string;
  /** null: the run's. */
  readonly priority: number | null;
  readonly wishes: Wishes;
}

/** The local activity by which a run says that it is about to put steps into a queue of a zone. */
export interface QueueCall {
  readonly queue: string;
}

/** Gives back all keys of a step. */
export interface FreeCall {
  readonly run: string;
  readonly owner: string;
}

/** Updates: skip a step that waits or has not started, as if it had answered with these outputs; end one that runs or waits, while the run goes on. */
export const SKIP_STEP_UPDATE = 'skipStep';
export const CANCEL_STEP_UPDATE = 'cancelStep';

export interface SkipStep extends Steering {
  readonly key: string;
  readonly outputs?: JsonObject;
}

export interface CancelStep extends Steering {
  readonly key: string;
}
