import { Hono } from 'hono';
import { z } from 'zod';
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
import { HttpProblem } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { prepareSchedule, requireSchedule, scheduleNamedIn } from '../schedules.ts';
import { jsonObject, pageOf } from '../views/json.ts';
import { Paging } from '../views/paging.ts';
import {
  ScheduleFilter,
  ScheduleSaved,
  ScheduleSummary,
  ScheduleValidation,
  ScheduleView,
  savedSchedule,
  summaryOf,
  viewOfSchedule,
} from '../views/schedule.ts';

const SchedulesQuery = z.strictObject({ ...Paging, ...ScheduleFilter, sort: z.enum(SCHEDULE_SORTS).default('name') });

/** When jobs start by themselves. */
export const schedules = new Hono<Env>()
  .get(
    '/',
    can('schedule:read'),
    describe({
      tag: 'schedules',
      summary: 'Schedules, each with its state and its next moment',
      answers: { 200: pageOf(ScheduleSummary) },
    }),
    query(SchedulesQuery),
    async (c) => {
      const { items, next } = await listSchedules(c.var.services.database.read, { project: PROJECT, ...c.req.valid('query') });
      return c.json({ items: items.map(summaryOf), next });
    },
  )
  .post(
    '/',
    can('schedule:edit'),
    describe({
      tag: 'schedules',
      summary: 'Create a schedule from YAML text, {source} or the schedule as JSON; Temporal is told of it a moment later',
      takes: DEFINITION_TYPES,
      answers: { 201: ScheduleSaved },
    }),
    async (c) => {
      const { services } = c.var;
      const { warnings, ...prepared } = await prepareSchedule(services, await readDefinition(c), null);
      const made = await saveSchedule(services.database.sql, PROJECT, prepared, null, auditOf(c, prepared.message ?? null));
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
      summary: 'Replace a schedule; starts nothing, and new times count from now on',
      takes: DEFINITION_TYPES,
      answers: { 200: ScheduleSaved },
    }),
    async (c) => {
      const { services } = c.var;
      const current = await requireSchedule(services, c.req.param('name'));
      requireMatch(c, tagOf(current.version));
      const { warnings, ...prepared } = await prepareSchedule(services, await readDefinition(c), current);
      refuseOtherName(prepared.definition.name, current.name);
      const saved = await saveSchedule(services.database.sql, PROJECT, prepared, current.version, auditOf(c, prepared.message ?? null));
      c.header('ETag', tagOf(saved.version));
      return c.json(savedSchedule(saved, warnings));
    },
  )
  .patch(
    '/:name',
    can('schedule:edit'),
    describe({
      tag: 'schedules',
      summary: 'Change some fields of a schedule, as a JSON merge patch: null takes a field away. Comments of the text stay',
      answers: { 200: ScheduleSaved },
    }),
    body(jsonObject),
    async (c) => {
      const { services } = c.var;
      const current = await requireSchedule(services, c.req.param('name'));
      requireMatch(c, tagOf(current.version));
      const source = patchedSource(current.source, c.req.valid('json'));
      const { warnings, ...prepared } = await prepareSchedule(services, { source, message: null }, current);
      refuseOtherName(prepared.definition.name, current.name);
      const saved = await saveSchedule(services.database.sql, PROJECT, prepared, current.version, auditOf(c));
      c.header('ETag', tagOf(saved.version));
      return c.json(savedSchedule(saved, warnings));
    },
  )
  .delete(
    '/:name',
    can('schedule:edit'),
    describe({
      tag: 'schedules',
      summary: 'Delete a schedule: it starts nothing from now on. Runs it started go on, and what became of its moments is kept',
      answers: { 204: 'Deleted' },
    }),
    async (c) => {
      const { services } = c.var;
      const current = await requireSchedule(services, c.req.param('name'));
      requireMatch(c, tagOf(current.version));
      await deleteSchedule(services.database.sql, PROJECT, current.name, current.version, auditOf(c));
      return c.body(null, 204);
    },
  );

function refuseOtherName(name: string, current: string): void {
  if (name !== current) throw new HttpProblem(422, `name: "${name}" cannot replace ${current}; a schedule keeps its name`);
}
