import { usedCalendars } from '#db/queries/calendars/used-calendars.ts';
import { findJob, type JobAtVersion } from '#db/queries/find-job.ts';
import { findSchedule } from '#db/queries/schedules/find-schedule.ts';
import type { CheckedSchedule } from '#db/queries/schedules/save-schedule.ts';
import type { ScheduleRow } from '#db/schema/schedules.ts';
import type { JsonObject } from '#jobs/json.ts';
import { takeParameters } from '#jobs/parameters.ts';
import { errorAt, InvalidInput, type Problem, pointerTo } from '#jobs/problem.ts';
import { HORIZON_MS, knownAround } from '#jobs/recurrence/calendar-times.ts';
import { nextStart } from '#jobs/recurrence/next.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { readSchedule } from '#jobs/schedules/read-schedule.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import { meansSameTimes } from '#jobs/schedules/same-times.ts';
import { secretNames } from '#jobs/secret-parameters.ts';
import { readSource } from '#jobs/source.ts';
import { didYouMean } from '#jobs/suggest.ts';
import { zoneData } from '#platform/zone-data.ts';
import type { SentDefinition } from './definitions.ts';
import { requireZone } from './moments.ts';
import { notFound } from './problem.ts';
import { PROJECT } from './project.ts';
import { refuseTarget } from './runs/start-target.ts';
import type { Services } from './services.ts';

/** A schedule by its name. Throws 404. */
export async function requireSchedule({ database }: Services, name: string): Promise<ScheduleRow> {
  const schedule = await findSchedule(database.sql, PROJECT, name);
  if (!schedule) throw notFound(`no schedule ${name}`);
  return schedule;
}

/** The schedule that a text would be saved over; null: it would be a new one, or says no name. */
export async function scheduleNamedIn({ database }: Services, source: string): Promise<ScheduleRow | null> {
  try {
    const { value } = readSource(source);
    const name = typeof value === 'object' && value !== null && 'name' in value ? value.name : null;
    return typeof name === 'string' ? await findSchedule(database.sql, PROJECT, name) : null;
  } catch (error) {
    if (error instanceof InvalidInput) return null;
    throw error;
  }
}

/** A schedule that may be saved, and what its author should know. */
export interface PreparedSchedule extends CheckedSchedule {
  readonly warnings: readonly Problem[];
}

/** A schedule's text as it may be saved, in place of `before`. Throws InvalidInput with what is wrong with it, also for a job, calendars and parameters that do not go with it. */
export async function prepareSchedule(
  services: Services,
  { source, message }: Pick<SentDefinition, 'source' | 'message'>,
  before: ScheduleRow | null,
): Promise<PreparedSchedule> {
  const zones = zoneData();
  const now = Date.now();
  const { definition, format, warnings } = readSchedule(source, zones, now, before?.definition ?? null);
  await refuseStart(services, definition);
  const zone = requireZone(zones, definition.timezone ?? 'UTC', '/timezone');
  const span = { from: now, to: now + HORIZON_MS };
  const calendars = await usedCalendars(services.database.sql, PROJECT, definition, zones, knownAround(span));
  const next = nextStart(ruleOf(definition), zone, now, calendars);
  if (!next && calendars.length > 0 && !(before && meansSameTimes(before.definition, definition))) {
    throw new InvalidInput([errorAt('/calendars', 'leave nothing of this schedule in the coming two years')]);
  }
  return { source, format, definition, message, nextAt: next?.at ?? null, warnings };
}

/** Refuses what its job would not start with. */
async function refuseStart(
  { database }: Services,
  { job: name, version = 'latest', parameters = {}, target }: ScheduleDefinition,
): Promise<void> {
  const job = await findJob(database.sql, PROJECT, name, version === 'latest' ? null : version);
  if (!job) {
    if (version !== 'latest' && (await findJob(database.sql, PROJECT, name))) {
      throw new InvalidInput([errorAt('/version', `job ${name} has no version ${version}`, { value: version })]);
    }
    const known = await database.sql<{ name: string }[]>`
      select name from jobs where project = ${PROJECT} and deleted_at is null order by name limit 1000`;
    const hint = didYouMean(
      name,
      known.map((one) => one.name),
    );
    throw new InvalidInput([errorAt('/job', `there is no job ${JSON.stringify(name)}${hint}`, { value: name })]);
  }
  refuseSecrets(job, parameters);
  if (target !== undefined) refuseTarget(target, job.definition);
}

/** A schedule has nobody to ask for a secret, and keeps none. */
function refuseSecrets({ name, definition }: Pick<JobAtVersion, 'name' | 'definition'>, parameters: JsonObject): void {
  const secrets = secretNames(definition.parameters);
  const why = `is secret, and a schedule gives no secrets; let ${name} name a credential instead`;
  const refuse = (some: readonly string[]): void => {
    if (some.length > 0) throw new InvalidInput(some.map((secret) => errorAt(pointerTo('/parameters', secret), why)));
  };
  refuse(secrets.filter((secret) => Object.hasOwn(parameters, secret)));
  try {
    refuse(Object.keys(takeParameters(definition.parameters, parameters).secrets));
  } catch (error) {
    if (error instanceof InvalidInput)
      refuse(secrets.filter((secret) => error.problems.some(({ pointer }) => pointer === pointerTo('/parameters', secret))));
    throw error;
  }
}
