/** What changed, as a notice from the database says it: ids only. */
export interface Changes {
  readonly runs?: readonly string[];
  readonly steps?: readonly (readonly [run: string, key: string])[];
  readonly logs?: readonly (readonly [run: string, key: string, lastLine: number])[];
  readonly jobs?: readonly string[];
}

/** Changes that have been heard of and not yet told, each thing once however often it changed. */
export interface Pending {
  /** Takes what anyone is interested in. */
  add(changes: Changes, wanted: (topic: string) => boolean): void;
  /** Up to so many runs and as many steps, with every log and job; null when there is nothing. */
  take(limit: number): Required<Changes> | null;
}

/** Nothing is pending yet. */
export function createPending(): Pending {
  const runs = new Set<string>();
  const steps = new Map<string, readonly [string, string]>();
  const logs = new Map<string, Grown>();
  const jobs = new Set<string>();

  return {
    add({ runs: changedRuns = [], steps: changedSteps = [], logs: grown = [], jobs: changedJobs = [] }, wanted) {
      const listed = wanted('runs');
      for (const run of changedRuns) if (listed || wanted(`run:${run}`)) runs.add(run);
      for (const step of changedSteps) if (wanted(`run:${step[0]}`)) steps.set(step.join(' '), step);
      for (const log of grown) if (wanted(`log:${log[0]}`)) logs.set(`${log[0]} ${log[1]}`, longer(log, logs.get(`${log[0]} ${log[1]}`)));
      if (wanted('jobs')) for (const job of changedJobs) jobs.add(job);
    },
    take(limit) {
      if (runs.size + steps.size + logs.size + jobs.size === 0) return null;
      const taken = { runs: first(runs, limit), steps: first(steps.values(), limit), logs: [...logs.values()], jobs: [...jobs] };
      for (const run of taken.runs) runs.delete(run);
      for (const step of taken.steps) steps.delete(step.join(' '));
      logs.clear();
      jobs.clear();
      return taken;
    },
  };
}

type Grown = readonly [run: string, key: string, lastLine: number];
const longer = (a: Grown, b: Grown | undefined): Grown => (b !== undefined && b[2] > a[2] ? b : a);

const first = <T>(values: Iterable<T>, limit: number): T[] => Iterator.from(values).take(limit).toArray();
