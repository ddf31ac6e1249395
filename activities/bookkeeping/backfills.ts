import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Database } from '#db/client.ts';
import {
  type Begun,
  closeBackfill,
  mayBegin,
  nextBackfillFires,
  settleBegun,
  settleEnded,
} from '#db/queries/backfills/backfill-progress.ts';
import { findBackfill } from '#db/queries/backfills/list-backfills.ts';
import { acceptFire, type Fire, type FireOutcome } from '#db/queries/schedules/accept-fire.ts';
import type { BackfillFireRow, BackfillRow } from '#db/schema/backfills.ts';
import { zoneData } from '#platform/zone-data.ts';
import type { RunInput } from '#workflows/messages.ts';

interface BackfillDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly launch: (input: RunInput) => Promise<void>;
}

/** Then the next worker may go on. */
const SPELL_MS = 20_000;
/** How often the ends of its runs are looked for while runs are begun, and how long nothing may begin until the slot is given back. */
const LOOK_MS = 250;
const QUIET_MS = 3_000;
const LONGEST_REST_MS = 10_000;

/** What a spell of work answers: whether all is over, and after how many milliseconds to go on. */
export interface BackfillSpell {
  readonly over: boolean;
  readonly restMs: number;
}

/** Activities that go over the past of a schedule. */
export const createBackfills = (deps: BackfillDeps) => ({
  /** Goes on with a backfill for a while: as many runs at a time as it may have. What is refused stands with its moment and stops no other. */
  async carryOutBackfill(id: string): Promise<BackfillSpell> {
    const { heartbeat, cancellationSignal } = Context.current();
    const until = Date.now() + SPELL_MS;
    let lastNews = Date.now();
    for (;;) {
      const backfill = await findBackfill(deps.database.sql, id);
      if (!backfill || backfill.ended_at !== null) return { over: true, restMs: 0 };
      const found = await goOn(deps, backfill, heartbeat);
      if (found === 'over') return { over: true, restMs: 0 };
      if (Date.now() >= until || cancellationSignal.aborted) return { over: false, restMs: 0 };
      if (found === 'begun') lastNews = Date.now();
      else if (Date.now() - lastNews >= QUIET_MS) return { over: false, restMs: restAfter(backfill) };
      else await sleep(LOOK_MS);
    }
  },
});

/** Writes which runs have ended and begins as many as may take their place, with a sign of life for each. */
async function goOn(deps: BackfillDeps, backfill: BackfillRow, heartbeat: () => void): Promise<'begun' | 'nothing' | 'over'> {
  heartbeat();
  const { sql } = deps.database;
  const { id, status, max_active } = backfill;
  const active = await settleEnded(sql, id);
  const free = status === 'running' ? max_active - active : 0;
  const fires = free > 0 ? await nextBackfillFires(sql, id, free) : [];
  for (const fire of fires) {
    const begun = await begin(deps, backfill, fire);
    if (begun === null) break;
    await settleBegun(sql, id, [begun]);
    heartbeat();
  }
  if (fires.length > 0) return 'begun';
  return active === 0 && (await closeBackfill(sql, id)) ? 'over' : 'nothing';
}

/** Runs that take long are looked at less often: after a tenth of what one took on the average. */
function restAfter({ created_at, ended }: BackfillRow): number {
  const each = (Date.now() - Date.parse(created_at)) / (ended + 1);
  return Math.round(Math.min(Math.max(each / 10, LOOK_MS), LONGEST_REST_MS));
}

/** Begins the run of a moment; one that an earlier try has begun is the same. Null: the backfill was cancelled. */
async function begin(
  { database: { sql }, launch }: BackfillDeps,
  { id, schedule_id, actor, parameters }: BackfillRow,
  fire: BackfillFireRow,
): Promise<Begun | null> {
  const { n, nominal_at, again, earlier_run } = fire;
  const asked: Fire = {
    schedule: schedule_id,
    nominalAt: Date.parse(nominal_at),
    trigger: 'backfill',
    again,
    backfill: id,
    askedBy: actor,
    ...(parameters && { parameters }),
    ...(earlier_run && { earlierRun: earlier_run }),
  };
  const became = await sql.begin(async (tx) => ((await mayBegin(tx, id)) ? acceptFire(tx, zoneData(), asked) : null));
  if (became === null) return null;
  if (became.outcome === 'accepted') await launch(became.input);
  const run = 'run' in became && became.outcome !== 'taken' ? became.run : null;
  return { n, run, error: whyNot(became)?.slice(0, 1000) ?? null };
}

function whyNot(became: FireOutcome): string | null {
  switch (became.outcome) {
    case 'accepted':
    case 'known':
      return null;
    case 'taken':
      return became.run === null ? 'this moment was decided otherwise meanwhile' : `this moment was given run ${became.run} meanwhile`;
    case 'missed':
      return became.message;
    case 'gone':
      return 'the schedule was deleted';
  }
}
