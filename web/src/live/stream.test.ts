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
  expect(heard).toEqual(['open', 'message', 'lost']);
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
