import { Hono } from 'hono';
import { z } from 'zod';
import { STEP_SPECS } from '#activities/catalog.ts';
import { exportJobs, missingJobs } from '#db/queries/export-jobs.ts';
import { BUNDLE_FORMAT_NAMES, BUNDLE_FORMATS } from '#jobs/exchange/bundle.ts';
import { FOREIGN_FORMS, type ForeignForm, readForeign, UNKNOWN_STEPS } from '#jobs/foreign/read-foreign.ts';
import { LIMITS } from '#jobs/limits.ts';
import type { Problem } from '#jobs/problem.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { importBundle, ON_CONFLICT, onlyNamesTaken } from '../job-import.ts';
import { orChangedBefore } from '../or-changed-before.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { JobImportReport } from '../views/job.ts';
import { flag } from '../views/json.ts';

const format = z.enum(BUNDLE_FORMAT_NAMES);

/** Many jobs at once: written out as they were typed, and taken over. */
export const jobExchange = new Hono<Env>()
  .get(
    '/export',
    can('job:read'),
    describe({ tag: 'jobs', summary: 'Jobs at their current versions as one text, as they were typed', answers: { 200: 'The text' } }),
    query(
      z.strictObject({
        format: format.default('yaml'),
        names: z
          .string()
          .min(1)
          .transform((text) => [...new Set(text.split(',').map((name) => name.trim()))])
          .optional()
          .meta({ description: 'with commas between them; every job when absent' }),
      }),
    ),
    async (c) => {
      const { read } = c.var.services.database;
      const { format: named, names = null } = c.req.valid('query');
      const missing = names === null ? [] : await missingJobs(read, PROJECT, names);
      if (missing.length > 0) throw notFound(`no job ${missing.slice(0, 20).join(', ')}`);
      const { type, file, write } = BUNDLE_FORMATS[named];
      c.header('Content-Type', type);
      c.header('Content-Disposition', `attachment; filename="${file}"`);
      return c.body(ReadableStream.from(encoded(exportJobs(read, PROJECT, names), write)));
    },
  )
  .post(
    '/import',
    can('job:edit'),
    describe({
      tag: 'jobs',
      summary:
        'Take over the definitions of a text, all or nothing, with what became of each; with the same `Idempotency-Key` and text it is done once',
      answers: { 200: JobImportReport },
      takes: ['application/yaml', 'application/x-ndjson', 'application/json'],
    }),
    query(
      z.strictObject({
        format: z.enum([...BUNDLE_FORMAT_NAMES, ...FOREIGN_FORMS]).default('yaml'),
        unknown_steps: z
          .enum(UNKNOWN_STEPS)
          .default('refuse')
          .meta({ description: 'of foreign forms: what becomes of steps whose type is not known' }),
        dry_run: flag.default(false),
        on_conflict: z.enum(ON_CONFLICT).default('fail').meta({ description: 'what becomes of a definition whose name a job has' }),
      }),
    ),
    async (c) => {
      const { format: named, dry_run: dryRun, on_conflict: onConflict, unknown_steps: unknown } = c.req.valid('query');
      const text = await c.req.text();
      const bundled = isForeign(named) ? readForeign(named, text, STEP_SPECS, unknown) : BUNDLE_FORMATS[named].parse(text);
      const report = await orChangedBefore(c, { text, named, unknown, onConflict }, (key) =>
        importBundle(c.var.services, bundled, { dryRun, onConflict }, auditOf(c, 'import'), key),
      );
      if (!dryRun && report.counts.bad > 0) throw refusal(report);
      return c.json(report);
    },
  );

const isForeign = (name: string): name is ForeignForm => FOREIGN_FORMS.some((form) => form === name);

async function* encoded<T>(items: AsyncIterable<T>, write: (item: T) => string): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const item of items) yield encoder.encode(write(item));
}

/** Everything that kept an import from being made, each with its job. */
function refusal(report: JobImportReport): HttpProblem {
  const problems = report.items.flatMap(({ name, line, action, problems: found }) =>
    action !== 'bad'
      ? []
      : (found as readonly Problem[]).map((problem) => ({
          ...problem,
          line: problem.line ?? line,
          message: `${name || `line ${line}`}: ${problem.message}`,
        })),
  );
  const [first] = problems;
  const more = problems.length > 1 ? `; and ${problems.length - 1} more` : '';
  return new HttpProblem(onlyNamesTaken(report) ? 409 : 422, `nothing was imported: ${first?.message}${more}`, {
    problems: problems.slice(0, LIMITS.problems),
  });
}
