import type { Place } from '#jobs/places.ts';
import type { Queryable, Sql } from './client.ts';

/** What changed, by id only: who needs the rows asks for them. */
export interface Notice {
  /** Runs whose row changed or went away. */
  readonly runs?: readonly string[];
  /** Steps that changed, as [run, key]. */
  readonly steps?: readonly (readonly [run: string, key: string])[];
  /** Logs that grew, as [run, key, last line]. */
  readonly logs?: readonly (readonly [run: string, key: string, last: number])[];
  /** Steps whose commands were told of, as [run, key]. */
  readonly commands?: readonly (readonly [run: string, key: string])[];
  /** Steps whose files moved on, as [run, key]. */
  readonly transfers?: readonly (readonly [run: string, key: string])[];
  /** What people are told of steps that wait, as [run, key, kind]. */
  readonly notices?: readonly (readonly [run: string, key: string, kind: string])[];
  /** Names of jobs that changed or went away. */
  readonly jobs?: readonly string[];
  /** Names of queues that are not as they were. */
  readonly queues?: readonly string[];
  /** Places where something that people own changed, told by the triggers of its tables. */
  readonly places?: readonly Place[];
}

export const CHANNEL = 'capstan';

/** Postgres refuses payloads of 8,000 bytes. */
const LARGEST_PAYLOAD = 7_900;

/** Sends a notice when the transaction commits; one statement, however large the batch. */
export const notify = async (tx: Queryable, notice: Notice): Promise<void> => {
  await tx`select pg_notify(${CHANNEL}, payload) from unnest(${noticePayloads(notice)}::text[]) as payload`;
};

/** A notice as payloads Postgres takes; most fit in one. */
export const noticePayloads = (notice: Notice): string[] => {
  const whole = JSON.stringify(notice);
  if (Buffer.byteLength(whole) <= LARGEST_PAYLOAD) return whole === '{}' ? [] : [whole];
  return KINDS.flatMap((kind) => splitEntries(kind, notice[kind] ?? []));
};

const KINDS = [
  'runs',
  'steps',
  'logs',
  'commands',
  'transfers',
  'notices',
  'jobs',
  'queues',
  'places',
] as const satisfies readonly (keyof Notice)[];

const splitEntries = (kind: keyof Notice, entries: readonly unknown[]): string[] => {
  const payloads: string[] = [];
  const frame = Buffer.byteLength(JSON.stringify({ [kind]: [] }));
  let texts: string[] = [];
  let size = frame;
  const close = () => {
    if (texts.length > 0) payloads.push(`{"${kind}":[${texts.join(',')}]}`);
    texts = [];
    size = frame;
  };
  for (const entry of entries) {
    const text = JSON.stringify(entry);
    const bytes = Buffer.byteLength(text) + 1;
    if (size + bytes > LARGEST_PAYLOAD) close();
    texts.push(text);
    size += bytes;
  }
  close();
  return payloads;
};

/** Calls back for every notice from now on, over a connection of its own that is made again whenever it breaks. `onConnected` is called each time listening (re)starts: what happened before it may have been missed. */
export const listen = async (
  sql: Sql,
  onNotice: (notice: Notice) => void,
  onConnected: () => void = () => {},
): Promise<{ stop(): Promise<void> }> => {
  const { unlisten } = await sql.listen(CHANNEL, (payload) => onNotice(JSON.parse(payload) as Notice), onConnected);
  return { stop: unlisten };
};
