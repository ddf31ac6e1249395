import type { JobDefinition } from './definition.ts';
import { hasExpression } from './expression/scan.ts';
import { errorAt, type Problem } from './problem.ts';
import { placedSteps } from './references.ts';
import { JOB_RUN } from './sub-jobs.ts';

/** What is wrong with the steps of a definition that run other jobs: the job itself, and what is settled before any expression has a value. */
export function* subJobViolations(definition: JobDefinition): Generator<Problem> {
  for (const { step, pointer } of placedSteps(definition)) {
    if (step.type !== JOB_RUN || typeof step.config !== 'object') continue;
    const { job, version, tag } = step.config;
    for (const [field, value] of Object.entries({ job, version, tag })) {
      if (typeof value !== 'string' || !hasExpression(value)) continue;
      yield errorAt(
        `${pointer}/config/${field}`,
        'no expression stands here: which job and version runs is settled when the run is accepted',
        {
          value,
        },
      );
    }
    if (version !== undefined && tag !== undefined)
      yield errorAt(`${pointer}/config/tag`, 'a version is named already; write one of the two');
    if (job === definition.name) yield errorAt(`${pointer}/config/job`, 'a job cannot run itself', { value: job });
  }
}
