import { Hono } from 'hono';
import { z } from 'zod';
import { findComparedSteps, findSuccessBefore } from '#db/queries/compared-runs.ts';
import type { RunWithPlan } from '#db/queries/find-run.ts';
import { type ComparedRun, compareRuns } from '#jobs/compare.ts';
import { can } from '../access/can.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { storedDefinition } from '../runs/rerun.ts';
import { requireRun } from '../runs/run-view.ts';
import type { Services } from '../services.ts';
import { ComparisonView, RunBrief } from '../views/comparison.ts';

const LAST_SUCCESS = 'last_success';

const CompareQuery = z.strictObject({
  a: z.string().max(100).meta({ description: 'a run' }),
  b: z
    .string()
    .max(100)
    .meta({ description: `another one, or ${LAST_SUCCESS}: the last run of the same job before it that completed` }),
});

/** How two runs differ. */
export const comparisons = new Hono<Env>().get(
  '/compare',
  can('run:read'),
  describe({
    tag: 'runs',
    summary: 'Two runs beside each other: definition, parameters, targets, and each step with its parts; equal steps are only named',
    answers: { 200: ComparisonView },
  }),
  query(CompareQuery),
  async (c) => {
    const { services } = c.var;
    const { a: first, b: second } = c.req.valid('query');
    if (first === LAST_SUCCESS) throw new HttpProblem(400, `a: expected a run; only b may be ${LAST_SUCCESS}`);
    const a = await requireRun(services, first);
    const b = await requireRun(services, second === LAST_SUCCESS ? await successBefore(services, a) : second);
    const [one, other] = await Promise.all([comparedRun(services, a), comparedRun(services, b)]);
    return c.json({ a: RunBrief.parse(a), b: RunBrief.parse(b), ...compareRuns(one, other) });
  },
);

async function successBefore({ database }: Services, run: RunWithPlan): Promise<string> {
  const found = await findSuccessBefore(database.sql, run.project, run.job, run.id);
  if (found === null) throw notFound(`no run of job ${run.job} completed before run #${run.number}`);
  return found;
}

const comparedRun = async (services: Services, run: RunWithPlan): Promise<ComparedRun> => ({
  definition: await storedDefinition(services, run),
  parameters: run.parameters,
  target: run.target,
  steps: await findComparedSteps(services.database.read, run.id),
});
