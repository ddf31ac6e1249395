import type { Audit } from '#db/audit.ts';
import { findJob } from '#db/queries/find-job.ts';
import { isSameDefinition, saveJob } from '#db/queries/save-job.ts';
import { findSchedule } from '#db/queries/schedules/find-schedule.ts';
import { saveSchedule } from '#db/queries/schedules/save-schedule.ts';
import type { ScheduleRow } from '#db/schema/schedules.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { InvalidInput } from '#jobs/problem.ts';
import { checkSchedule } from '#jobs/schedules/read-schedule.ts';
import { zoneData } from '#platform/zone-data.ts';
import { prepareDefinition } from '../definitions.ts';
import { conflict } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { prepareSchedule } from '../schedules.ts';
import type { Services } from '../services.ts';

/** When a definition is to start by itself, in the words of the predecessor. */
export interface CronSchedule {
  readonly cron_expression: string;
  /** Absent: the definition's, else UTC. */
  readonly timezone?: string | undefined;
}

/** Keeps a converted definition as a job, and a schedule of the same name that starts it. Throws InvalidInput, and a 409 when another job or a schedule has the name. */
export async function keepWithCron(services: Services, own: JsonObject, cron: CronSchedule, audit: Audit): Promise<ScheduleRow> {
  const { sql } = services.database;
  const job = prepareDefinition({ source: JSON.stringify(own, null, 2), format: 'json', message: null });
  const { name } = job.definition;
  const timezone = cron.timezone ?? job.definition.timezone;
  const schedule: JsonObject = { name, job: name, cron: cron.cron_expression, ...(timezone !== undefined && { timezone }) };
  refuseCron(schedule);
  if (await findSchedule(sql, PROJECT, name)) throw conflict(`there is a schedule ${name} already; change it at /api/v1/schedules/${name}`);
  const known = await findJob(sql, PROJECT, name);
  if (known && !isSameDefinition(known.definition, job.definition)) {
    throw conflict(`there is a job ${name} already, and it says something else; give this one another name`);
  }
  if (!known) await saveJob(sql, PROJECT, job, null, audit);
  const prepared = await prepareSchedule(services, { source: JSON.stringify(schedule, null, 2), message: null }, null);
  return saveSchedule(sql, PROJECT, prepared, null, audit);
}

const POINTERS: Readonly<Record<string, string>> = { '/cron': '/schedule/cron_expression', '/timezone': '/schedule/timezone' };

/** Before anything is kept, and with the places of what was sent. */
function refuseCron(schedule: Json): void {
  try {
    checkSchedule(schedule, zoneData(), Date.now());
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.problems.map((problem) => ({ ...problem, pointer: POINTERS[problem.pointer] ?? problem.pointer })));
  }
}
