import type { Query } from '@tanstack/solid-query';

/** A part of a list with the event it was read after. */
export interface ReadAt {
  readonly event: string | null;
}

const noted = new WeakMap<Query, string | null>();

/** Keeps of a query after which event it was read. */
export const noteRead = (query: Query, event: string | null): void => void noted.set(query, event);

const partsOf = (event: string): readonly [epoch: string, number: number] => {
  const at = event.lastIndexOf('-');
  return [event.slice(0, at), Number(event.slice(at + 1))];
};

/** The older of two events of one server; null where that cannot be told. */
const older = (one: string | null, other: string | null): string | null => {
  if (one === null || other === null) return null;
  const [[epoch, number], [otherEpoch, otherNumber]] = [partsOf(one), partsOf(other)];
  if (epoch !== otherEpoch) return null;
  return number <= otherNumber ? one : other;
};

/** After which event all of what a query holds was read; null where nobody knows. */
const eventOf = (query: Query): string | null => {
  const { data } = query.state;
  if (data === undefined) return null;
  if (typeof data !== 'object' || data === null || !('pages' in data)) return noted.get(query) ?? null;
  const events = (data.pages as readonly Partial<ReadAt>[]).map(({ event }) => event ?? null);
  return events.length === 0 ? null : events.reduce(older);
};

/** Whether what a query holds was read after an event, so that a stream's news from there on are all it lacks. */
export const isReadSince = (query: Query, since: string): boolean => {
  const event = eventOf(query);
  return event !== null && older(since, event) === since;
};

/** The event to listen from so that as much as can be of what was read needs no second reading; '' where none is known. */
export const oldestRead = (queries: readonly Query[]): string => {
  const events = queries.map(eventOf).filter((event) => event !== null);
  return events.reduce((one, other) => older(one, other) ?? one, events[0] ?? '');
};
