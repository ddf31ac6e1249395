import { Hono } from 'hono';
import { z } from 'zod';
import { clockMarks } from '#db/queries/schedules/clock-marks.ts';
import { AGENDA_STATES, type AgendaState } from '#jobs/agenda/words.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import { zoneData } from '#platform/zone-data.ts';
import { can } from '../access/can.ts';
import { countAgenda } from '../agenda/count-agenda.ts';
import { Pace } from '../agenda/pace.ts';
import { readAgenda } from '../agenda/read-agenda.ts';
import { readRules } from '../agenda/rules.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { MomentText, readMoment, requireZone } from '../moments.ts';
import { PROJECT } from '../project.ts';
import { AgendaPage, viewOfEntry, viewOfHour } from '../views/agenda.ts';
import { Paging } from '../views/paging.ts';

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 31;

const states = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(AGENDA_STATES)).min(1))
  .meta({ description: `one or more of ${AGENDA_STATES.join(', ')}, with commas between` });

const Ask = z.strictObject({
  ...Paging,
  from: MomentText.optional().meta({ description: 'absent: now' }),
  to: MomentText.optional().meta({ description: `not included, at most ${LONGEST_DAYS} days later; absent: a day later` }),
  zone: z
    .string()
    .max(100)
    .default('UTC')
    .meta({ description: 'whose hours are counted, and by whose clocks times without offset are meant' }),
  job: z.string().max(100).optional(),
  schedule: z.string().max(100).optional(),
  state: states.optional(),
});

/** What starts when, over all schedules. */
export const agenda = new Hono<Env>().get(
  '/agenda',
  can('schedule:read'),
  describe({
    tag: 'schedules',
    summary: 'What starts when, and what became of it, over all schedules, in order; with counts by local hours',
    answers: { 200: AgendaPage },
  }),
  query(Ask),
  async (c) => {
    const { outlook, database } = c.var.services;
    const { from, to, zone: name, state, limit, after, job, schedule } = c.req.valid('query');
    const zones = zoneData();
    const zone = requireZone(zones, name, '/zone');
    const start = from === undefined ? Date.now() : readMoment(from, zone, '/from');
    const span = { from: start, to: to === undefined ? start + DAY_MS : readMoment(to, zone, '/to') };
    refuseRange(span);
    const filter = { project: PROJECT, job, schedule };
    const wanted: readonly AgendaState[] | null = state ?? null;
    const sql = database.read;
    const pace = new Pace();
    const rules = await readRules(sql, outlook, filter, span, pace);
    const [page, counted] = await Promise.all([
      readAgenda(sql, rules, { ...filter, span, states: wanted, limit, after }, pace),
      after === undefined ? countAgenda(sql, rules, filter, span, zone, pace) : null,
    ]);
    const clocks = await clockMarks(
      sql,
      zones,
      page.items.flatMap((entry) => (entry.kind === 'fire' ? [entry.fire] : [])),
    );
    return c.json({
      from: new Date(span.from).toISOString(),
      to: new Date(span.to).toISOString(),
      zone: zone.name,
      items: page.items.map((entry) => viewOfEntry(entry, zone, zones, clocks)),
      next: page.next,
      hours: counted?.hours.map(viewOfHour) ?? null,
      counted_until: counted && new Date(counted.until).toISOString(),
    });
  },
);

function refuseRange({ from, to }: Span): void {
  const days = (to - from) / DAY_MS;
  if (days <= 0)
    throw new InvalidInput([errorAt('/to', `${new Date(to).toISOString()} is not after from, ${new Date(from).toISOString()}`)]);
  // A day of 25 hours more is within it.
  if (days > LONGEST_DAYS + 0.1)
    throw new InvalidInput([errorAt('/to', `${Math.ceil(days)} days are too many; ask for ${LONGEST_DAYS} at most`)]);
}
