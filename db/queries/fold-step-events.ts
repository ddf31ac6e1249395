import { wholeOf } from '#jobs/parts.ts';
import type { RunSnapshot } from '#workflows/messages.ts';
import type { StepEvent, StepFinished, StepProgress, StepStarted } from './record-steps.ts';

type OptionalNull<T> = { [K in keyof T]: T[K] | null };

/** The newest a batch says of a run. */
type RunPatch = { run: string } & OptionalNull<RunSnapshot> & { worker_id: string | null; started_at: string | null };

/** What one batch says, with at most one row per run, step and attempt: a statement may touch a row only once. */
export interface FoldedSteps {
  readonly runs: RunPatch[];
  readonly steps: StepPatch[];
  readonly attempts: AttemptPatch[];
  /** Progress of steps about which the batch says nothing else. */
  readonly progress: ProgressPatch[];
  /** Targets on which attempts that began may leave something. */
  readonly remoteWork: RemoteWork[];
}

type ProgressPatch = { run: string; key: string; attempt: number; progress: number; progress_message: string | null };
type RemoteWork = { run: string; key: string; project: string; target: string; type: string };
type AttemptPatch = ReturnType<typeof attemptPatch>;
type StepPatch = ReturnType<typeof stepPatch>;

interface Attempt {
  readonly run: string;
  readonly key: string;
  readonly attempt: number;
  started?: StepStarted;
  progress?: StepProgress;
  finished?: StepFinished;
}

/** Folds events, in the order they happened, to what rows will say after them. */
export const foldStepEvents = (batch: readonly StepEvent[]): FoldedSteps => {
  const attempts = new Map<string, Attempt>();
  for (const event of batch) {
    const { run, key, attempt } = event;
    const id = `${run} ${attempt} ${key}`;
    const known = attempts.get(id) ?? { run, key, attempt };
    attempts.set(id, { ...known, [event.kind]: event });
  }
  const newest = new Map<string, Attempt>();
  for (const attempt of attempts.values()) {
    const id = `${attempt.run} ${attempt.key}`;
    if (attempt.attempt >= (newest.get(id)?.attempt ?? 0)) newest.set(id, attempt);
  }
  const moved = (attempt: Attempt) => attempt.started !== undefined || attempt.finished !== undefined;
  return {
    runs: runPatches(batch),
    steps: [...newest.values()].filter(moved).map(stepPatch),
    attempts: [...attempts.values()].filter(moved).map(attemptPatch),
    progress: [...newest.values()].filter((attempt) => !moved(attempt)).flatMap(progressPatch),
    remoteWork: [...attempts.values()].flatMap(remoteWorkOf),
  };
};

const runPatches = (batch: readonly StepEvent[]): RunPatch[] => {
  const patches = new Map<string, RunPatch>();
  for (const event of batch) {
    const known = patches.get(event.run) ?? { run: event.run, ...NO_SNAPSHOT };
    patches.set(event.run, event.kind === 'started' ? withStart(known, event) : known);
  }
  return [...patches.values()];
};

const NO_SNAPSHOT = {
  seq: null,
  status: null,
  waiting_for: null,
  message: null,
  error_message: null,
  completed_steps: null,
  failed_steps: null,
  progress: null,
  actor: null,
  worker_id: null,
  started_at: null,
};

const withStart = (known: RunPatch, { snapshot, worker_id, at }: StepStarted): RunPatch => ({
  ...known,
  ...(snapshot.seq >= (known.seq ?? 0) ? { ...snapshot, worker_id } : {}),
  started_at: known.started_at !== null && known.started_at < at ? known.started_at : at,
});

const stepPatch = ({ run, key, attempt, started, progress, finished }: Attempt) => ({
  run,
  key,
  parent_key: wholeOf(key),
  attempt,
  ...(started ? begun(started) : { ...UNHEARD, step_id: wholeOf(key) ?? key, name: key }),
  ...(finished ? ended(finished) : OPEN),
  progress: finished?.status === 'completed' ? 100 : Math.round(progress?.percent ?? 0),
  progress_message: progress?.message ?? null,
});

const begun = ({ project, step_id, step_number, name, type, config, target, item, worker_id, attempts_allowed, at }: StepStarted) => ({
  project,
  step_id,
  step_number,
  name,
  type,
  config,
  target,
  item: item ?? null,
  worker_id,
  attempts_allowed,
  started_at: at,
});

/** Only a step whose start was lost is first heard of at its end; the run's closing record knows its names. */
const UNHEARD = {
  project: 'default',
  step_number: 0,
  type: '',
  config: null,
  target: null,
  item: null,
  worker_id: null,
  attempts_allowed: null,
  started_at: null,
};

const ended = ({ status, retrying, isPaused = false, error, outputs, result, exit_code, stdout, stderr, at }: StepFinished) => ({
  status: !retrying ? status : isPaused ? ('paused' as const) : ('retrying' as const),
  // The row of a step that rests shows no failure; its attempt does.
  error: retrying && isPaused ? null : error,
  outputs,
  result,
  exit_code,
  stdout,
  stderr,
  ended_at: retrying ? null : at,
});

const OPEN = {
  status: 'running',
  error: null,
  outputs: null,
  result: null,
  exit_code: null,
  stdout: null,
  stderr: null,
  ended_at: null,
} as const;

const attemptPatch = ({ run, key, attempt, started, finished }: Attempt) => ({
  run,
  key,
  attempt,
  status: finished?.status ?? 'running',
  error: finished?.error ?? null,
  worker_id: started?.worker_id ?? null,
  exit_code: finished?.exit_code ?? null,
  first_line: started?.first_line ?? null,
  reattached: started?.reattached ?? false,
  started_at: started?.at ?? null,
  ended_at: finished?.at ?? null,
});

const remoteWorkOf = ({ run, key, started }: Attempt): RemoteWork[] =>
  started?.leaves_work && started.target !== null
    ? [{ run, key, project: started.project, target: started.target, type: started.type }]
    : [];

const progressPatch = ({ run, key, attempt, progress }: Attempt): ProgressPatch[] =>
  progress ? [{ run, key, attempt, progress: Math.round(progress.percent), progress_message: progress.message }] : [];
