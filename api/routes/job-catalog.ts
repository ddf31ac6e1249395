import { Hono } from 'hono';
import { STEP_SPECS } from '#activities/catalog.ts';
import { recordHealth } from '#db/queries/job-health.ts';
import { countCategories } from '#db/queries/list-jobs.ts';
import { categoryTree } from '#jobs/categories.ts';
import { parseDefinition } from '#jobs/definition.ts';
import { JOB_TEMPLATES } from '#jobs/templates/templates.ts';
import { can } from '../access/can.ts';
import { describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { healthToday, requireJob } from '../jobs.ts';
import { PROJECT } from '../project.ts';
import { Categories, JobHealth, JobTemplates } from '../views/job.ts';

/** What there is to begin from, how jobs are filed, and how they are. */
export const jobCatalog = new Hono<Env>()
  .get(
    '/templates',
    can('job:read'),
    describe({ tag: 'jobs', summary: 'Definitions to begin from', answers: { 200: JobTemplates } }),
    (c) => c.json({ items: templates() }),
  )
  .get(
    '/categories',
    can('job:read'),
    describe({ tag: 'jobs', summary: 'The categories of jobs as a tree, with how many jobs stand in each', answers: { 200: Categories } }),
    async (c) => c.json({ items: [...categoryTree(await countCategories(c.var.services.database.read, PROJECT))] }),
  )
  .get(
    '/:name/health',
    can('job:read'),
    describe({
      tag: 'jobs',
      summary: 'Whether a job could do its work today, found now and kept for lists',
      answers: { 200: JobHealth },
    }),
    async (c) => {
      const { services } = c.var;
      const { id, name, version, definition } = await requireJob(services, c.req.param('name'));
      const report = await healthToday(services, definition);
      await recordHealth(services.database.sql, [{ id, name, version, ...report }]);
      return c.json({ name, version, ...report });
    },
  );

const readTemplates = () =>
  JOB_TEMPLATES.map(({ name, title, description, source }) => ({
    name,
    title,
    description,
    source,
    definition: parseDefinition(source, STEP_SPECS).definition,
  }));
let known: ReturnType<typeof readTemplates> | undefined;
/** Read when first asked for, so that an API starts without it. */
const templates = () => (known ??= readTemplates());
