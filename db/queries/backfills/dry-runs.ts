import type { ChosenFire } from '#jobs/backfills/choose-fires.ts';
import { jsonRows, type Queryable } from '../../client.ts';
import { type BackfillPlan, listOf } from './plan-backfill.ts';

/** Keeps what a dry run listed, for whoever agrees to it later. */
export const keepDryRun = async (sql: Queryable, schedule: string, { fires, hash }: BackfillPlan): Promise<void> => {
  await sql`
    insert into backfill_dry_runs (list_hash, schedule_id, fires)
    values (${hash}, ${schedule}, ${jsonRows(sql, listOf(fires))})
    on conflict (list_hash) do update set created_at = now()`;
};

/** How a list is different from that of a dry run, in one sentence; null when that dry run is not known any more. Served by the primary key. */
export const differenceFrom = async (
  sql: Queryable,
  hash: string,
  schedule: string,
  now: readonly ChosenFire[],
): Promise<string | null> => {
  const [kept] = await sql<{ fires: readonly (readonly [number, number, string | null])[] }[]>`
    select fires from backfill_dry_runs where list_hash = ${hash} and schedule_id = ${schedule}`;
  if (!kept) return null;
  const before = new Map(kept.fires.map(([at, again]) => [at, again]));
  const after = new Map(now.map(({ at, again }) => [at, again]));
  const added = [...after.keys()].filter((at) => !before.has(at));
  const gone = [...before.keys()].filter((at) => !after.has(at));
  const rerun = [...after].filter(([at, again]) => before.has(at) && before.get(at) !== again).map(([at]) => at);
  const parts = [
    ...words(gone, 'would not be started any more'),
    ...words(added, 'would be started and did not stand in it'),
    ...words(rerun, 'had another run meanwhile'),
  ];
  return parts.length === 0 ? 'the order is another' : parts.join('; ');
};

const SHOWN = 3;

function words(moments: readonly number[], what: string): readonly string[] {
  if (moments.length === 0) return [];
  const shown = moments.slice(0, SHOWN).map((at) => new Date(at).toISOString());
  const more = moments.length > SHOWN ? `, and ${moments.length - SHOWN} more` : '';
  return [`${moments.length} ${what} (${shown.join(', ')}${more})`];
}
