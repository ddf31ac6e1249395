import { Hono } from 'hono';
import { z } from 'zod';
import { bounded } from '#db/bounded.ts';
import { type BulkGroup, groupSubjects } from '#db/queries/preview-bulk.ts';
import { MOST_BULK_ITEMS, RUN_BULK_ACTIONS, type RunBulkAction } from '#jobs/bulk.ts';
import { LEFT_ALONE, whyLeftAlone } from '#jobs/bulk-eligibility.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { PROJECT } from '../project.ts';
import { instant } from '../views/json.ts';
import { ChosenRuns, chosenRuns } from '../views/runs-filter.ts';

const LOOK_MS = 10_000;

/** What an operation on many would come to. */
export const Preview = z
  .object({
    at: instant.meta({ description: 'when it was looked; as the `until` of the operation it leaves out what is accepted later' }),
    total: z.number(),
    too_many: z.boolean().meta({ description: `more than the ${MOST_BULK_ITEMS} that one operation may have` }),
    eligible: z.number().meta({ description: 'as they stand now; each is looked at again when its turn comes' }),
    running: z.number().meta({ description: 'of the eligible ones, those that execute something now' }),
    left_alone: z.array(
      z.object({
        because: z.enum(LEFT_ALONE),
        runs: z.number(),
        example: z.number().nullable().meta({ description: 'the number of one of them' }),
      }),
    ),
  })
  .meta({ id: 'BulkPreview' });

/** What one thing done to many runs would come to. */
export const bulkPreview = new Hono<Env>().post(
  '/bulk/preview',
  can('run:read'),
  describe({
    tag: 'bulk',
    summary: 'What an operation on many runs would do, and what it would leave alone and why',
    answers: { 200: Preview },
  }),
  body(z.strictObject({ action: z.enum(RUN_BULK_ACTIONS), ...ChosenRuns })),
  async (c) => {
    const { action, ...asked } = c.req.valid('json');
    const at = new Date().toISOString();
    const { groups, more } = await bounded(c.var.services.database.sql, LOOK_MS, async (tx) =>
      groupSubjects(tx, PROJECT, await chosenRuns(tx, PROJECT, signedIn(c), asked)),
    );
    return c.json({ at, too_many: more, ...summed(action, groups) });
  },
);

function summed(action: RunBulkAction, groups: readonly BulkGroup[]): Omit<z.infer<typeof Preview>, 'at' | 'too_many'> {
  const sum = (some: readonly BulkGroup[]) => some.reduce((total, { runs }) => total + runs, 0);
  const apart = Map.groupBy(groups, (group) => whyLeftAlone(action, group));
  const eligible = apart.get(null) ?? [];
  return {
    total: sum(groups),
    eligible: sum(eligible),
    running: sum(eligible.filter(({ status }) => status === 'running' || status === 'retrying')),
    left_alone: LEFT_ALONE.flatMap((because) => {
      const some = apart.get(because) ?? [];
      return some.length === 0 ? [] : [{ because, runs: sum(some), example: some[0]?.example ?? null }];
    }),
  };
}
