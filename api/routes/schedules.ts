import { Hono } from 'hono';
import { z } from 'zod';
import { countMissed } from '#db/queries/schedules/count-missed.ts';
import { deleteSchedule } from '#db/queries/schedules/delete-schedule.ts';
import { listSchedules, SCHEDULE_SORTS } from '#db/queries/schedules/list-schedules.ts';
import { saveSchedule } from '#db/queries/schedules/save-schedule.ts';
import { patchedSource } from '#jobs/patched-source.ts';
import { InvalidInput } from '#jobs/problem.ts';
import { wordsOf } from '#jobs/recurrence/words.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { DEFINITION_TYPES, readDefinition } from '../definitions.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { requireMatch, tagOf } from '../middleware/etag.ts';
import { orChangedBefore, orDoneBefore } from '../or-changed-before.ts';
import { HttpProblem } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { prepareSchedule, requireSchedule, scheduleNamedIn } from '../schedules.ts';
import { jsonObject, pageOf } from '../views/json.ts';
import { Paging } from '../views/paging.ts';
import {
  ListedSchedule,
  ScheduleFilter,
  ScheduleSaved,
  ScheduleValidation,
  ScheduleView,
  savedSchedule,
  summaryOf,
  viewOfSchedule,
} from '../views/schedule.ts';

const SchedulesQuery = z.strictObject({ ...Paging, ...ScheduleFilter, sort: z.enum(SCHEDULE_SORTS).default('name') });

const DAY_MS = 86_400_000;
const MOST_MISSED = 1_000;

/** When jobs start by themselves. */
export const schedules = new Hono<Env>()
  .get(
    '/',
    can('schedule:read'),
    describe({
      tag: 'schedules',
      summary: 'Schedules, each with its state and its next moment',
      answers: { 200: pageOf(ListedSchedule) },
    }),
    query(SchedulesQuery),
    async (c) => {
      const { read } = c.var.services.database;
      const { items, next } = await listSchedules(read, { project: PROJECT, ...c.req.valid('query') });
      const ids = items.map(({ id }) => id);
      const missed = await countMissed(read, ids, new Date(Date.now() - DAY_MS), MOST_MISSED);
      return c.json({ items: items.map((row) => ({ ...summaryOf(row), missed_last_day: missed.get(row.id) ?? 0 })), next });
    },
  )
  .post(
    '/',
    can('schedule:edit'),
    describe({
      tag: 'schedules',
      summary:
        'Create a schedule from YAML text, {source} or the schedule as JSON; Temporal is told of it a moment later. With the same `Idempotency-Key` and body it is created once',
      takes: DEFINITION_TYPES,
      answers: { 201: ScheduleSaved },
    }),
    async (c) => {
      const { services } = c.var;
      const sent = await readDefinition(c);
      const { warnings, ...prepared } = await prepareSchedule(services, sent, null);
      const audit = auditOf(c, prepared.message ?? null);
      const made = await orChangedBefore(c, { source: sent.source }, (key) =>
        saveSchedule(services.database.sql, PROJECT, prepared, null, audit, key),
      );
      c.header('Location', `${c.req.path}/${made.name}`);
      c.header('ETag', tagOf(made.version));
      return c.json(savedSchedule(made, warnings), 201);
    },
  )
  .post(
    '/validate',
    can('schedule:read'),
    describe({
      tag: 'schedules',
      summary: 'Check a schedule as a save would, and save nothing',
      takes: DEFINITION_TYPES,
      answers: { 200: ScheduleValidation },
    }),
    async (c) => {
      const { services } = c.var;
      const sent = await readDefinition(c);
      try {
        const { definition, nextAt, warnings } = await prepareSchedule(services, sent, await scheduleNamedIn(services, sent.source));
        const next = nextAt === null ? null : new Date(nextAt).toISOString();
        return c.json({ valid: true, problems: [...warnings], definition, words: wordsOf(definition), next_at: next });
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        return c.json({ valid: false, problems: [...error.problems], definition: null, words: null, next_at: null });
      }
    },
  )
  .get(
    '/:name',
    can('schedule:read'),
    describe({ tag: 'schedules', summary: 'One schedule, with its text and how far Temporal knows of it', answers: { 200: ScheduleView } }),
    async (c) => {
      const schedule = await requireSchedule(c.var.services, c.req.param('name'));
      c.header('ETag', tagOf(schedule.version));
      c.header('Cache-Control', 'private, no-cache');
      return c.json(viewOfSchedule(schedule));
    },
  )
  .put(
    '/:name',
    can('schedule:edit'),
    describe({
      tag: 'schedules',
      summary:
        'Replace a schedule; starts nothing, and new times count from now on; with the same `Idempotency-Key` and body it is done once',
      takes: DEFINITION_TYPES,
      answers: { 200: ScheduleSaved },
    }),
    async (c) => {
      const { services } = c.var;
      const sent = await readDefinition(c);
      const current = await requireSchedule(services, c.req.param('name'));
      const { warnings, ...prepared } = await prepareSchedule(services, sent, current);
      refuseOtherName(prepared.definition.name, current.name);
      const saved = await orChangedBefore(c, { source: sent.source }, async (key) => {
        requireMatch(c, tagOf(current.version));
        return saveSchedule(services.database.sql, PROJECT, prepared, current.version, auditOf(c, prepared.message ?? null), key);
      });
      c.header('ETag', tagOf(saved.version));
      return c.json(savedSchedule(saved, warnings));
    },
  )
  .patch(
    '/:name',
    can('schedule:edit'),
    describe({
      tag: 'schedules',
      summary:
        'Change some fields of a schedule, as a JSON merge patch: null takes a field away. Comments of the text stay. With the same `Idempotency-Key` and body it is done once',
      answers: { 200: ScheduleSaved },
    }),
    body(jsonObject),
    async (c) => {
      const { services } = c.var;
      const patch = c.req.valid('json');
      const current = await requireSchedule(services, c.req.param('name'));
      const source = patchedSource(current.source, patch);
      const { warnings, ...prepared } = await prepareSchedule(services, { source, message: null }, current);
      refuseOtherName(prepared.definition.name, current.name);
      const saved = await orChangedBefore(c, patch, async (key) => {
        requireMatch(c, tagOf(current.version));
        return saveSchedule(services.database.sql, PROJECT, prepared, current.version, auditOf(c), key);
      });
      c.header('ETag', tagOf(saved.version));
      return c.json(savedSchedule(saved, warnings));
    },
  )
  .delete(
    '/:name',
    can('schedule:edit'),
    describe({
      tag: 'schedules',
      summary:
        'Delete a schedule: it starts nothing from now on. Runs it started go on, and what became of its moments is kept. With the same `Idempotency-Key` it is done once',
      answers: { 204: 'Deleted' },
    }),
    async (c) => {
      const { services } = c.var;
      await orDoneBefore(c, {}, async (key) => {
        const current = await requireSchedule(services, c.req.param('name'));
        requireMatch(c, tagOf(current.version));
        await deleteSchedule(
          services.database.sql,
          { project: PROJECT, name: current.name, expected: current.version, audit: auditOf(c) },
          key,
        );
      });
      return c.body(null, 204);
    },
  );

function refuseOtherName(name: string, current: string): void {
  if (name !== current) throw new HttpProblem(422, `name: "${name}" cannot replace ${current}; a schedule keeps its name`);
}
