import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStream, SILENCE_MS } from './stream.ts';

const sources: (EventTarget & { url: string; closed: boolean; close(): void })[] = [];
const open = (url: string) => {
  const source = Object.assign(new EventTarget(), {
    url,
    closed: false,
    close() {
      this.closed = true;
    },
  });
  sources.push(source);
  return source as unknown as EventSource;
};
const newest = () => sources.at(-1) as (typeof sources)[number];
const say = (type: string, data = '{}', lastEventId = '') => newest().dispatchEvent(new MessageEvent(type, { data, lastEventId }));

const heard: string[] = [];
const note = (word: string) => () => void heard.push(word);
const events = { message: note('message'), ping: note('ping'), resync: note('resync'), open: note('open'), lost: note('lost') };

beforeEach(() => {
  vi.useFakeTimers();
  sources.length = 0;
  heard.length = 0;
});
afterEach(() => vi.useRealTimers());

test('three missed pings lose the stream, and it is opened again from the last event', () => {
  const stream = openStream('/events', events, open);
  stream.listen(['runs']);
  say('open');
  say('message', '{}', 'e1-7');
  vi.advanceTimersByTime(SILENCE_MS + 1);
  expect(heard).toEqual(['open', 'resync', 'message', 'lost']);
  vi.advanceTimersByTime(1000);
  expect(newest().url).toContain('last_event_id=e1-7');
  stream.close();
});

test('a ping every 15 s keeps it', () => {
  const stream = openStream('/events', events, open);
  stream.listen(['runs']);
  for (let minute = 0; minute < 20; minute++) {
    say('ping');
    vi.advanceTimersByTime(15_000);
  }
  expect(sources).toHaveLength(1);
  stream.close();
});

test('a topic already covered costs no new connection, another one does', () => {
  const stream = openStream('/events', events, open);
  stream.listen(['runs', 'run:1']);
  stream.listen(['runs']);
  expect(sources).toHaveLength(1);
  stream.listen(['runs', 'run:2']);
  expect(sources).toHaveLength(2);
  expect(sources[0]?.closed).toBe(true);
  stream.close();
});

test('pauses between attempts grow to seconds, never to minutes', () => {
  const stream = openStream('/events', events, open);
  stream.listen(['runs']);
  for (let attempt = 0; attempt < 20; attempt++) {
    newest().dispatchEvent(new Event('error'));
    vi.advanceTimersByTime(10_001);
  }
  expect(sources).toHaveLength(21);
  stream.close();
});

test('words of a connection already replaced are not heard', () => {
  const stream = openStream('/events', events, open);
  stream.listen(['runs']);
  const [old] = sources;
  stream.listen(['runs', 'run:1']);
  old?.dispatchEvent(new Event('error'));
  expect(heard).toEqual([]);
  stream.close();
});

test('a connection that is being made is given its time, however often it is asked to be tried again', () => {
  const stream = openStream('/events', events, open);
  stream.listen(['runs']);
  for (let click = 0; click < 10; click++) stream.reconnect();
  expect(sources).toHaveLength(1);
  vi.advanceTimersByTime(5_000);
  stream.reconnect();
  expect(sources).toHaveLength(2);
  say('open');
  stream.reconnect();
  expect(sources).toHaveLength(3);
  stream.close();
});

test('what was read of a topic before the stream listened to it is good only from the first event that is told of it', () => {
  const told: unknown[] = [];
  const note = { ...events, resync: (topics: readonly string[] | null, since: string | null) => void told.push([topics, since]) };
  const stream = openStream('/events', note, open);
  stream.listen(['notices']);
  say('open');
  expect(told.splice(0)).toEqual([]);
  say('ping', '{}', 'e1-5');
  say('ping', '{}', 'e1-6');
  expect(told.splice(0)).toEqual([[['notices'], 'e1-5']]);
  // What changed between the reading of the new topic and the event it goes on from was told to nobody here.
  stream.listen(['notices', 'runs']);
  say('open');
  expect(told.splice(0)).toEqual([[['runs'], 'e1-6']]);
  newest().dispatchEvent(new Event('error'));
  vi.advanceTimersByTime(10_000);
  say('open');
  say('ping', '{}', 'e1-9');
  expect(told).toEqual([]);
  stream.close();
});

test('a stream that has heard nothing goes on from what was read, and one that takes over from where the other was', () => {
  const told: unknown[] = [];
  const note = { ...events, resync: (topics: readonly string[] | null, since: string | null) => void told.push([topics, since]) };
  const first = openStream('/events', note, open);
  first.listen(['runs'], 'e1-3');
  expect(newest().url).toContain('last_event_id=e1-3');
  say('open');
  expect(told.splice(0)).toEqual([[['runs'], 'e1-3']]);
  first.listen(['run:1', 'runs'], 'e1-2');
  expect(newest().url).toContain('last_event_id=e1-3');
  first.close();
  const next = openStream('/events', note, open, 'e1-8');
  next.listen(['runs']);
  say('open');
  say('ping', '{}', 'e1-8');
  expect(told).toEqual([]);
  next.close();
});
