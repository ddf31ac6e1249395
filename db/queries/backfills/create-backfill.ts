import { v7 as uuidv7 } from 'uuid';
import type { JsonObject } from '#jobs/json.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import { type Audit, writeAudit } from '../../audit.ts';
import { jsonRows, type Queryable, type Sql } from '../../client.ts';
import type { BackfillRow } from '../../schema/backfills.ts';
import { findRunOfKey, type Idempotency } from '../insert-run.ts';
import { type OwnedKey, takeKey } from '../take-key.ts';
import { differenceFrom } from './dry-runs.ts';
import { findBackfill } from './list-backfills.ts';
import { type BackfillAsked, type Backfilled, planBackfill } from './plan-backfill.ts';

export interface NewBackfill extends BackfillAsked {
  /** Its runs under way at a time. */
  readonly maxActive: number;
  /** Instead of those of the schedule, name by name. */
  readonly parameters: JsonObject | null;
  readonly note: string | null;
  /** The hash of the list that was agreed to; null: whatever the list is. */
  readonly expected: string | null;
}

/** The moments are no longer those that a dry run listed. */
export class ListChanged extends Error {
  override readonly name = 'ListChanged';

  constructor(schedule: string, difference: string | null) {
    const how = difference === null ? '' : `: ${difference}`;
    super(`the moments of ${schedule} that would be started are not those of the dry run${how}; look at a new one`);
  }
}

/**
 * Fixes which moments of a schedule's past are started; a workflow that somebody launches, or a worker soon after, then does. The same idempotency key and
 * request give the same backfill, whatever the list is by then. Throws InvalidInput, ListChanged, IdempotencyConflict.
 */
export const createBackfill = async (
  sql: Sql,
  zones: ZoneData,
  schedule: Backfilled,
  asked: NewBackfill,
  audit: Audit,
  idempotency: Idempotency | null = null,
): Promise<BackfillRow> => {
  const key = idempotency && { ...idempotency, project: schedule.project, actor: audit.actor };
  const known = key && (await backfillOfKey(sql, key));
  if (known) return known;
  const { fires, hash } = await planBackfill(sql, zones, schedule, asked);
  if (asked.expected !== null && asked.expected !== hash) {
    throw new ListChanged(schedule.name, await differenceFrom(sql, asked.expected, schedule.id, fires));
  }
  const row = {
    id: uuidv7(),
    project: schedule.project,
    schedule_id: schedule.id,
    schedule: schedule.name,
    from_at: new Date(asked.span.from).toISOString(),
    to_at: new Date(asked.span.to).toISOString(),
    reprocess: asked.reprocess,
    max_active: asked.maxActive,
    in_order: asked.order,
    ignore_calendars: asked.ignoreCalendars,
    note: asked.note,
    actor: audit.actor,
    list_hash: hash,
    total: fires.length,
    status: fires.length === 0 ? 'completed' : 'running',
    ended_at: fires.length === 0 ? new Date().toISOString() : null,
  } as const;
  return sql.begin(async (tx) => {
    const other = key && (await takeKey(tx, key, row.id));
    const theirs = other && (await findBackfill(tx, other));
    if (theirs) return theirs;
    const [made] = await tx<BackfillRow[]>`
      insert into backfills ${tx({ ...row, parameters: asked.parameters === null ? null : tx.json(asked.parameters as never) })} returning *`;
    if (!made) throw new Error(`backfill ${row.id} was not written`);
    const rows = fires.map(({ at, again, earlier_run }, index) => ({ n: index + 1, at: new Date(at).toISOString(), again, earlier_run }));
    await tx`
      insert into backfill_fires (backfill_id, n, nominal_at, again, earlier_run)
      select ${row.id}, n, at, again, earlier_run
      from jsonb_to_recordset(${jsonRows(tx, rows)}) as f (n integer, at timestamptz, again smallint, earlier_run uuid)`;
    const { from_at, to_at, reprocess, total } = row;
    const after = { from: from_at, to: to_at, reprocess, order: asked.order, count: total, ignore_calendars: asked.ignoreCalendars };
    await writeAudit(tx, audit, {
      project: row.project,
      action: 'schedule.backfill',
      subject_kind: 'schedule',
      subject: row.schedule,
      after: { backfill: row.id, ...after },
    });
    return made;
  });
};

/** The backfill that this key and request made, or null. Served by the primary keys. */
async function backfillOfKey(sql: Queryable, key: OwnedKey): Promise<BackfillRow | null> {
  const made = await findRunOfKey(sql, key);
  return made === null ? null : findBackfill(sql, made);
}
