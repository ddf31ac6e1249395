import { Hono } from 'hono';
import { z } from 'zod';
import { STEP_SPECS } from '#activities/catalog.ts';
import { CALENDAR_SHAPE } from '#jobs/calendars/schema.ts';
import { scheduleSchema } from '#jobs/schedules/schema.ts';
import { jobSchema } from '#jobs/schema.ts';
import { zoneData } from '#platform/zone-data.ts';
import { can, open } from '../access/can.ts';
import { describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { timezones } from '../timezones.ts';
import { jsonObject } from '../views/json.ts';
import { StepType } from '../views/step-type.ts';
import { TargetContent, TargetName } from '../views/target.ts';
import { Timezones } from '../views/timezone.ts';

const jobs = jobSchema(STEP_SPECS);
const schedules = scheduleSchema();
const calendarSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: '/api/v1/schema/calendar.json',
  title: 'Capstan calendar',
  ...CALENDAR_SHAPE,
};
const targetSchema = {
  ...z.toJSONSchema(TargetContent.extend({ name: TargetName }), { io: 'input', unrepresentable: 'any' }),
  $id: '/api/v1/schema/target.json',
  title: 'Capstan target',
};
const stepTypes = Object.values(STEP_SPECS).map(({ type, title, effect, queue, ...spec }) => ({
  type,
  title,
  effect,
  queue,
  target: 'target' in spec ? spec.target : null,
  defaults: spec.defaults,
  config: spec.config,
  result: spec.result,
  examples: spec.examples,
}));

/** What can be written: the step types and time zones there are, and the schemas of a job, a schedule, a calendar and a target, which editors fetch without a login. */
export const reference = new Hono<Env>()
  .get(
    '/step-types',
    can('job:read'),
    describe({
      tag: 'reference',
      summary: 'Every step type with its schemas and examples',
      answers: { 200: z.object({ items: z.array(StepType) }) },
    }),
    (c) => c.json({ items: stepTypes }),
  )
  .get(
    '/timezones',
    can('job:read'),
    describe({
      tag: 'reference',
      summary: 'Every time zone that may be written, by the zone data of the product',
      answers: { 200: Timezones },
    }),
    (c) => c.json(timezones(zoneData(), Date.now())),
  )
  .get(
    '/schema/calendar.json',
    open(),
    describe({ tag: 'reference', summary: 'The JSON Schema of a calendar', answers: { 200: jsonObject } }),
    (c) => {
      c.header('Access-Control-Allow-Origin', '*');
      return c.json(calendarSchema);
    },
  )
  .get(
    '/schema/job.json',
    open(),
    describe({ tag: 'reference', summary: 'The JSON Schema of a job definition', answers: { 200: jsonObject } }),
    (c) => {
      c.header('Access-Control-Allow-Origin', '*');
      return c.json(jobs);
    },
  )
  .get(
    '/schema/schedule.json',
    open(),
    describe({ tag: 'reference', summary: 'The JSON Schema of a schedule', answers: { 200: jsonObject } }),
    (c) => {
      c.header('Access-Control-Allow-Origin', '*');
      return c.json(schedules);
    },
  )
  .get(
    '/schema/target.json',
    open(),
    describe({ tag: 'reference', summary: 'The JSON Schema of a target', answers: { 200: jsonObject } }),
    (c) => {
      c.header('Access-Control-Allow-Origin', '*');
      return c.json(targetSchema);
    },
  );
