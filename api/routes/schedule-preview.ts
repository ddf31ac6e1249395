import { Hono } from 'hono';
import { z } from 'zod';
import { usedCalendars } from '#db/queries/calendars/used-calendars.ts';
import { writeDuration } from '#jobs/duration.ts';
import type { JsonObject } from '#jobs/json.ts';
import { InvalidInput, type Problem } from '#jobs/problem.ts';
import { HORIZON_MS, knownAround } from '#jobs/recurrence/calendar-times.ts';
import { FAR_MS } from '#jobs/recurrence/next.ts';
import { wordsOf } from '#jobs/recurrence/words.ts';
import { SCHEDULE_DEFAULTS, type ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { previewOf, spacingOf } from '#jobs/schedules/preview.ts';
import { checkSchedule, readSchedule } from '#jobs/schedules/read-schedule.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import { zoneData } from '#platform/zone-data.ts';
import { can } from '../access/can.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { MomentText, readMoment, requireZone } from '../moments.ts';
import { HttpProblem } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { requireSchedule } from '../schedules.ts';
import type { Services } from '../services.ts';
import { jsonObject } from '../views/json.ts';
import { SchedulePreview } from '../views/schedule-preview.ts';

const Ask = z.strictObject({
  source: z.string().optional().meta({ description: 'a schedule’s text, YAML or JSON' }),
  definition: jsonObject.optional().meta({ description: 'a schedule as data' }),
  schedule: z.string().max(100).optional().meta({ description: 'the name of one that is saved' }),
  changes: jsonObject.optional().meta({ description: 'with `schedule`: fields in place of its own; null takes one away' }),
  from: MomentText.optional().meta({ description: 'absent: now' }),
  count: z.int().min(1).max(500).default(20),
  starts_only: z.boolean().default(false).meta({ description: 'leave out what does not start anything' }),
  viewer_zone: z.string().max(100).optional().meta({ description: 'whose clocks times are shown by besides' }),
});

/** What a schedule would start when, saved or not. */
export const schedulePreview = new Hono<Env>().post(
  '/preview',
  can('schedule:read'),
  describe({
    tag: 'schedules',
    summary: 'The next moments of a schedule, saved or not, with what is particular about each; saves nothing',
    answers: { 200: SchedulePreview },
  }),
  body(Ask),
  async (c) => {
    return c.json(await preview(c.var.services, c.req.valid('json')));
  },
);

type PreviewView = z.infer<typeof SchedulePreview>;

/** The answer for a schedule that is not right. */
const refused = (problems: readonly Problem[]): PreviewView => ({
  valid: false,
  problems: shownProblems(problems),
  words: null,
  zone: null,
  zone_data: zoneData().version,
  from: null,
  moments: [],
  complete: true,
  until: null,
  spacing: null,
});

/** What is wrong with a schedule is an answer here; what is wrong with the question is not. */
async function orProblems<T>(read: () => T | Promise<T>): Promise<{ readonly found: T } | { readonly problems: readonly Problem[] }> {
  try {
    return { found: await read() };
  } catch (error) {
    if (error instanceof InvalidInput) return { problems: error.problems };
    throw error;
  }
}

async function preview(services: Services, ask: z.output<typeof Ask>): Promise<PreviewView> {
  const zones = zoneData();
  const read = await orProblems(() => askedFor(services, ask));
  if ('problems' in read) return refused(read.problems);
  const { definition, warnings } = read.found;
  const zone = requireZone(zones, definition.timezone ?? SCHEDULE_DEFAULTS.timezone, '/timezone');
  const viewer = ask.viewer_zone === undefined ? null : requireZone(zones, ask.viewer_zone, '/viewer_zone');
  const from = ask.from === undefined ? Date.now() : readMoment(ask.from, zone, '/from');
  const far = (definition.calendars ?? []).length > 0 ? HORIZON_MS : FAR_MS;
  const span = { from, to: from + far };
  const used = await orProblems(() => usedCalendars(services.database.read, PROJECT, definition, zones, knownAround(span)));
  if ('problems' in used) return refused(used.problems);
  const { moments, more } = previewOf(
    ruleOf(definition),
    zone,
    { span, count: ask.count, startsOnly: ask.starts_only, viewer },
    used.found,
  );
  const spacing = spacingOf(moments.filter(({ reason }) => reason === null).map(({ at }) => at));
  return {
    valid: true,
    problems: shownProblems(warnings),
    words: wordsOf(definition),
    zone: zone.name,
    zone_data: zones.version,
    from: new Date(from).toISOString(),
    moments: moments.map(({ at, marks, reason, ...shown }) => ({
      at: new Date(at).toISOString(),
      ...shown,
      marks: [...marks],
      starts: reason === null,
      reason,
    })),
    complete: !more,
    until: new Date(span.to).toISOString(),
    spacing: spacing && { shortest: writeDuration(spacing.shortest), longest: writeDuration(spacing.longest) },
  };
}

const shownProblems = (problems: readonly Problem[]) => problems.map((one) => ({ ...one }));

/** The schedule that is meant, checked unless it is one that is saved. Throws InvalidInput. */
async function askedFor(
  services: Services,
  { source, definition, schedule, changes }: z.output<typeof Ask>,
): Promise<{ readonly definition: ScheduleDefinition; readonly warnings: readonly Problem[] }> {
  const ways = [source, definition, schedule].filter((way) => way !== undefined);
  if (ways.length !== 1) throw new HttpProblem(422, 'write one of source, definition and schedule');
  if (changes !== undefined && schedule === undefined) throw new HttpProblem(422, 'changes: goes with schedule, the one that is changed');
  if (source !== undefined) return readSchedule(source, zoneData(), Date.now());
  if (definition !== undefined) return checkSchedule(definition, zoneData(), Date.now());
  const saved = await requireSchedule(services, schedule ?? '');
  if (changes === undefined) return { definition: saved.definition, warnings: [] };
  const changed = Object.entries({ ...saved.definition, ...changes }).filter(([, value]) => value !== null);
  return checkSchedule(Object.fromEntries(changed) as JsonObject, zoneData(), Date.now(), saved.definition);
}
