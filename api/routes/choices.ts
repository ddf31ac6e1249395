import { Hono } from 'hono';
import { z } from 'zod';
import { findJob } from '#db/queries/find-job.ts';
import { boundViolations } from '#jobs/bounds.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import type { JsonObject } from '#jobs/json.ts';
import { violations } from '#jobs/json-schema.ts';
import { LIMITS } from '#jobs/limits.ts';
import { InvalidInput } from '#jobs/problem.ts';
import { take } from '#jobs/take.ts';
import { can } from '../access/can.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { choicesFor } from '../runs/choices.ts';
import { instant, json, jsonObject } from '../views/json.ts';

/** The values that may be chosen for a parameter, and since when they are known. */
export const Choices = z.object({
  items: z.array(json),
  as_of: instant.meta({ description: 'since when they are known' }),
  cached: z.boolean(),
});

/** What a person may choose for a parameter of a job. */
export const choices = new Hono<Env>().post(
  '/:name/parameters/:parameter/choices',
  can('job:read'),
  describe({
    tag: 'jobs',
    summary: 'What may be chosen for a parameter, given those it depends on',
    answers: { 200: Choices },
  }),
  body(z.strictObject({ parameters: jsonObject.default({}) })),
  async (c) => {
    const { name, parameter } = c.req.param();
    const job = await findJob(c.var.services.database.sql, PROJECT, name);
    if (!job) throw notFound(`no job ${name}`);
    const schemas = job.definition.parameters ?? {};
    const schema = Object.hasOwn(schemas, parameter) ? schemas[parameter] : undefined;
    if (!schema) throw notFound(`no parameter ${parameter} of job ${name}`);
    const asked = { job: name, version: job.version, name: parameter, schema };
    const given = c.req.valid('json').parameters;
    refuseOdd(schemas, schema.choices?.depends_on ?? [], given);
    const found = await choicesFor(c.var.services, asked, given);
    return c.json({ ...found, items: [...found.items] });
  },
);

/** What choices depend on goes into addresses and selectors, so that it must be what a start would take. Throws InvalidInput. */
function refuseOdd(schemas: NonNullable<JobDefinition['parameters']>, dependsOn: readonly string[], given: JsonObject): void {
  const bounds = [...take(boundViolations(given, '/parameters'), LIMITS.problems)];
  if (bounds.length > 0) throw new InvalidInput(bounds);
  const only = <T>(of: { readonly [name: string]: T }) =>
    Object.fromEntries(Object.entries(of).filter(([name]) => dependsOn.includes(name)));
  const problems = [...take(violations({ type: 'object', properties: only(schemas) }, only(given), '/parameters'), LIMITS.problems)];
  if (problems.length > 0) throw new InvalidInput(problems);
}
