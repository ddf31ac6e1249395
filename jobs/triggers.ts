import type { TriggerDefinition } from './definition.ts';
import type { EndStatus } from './definition-words.ts';
import { parseDuration } from './duration.ts';
import { evaluate } from './expression/evaluate.ts';
import { render } from './expression/render.ts';
import { hasExpression, partsOf } from './expression/scan.ts';
import type { Variables } from './expression/variables.ts';
import { StepFailure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import { errorAt, InvalidInput, pointerTo } from './problem.ts';

/** A run that has ended, as the expressions of a trigger see it. */
export interface SourceRun {
  readonly id: string;
  readonly number: number;
  readonly job: string;
  readonly status: EndStatus;
  readonly parameters: JsonObject;
  readonly outputs: Json;
  /** ISO 8601, UTC. */
  readonly ended_at: string;
}

/** How close together the runs of a join must end, where its author does not say. */
const WINDOW = '1h';

/** The jobs whose ends a trigger listens to. */
export const sourcesOf = ({ job }: Pick<TriggerDefinition, 'job'>): readonly string[] => [job].flat();

/** The ends it listens to. */
export const endsOf = ({ on = ['completed'] }: Pick<TriggerDefinition, 'on'>): readonly EndStatus[] => on;

/** Ends of one job are acted upon one by one; those of several have to come together. */
export const isJoin = ({ job }: Pick<TriggerDefinition, 'job'>): boolean => sourcesOf({ job }).length > 1;

const windowMs = ({ within = WINDOW }: TriggerDefinition): number => parseDuration(within);

/** The end of a run that nothing has been started for yet; `at` in epoch milliseconds. */
export interface Arrival {
  readonly id: string;
  readonly job: string;
  readonly at: number;
}

export interface Joining {
  /** One end of each job, close enough together: they start one run. */
  readonly joined: readonly (readonly Arrival[])[];
  /** Ends that nothing can come together with any more. */
  readonly unmatched: readonly Arrival[];
  /** When the first of the others will be one of those (epoch milliseconds); null: there are no others. */
  readonly nextAt: number | null;
}

/** An end is told of a moment after it happened, by whoever wrote it down. */
const GRACE_MS = 5_000;

/**
 * What the ends a join has seen so far come to at this moment: the oldest of each job go together if they lie within the window; if they do
 * not, the oldest of all has waited in vain. Each end is used once.
 */
export function joinArrivals(trigger: TriggerDefinition, arrivals: readonly Arrival[], now: number): Joining {
  const window = windowMs(trigger);
  const lanes = sourcesOf(trigger).map((job) => arrivals.filter((one) => one.job === job).sort((a, b) => a.at - b.at));
  const joined: (readonly Arrival[])[] = [];
  const unmatched: Arrival[] = [];
  for (;;) {
    const heads = lanes.flatMap(([first]) => first ?? []);
    if (heads.length < lanes.length) break;
    const oldest = heads.reduce((a, b) => (b.at < a.at ? b : a));
    const isTogether = heads.every(({ at }) => at - oldest.at <= window);
    if (isTogether) joined.push(heads);
    else unmatched.push(oldest);
    for (const lane of lanes) if (isTogether || lane[0] === oldest) lane.shift();
  }
  const left = lanes.flat();
  const isLate = ({ at }: Arrival): boolean => at + window + GRACE_MS <= now;
  const waiting = left.filter((arrival) => !isLate(arrival));
  return {
    joined,
    unmatched: [...unmatched, ...left.filter(isLate)],
    nextAt: waiting.length === 0 ? null : Math.min(...waiting.map(({ at }) => at)) + window + GRACE_MS,
  };
}

/** What expressions of a trigger see: the run that ended last, and the ended run of each job by the job's name. */
const variablesOf = (source: SourceRun, all: readonly SourceRun[]): Variables => ({
  source: source as unknown as JsonObject,
  sources: Object.fromEntries(all.map((run) => [run.job, run])) as unknown as JsonObject,
});

/** Whether a trigger's condition holds for these runs, of which the last is the one that ended last. Throws InvalidInput when it cannot be told. */
export const isWanted = (trigger: TriggerDefinition, runs: readonly SourceRun[]): boolean => {
  if (trigger.if === undefined) return true;
  const answer = asInput('/if', () => evaluate(bare(trigger.if ?? ''), variablesOf(lastOf(runs), runs), 'if'));
  if (typeof answer === 'boolean') return answer;
  throw new InvalidInput([errorAt('/if', `must answer true or false, not ${JSON.stringify(answer)?.slice(0, 80)}`)]);
};

/** What a trigger gives the run it starts. Throws InvalidInput with pointers such as `/parameters/site`. */
export const mappedParameters = ({ parameters = {} }: TriggerDefinition, runs: readonly SourceRun[]): JsonObject => {
  const variables = variablesOf(lastOf(runs), runs);
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      asInput(pointerTo('/parameters', name), () => render(value, variables, { place: `parameters.${name}` })),
    ]),
  );
};

function lastOf(runs: readonly SourceRun[]): SourceRun {
  const last = runs.at(-1);
  if (last === undefined) throw new Error('a trigger is asked about no run');
  return last;
}

function asInput<T>(pointer: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StepFailure) throw new InvalidInput([{ pointer, message: error.message, severity: 'error' }]);
    throw error;
  }
}

/** A condition may stand bare or as `${{ … }}`. */
function bare(text: string): string {
  if (!hasExpression(text)) return text.trim();
  const [only] = partsOf(text.trim());
  return only && 'source' in only ? only.source : text.trim();
}
