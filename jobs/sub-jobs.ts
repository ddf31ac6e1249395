import { allSteps, type Plan } from './plan.ts';

/** The type of step that runs another job. */
export const JOB_RUN = 'job.run';

/** A job that a step runs, and which version of it is asked for: one, that of a tag, or the current one. */
export interface SubJob {
  /** The step's id in the plan. */
  readonly step: string;
  readonly job: string;
  readonly version: number | null;
  readonly tag: string | null;
}

/** The jobs that the steps of a plan run; none of the three holds an expression. */
export const subJobsOf = (plan: Plan): readonly SubJob[] =>
  allSteps(plan)
    .filter(({ type }) => type === JOB_RUN)
    .map(({ id, config: { job, version = null, tag = null } }) => ({
      step: id,
      job: String(job),
      version: typeof version === 'number' ? version : null,
      tag: typeof tag === 'string' ? tag : null,
    }));

/** A job as it stands in a line of runs that started each other. */
export interface Ancestor {
  readonly job: string;
  readonly number: number;
}

/** A line of runs as a message shows it: `a #1 → b #2 → a`. */
export const lineWords = (line: readonly Ancestor[], next: string): string =>
  [...line.map(({ job, number }) => `${job} #${number}`), next].join(' → ');
