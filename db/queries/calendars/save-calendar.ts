import type { CalendarDefinition, Instance } from '#jobs/calendars/definition.ts';
import type { Audit } from '../../audit.ts';
import type { Sql, Transaction } from '../../client.ts';
import { InUse } from '../../conflicts.ts';
import type { CalendarFeedRow, CalendarRow } from '../../schema/calendars.ts';
import { type Deletion, deleteVersioned, saveVersioned, type VersionedTable } from '../../versioned.ts';
import { changeOnce, doOnce } from '../change-once.ts';
import { lockInventory } from '../save-target.ts';
import { armUsersOf } from '../schedules/arm-again.ts';
import type { OwnedKey } from '../take-key.ts';
import { calendarUsers } from './calendar-users.ts';

/** A checked calendar ready to be kept: the text as written and its meaning. */
export interface CheckedCalendar {
  readonly source: string;
  readonly format: 'yaml' | 'json';
  readonly definition: CalendarDefinition;
}

/** Events that a calendar imports, read and found right. */
export interface CheckedFeed
  extends Pick<CalendarFeedRow, 'url' | 'refresh_ms' | 'text' | 'hash' | 'events' | 'zone_data' | 'etag' | 'last_modified'> {
  readonly instances: readonly Instance[];
  /** Epoch milliseconds between which the events are known. */
  readonly from: number;
  readonly to: number;
  /** When it is to be read or worked out again. */
  readonly dueAt: number;
}

/** How calendars are kept. */
const CALENDARS: VersionedTable<CalendarRow> = {
  table: 'calendars',
  kind: 'calendar',
  owned: true,
  shown: ({ version, definition }) => ({ version, definition }),
};

/**
 * Creates a calendar (`expected` null) or changes it from that version, with what it imports (`undefined` leaves that as it is, null takes it away);
 * Temporal is told again of the schedules that use it. Once for a key; throws NameTaken, NotFound, VersionConflict, IdempotencyConflict.
 */
export const saveCalendar = (
  sql: Sql,
  project: string,
  { source, format, definition }: CheckedCalendar,
  feed: CheckedFeed | null | undefined,
  expected: number | null,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<Pick<CalendarRow, 'id' | 'version'>> =>
  changeOnce(sql, key, async (tx) => {
    const values = { name: definition.name, source, format, definition, timezone: definition.timezone ?? null };
    const row = await saveVersioned(tx, CALENDARS, project, values, expected, audit);
    if (feed === null) await tx`delete from calendar_feeds where calendar_id = ${row.id}`;
    else if (feed !== undefined) await putFeed(tx, row.id, feed);
    await armUsersOf(tx, project, [row.name]);
    return { id: row.id, version: row.version };
  });

const putFeed = async (tx: Transaction, id: string, feed: CheckedFeed): Promise<void> => {
  const now = new Date().toISOString();
  const { from, to, dueAt, instances, ...own } = feed;
  const values = {
    ...own,
    instances: tx.json(instances as never),
    expanded_from: new Date(from).toISOString(),
    expanded_to: new Date(to).toISOString(),
    due_at: new Date(dueAt).toISOString(),
    fetched_at: now,
    tried_at: now,
    attempts: 0,
    problem: null,
  };
  await tx`
    insert into calendar_feeds ${tx({ calendar_id: id, ...values })}
    on conflict (calendar_id) do update set ${tx(values)}`;
};

/** Deletes a calendar, once for a key. Throws NotFound, VersionConflict, InUse with the schedules and targets that use it, IdempotencyConflict. */
export const deleteCalendar = (sql: Sql, deletion: Deletion, key: OwnedKey | null = null): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const { project, name } = deletion;
    await lockInventory(tx, project);
    // Whoever begins to use it meanwhile waits for this, and then finds it gone.
    await deleteVersioned(tx, CALENDARS, deletion);
    const { schedules, targets } = await calendarUsers(tx, project, name);
    const users = [...schedules.map((one) => `schedule ${one}`), ...targets.map((one) => `target ${one}`)];
    if (users.length > 0) throw new InUse('calendar', name, users);
  });
