import { claimToArm, postponeArming, type ToArm } from '#db/queries/schedules/arming.ts';
import { renewPlans } from '#db/queries/schedules/reconcile-twins.ts';
import { isTemporalAway } from '#platform/temporal/grpc-code.ts';
import { type ArmingDeps, armSchedule } from './arm-schedule.ts';

/** Claimed at a time, and told at a time. */
const AT_ONCE = 40;
const ABREAST = 8;
/** One round takes hardly longer than this, so that many schedules keep nobody from stopping. */
const ROUND_MS = 10_000;
const MOST_RENEWED = 100_000;

/** Tells Temporal, each time it is called, of all schedules that are due to be told; the first time also of those that were planned by other zone data. One that cannot be told is tried again later and shows why; while Temporal is away one tells for all. Throws the first failure when the round is over. */
export function createArming(deps: ArmingDeps): () => Promise<void> {
  let isFirst = true;
  return async () => {
    if (isFirst) await renewPlans(deps.sql, deps.zones.version, MOST_RENEWED);
    isFirst = false;
    for (const until = Date.now() + ROUND_MS; Date.now() < until; ) {
      const rows = await claimToArm(deps.sql, AT_ONCE);
      const failures = await armAll(deps, rows);
      if (failures.length > 0) throw failures[0];
      if (rows.length < AT_ONCE) return;
    }
  };
}

async function armAll(deps: ArmingDeps, rows: readonly ToArm[]): Promise<readonly unknown[]> {
  const [first, ...rest] = rows;
  if (!first) return [];
  const failures: unknown[] = [];
  const arm = async (row: ToArm): Promise<boolean> => {
    try {
      await armSchedule(deps, row);
      return true;
    } catch (error) {
      failures.push(error);
      const isAway = isTemporalAway(error);
      await postponeArming(deps.sql, isAway ? [row, ...rest] : [row], isAway ? 'Temporal does not answer' : wordsOf(error), isAway);
      return !isAway;
    }
  };
  if (!(await arm(first))) return failures;
  const left = [...rest];
  let isThere = true;
  const tell = async (): Promise<void> => {
    for (let row = left.shift(); row && isThere; row = left.shift()) isThere = await arm(row);
  };
  await Promise.all(Array.from({ length: ABREAST }, tell));
  return failures;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 1000);
