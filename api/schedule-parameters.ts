import { findJob } from '#db/queries/find-job.ts';
import type { ScheduleRow } from '#db/schema/schedules.ts';
import type { JsonObject } from '#jobs/json.ts';
import { takeParameters } from '#jobs/parameters.ts';
import { errorAt, InvalidInput, pointerTo } from '#jobs/problem.ts';
import { conflict } from './problem.ts';
import type { Services } from './services.ts';

/** Throws InvalidInput for values that the job of a schedule does not take beside those of the schedule, and 409 when it has no job that could be started. */
export async function refuseParameters(
  { database }: Services,
  { project, job: name, definition }: ScheduleRow,
  given: JsonObject,
): Promise<void> {
  const { version = 'latest' } = definition;
  const job = await findJob(database.sql, project, name, version === 'latest' ? null : version);
  if (!job) throw conflict(`there is no job ${name}${version === 'latest' ? '' : ` at version ${version}`}; nothing can be started`);
  if (!job.active) throw conflict(`job ${name} is switched off; nothing can be started`);
  const { secrets } = takeParameters(job.definition.parameters, { ...definition.parameters, ...given });
  const open = Object.keys(secrets).map((one) => errorAt(pointerTo('/parameters', one), 'is secret, and no schedule can hand it to a run'));
  if (open.length > 0) throw new InvalidInput(open);
}
