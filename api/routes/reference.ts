import { Hono } from 'hono';
import { z } from 'zod';
import { STEP_SPECS } from '#activities/catalog.ts';
import { jobSchema } from '#jobs/schema.ts';
import { can, open } from '../access/can.ts';
import { describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { jsonObject } from '../views/json.ts';
import { StepType } from '../views/step-type.ts';

const schema = jobSchema(STEP_SPECS);
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

/** What can be written: the step types there are, and the schema of a job, which editors fetch without a login. */
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
    '/schema/job.json',
    open(),
    describe({ tag: 'reference', summary: 'The JSON Schema of a job definition', answers: { 200: jsonObject } }),
    (c) => {
      c.header('Access-Control-Allow-Origin', '*');
      return c.json(schema);
    },
  );
