import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { RunSummary } from '#db/queries/list-runs.ts';
import type { StepWithAttempts } from '#db/queries/list-steps.ts';
import { createHub, type HubSource } from './hub.ts';
import type { Changes } from './pending.ts';

/** A database of changes that the test makes by hand; what is read is counted. */
function table() {
  let tell: (changes: Changes) => void = () => {};
  let gap: () => void = () => {};
  const rows = new Map<string, number>();
  const reads: number[] = [];
  let broken = false;
  const source: HubSource = {
    async listen(onChanges, onGap) {
      tell = onChanges;
      gap = onGap;
      return async () => {};
    },
    async summaries(runs) {
      if (broken) throw new Error('away');
      reads.push(runs.length);
      await sleep(1);
      return runs.filter((id) => rows.has(id)).map((id) => ({ id, seq: rows.get(id), updated_at: '' }) as unknown as RunSummary);
    },
    async steps(steps) {
      return steps.map(([run_id, key]) => ({ run_id, key }) as unknown as StepWithAttempts);
    },
  };
  return {
    source,
    reads,
    change(id: string, seq: number) {
      rows.set(id, seq);
      tell({ runs: [id] });
    },
    tell: (changes: Changes) => tell(changes),
    gap: () => gap(),
    breaks: (value: boolean) => {
      broken = value;
    },
  };
}

/** A reader that keeps what it got, and the last id it saw. */
function reader() {
  const text: string[] = [];
  const events = () =>
    text
      .join('')
      .split('\n\n')
      .filter((frame) => frame !== '')
      .map((frame) => ({
        id: /^id: (.*)$/m.exec(frame)?.[1] ?? null,
        event: /^event: (.*)$/m.exec(frame)?.[1] ?? 'message',
        data: JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? 'null'),
      }));
  return { sink: (bytes: Buffer) => void text.push(bytes.toString()), events, last: () => events().at(-1)?.id ?? null };
}

const RUN = '0192f0c0-0000-7000-8000-000000000001';
const OTHER = '0192f0c0-0000-7000-8000-000000000002';
const fail = (error: unknown) => {
  throw error;
};

test('a burst of changes of one run is read once more, not once each, and ends with the newest state', async () => {
  const db = table();
  const hub = await createHub(db.source, fail);
  const one = reader();
  hub.follow(['runs'], null, one.sink);
  for (let seq = 1; seq <= 100; seq++) db.change(RUN, seq);
  await expect.poll(() => one.events().at(-1)?.data.run.seq).toBe(100);
  expect(db.reads.length).toBeLessThanOrEqual(3);
});

test('each reader gets the topics it asked for, in the order of their ids', async () => {
  const db = table();
  const hub = await createHub(db.source, fail);
  const [list, page, other] = [reader(), reader(), reader()];
  hub.follow(['runs'], null, list.sink);
  hub.follow(['runs', `run:${RUN}`, `log:${RUN}`], null, page.sink);
  hub.follow([`run:${OTHER}`], null, other.sink);
  db.change(RUN, 1);
  db.tell({ steps: [[RUN, 'a']], logs: [[RUN, 'a', 7]] });
  await expect.poll(() => page.events()).toHaveLength(4);
  expect(list.events().map(({ data }) => data.topic)).toEqual(['runs']);
  expect(other.events()).toEqual([]);
  const numbers = page.events().map(({ id }) => Number(id?.split('-')[1]));
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(page.events().map(({ data }) => data)).toContainEqual({ topic: `log:${RUN}`, key: 'a', last: 7 });
});

test('whoever follows what people are told of hears which step, once for a burst', async () => {
  const db = table();
  const hub = await createHub(db.source, fail);
  const [told, page] = [reader(), reader()];
  hub.follow(['notices'], null, told.sink);
  hub.follow([`run:${RUN}`], null, page.sink);
  db.tell({ notices: [[RUN, 'ask', 'reminder']] });
  await expect.poll(() => told.events()).toHaveLength(1);
  expect(told.events()[0]?.data).toEqual({ topic: 'notices', run_id: RUN, key: 'ask', notice: 'reminder' });
  expect(page.events()).toEqual([]);
});

test('of a place that changes all the time its readers hear at once, then once a second, and of the last change for certain', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const db = table();
  const hub = await createHub(db.source, fail);
  const [one, other] = [reader(), reader()];
  hub.follow(['targets'], null, one.sink);
  hub.follow(['credentials', 'runs'], null, other.sink);
  const heard = async () => {
    await vi.advanceTimersByTimeAsync(0);
    return one.events().map(({ data }) => data);
  };
  db.tell({ places: ['targets'] });
  expect(await heard()).toEqual([{ topic: 'targets' }]);
  for (let ms = 0; ms < 3_000; ms += 10) {
    db.tell({ places: ['targets', 'schedules'] });
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(await heard()).toHaveLength(4);
  db.tell({ places: ['targets'] });
  expect(await heard()).toHaveLength(4);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await heard()).toHaveLength(5);
  db.tell({ places: ['targets'] });
  expect(await heard()).toHaveLength(6);
  expect(other.events()).toEqual([]);
});

test('a reader who comes back with the last id it saw gets exactly what it missed', async () => {
  const db = table();
  const hub = await createHub(db.source, fail);
  const before = reader();
  const leave = hub.follow([`run:${RUN}`], null, before.sink);
  db.change(RUN, 1);
  await expect.poll(() => before.events()).toHaveLength(1);
  leave();
  db.change(RUN, 2);
  await expect.poll(() => hub.position()).not.toBe(before.last());
  const after = reader();
  hub.follow([`run:${RUN}`], before.last(), after.sink);
  expect(after.events().map(({ data, event }) => [event, data.run?.seq])).toEqual([['message', 2]]);
});

test.each([
  ['from another process', () => 'ffffffffffff-1'],
  ['from the future', (position: string) => position.replace(/-\d+$/, '-99')],
  ['that is no id', () => 'nonsense'],
])('an id %s cannot be replayed: the reader is told to read anew', async (_what, idOf) => {
  const db = table();
  const hub = await createHub(db.source, fail);
  const one = reader();
  hub.follow(['runs'], null, reader().sink);
  hub.follow(['runs'], idOf(hub.position()), one.sink);
  expect(one.events().map(({ event }) => event)).toEqual(['resync']);
});

test('a topic that nobody followed when it changed cannot be replayed', async () => {
  const db = table();
  const hub = await createHub(db.source, fail);
  const list = reader();
  hub.follow(['runs'], null, list.sink);
  db.change(RUN, 1);
  await expect.poll(() => list.events()).toHaveLength(1);
  hub.follow([`run:${RUN}`], null, reader().sink);
  const late = reader();
  hub.follow([`run:${RUN}`], list.last()?.replace(/-\d+$/, '-0') ?? null, late.sink);
  expect(late.events().map(({ event }) => event)).toEqual(['resync']);
});

test('where only a new topic cannot be replayed, it alone is to be read anew and the others lose nothing', async () => {
  const db = table();
  const hub = await createHub(db.source, fail);
  const list = reader();
  const leave = hub.follow(['runs'], null, list.sink);
  db.change(RUN, 1);
  await expect.poll(() => list.events()).toHaveLength(1);
  leave();
  db.change(RUN, 2);
  await expect.poll(() => hub.position()).not.toBe(list.last());
  const more = reader();
  hub.follow(['runs', `run:${RUN}`], list.last(), more.sink);
  expect(more.events().map(({ event, data }) => (event === 'resync' ? data.topics : data.run.seq))).toEqual([2, [`run:${RUN}`]]);
});

test('when notices may have been missed everyone is told to read anew, and older ids are no longer good', async () => {
  const db = table();
  const hub = await createHub(db.source, fail);
  const one = reader();
  hub.follow(['runs'], null, one.sink);
  db.change(RUN, 1);
  await expect.poll(() => one.events()).toHaveLength(1);
  const old = one.last();
  db.gap();
  expect(one.events().at(-1)?.event).toBe('resync');
  const back = reader();
  hub.follow(['runs'], old, back.sink);
  expect(back.events().map(({ event }) => event)).toEqual(['resync']);
});

test('changes that could not be read are read when the database is back', async () => {
  const db = table();
  const errors: unknown[] = [];
  const hub = await createHub(db.source, (error) => errors.push(error));
  const one = reader();
  hub.follow(['runs'], null, one.sink);
  db.breaks(true);
  db.change(RUN, 1);
  await expect.poll(() => errors.length).toBeGreaterThan(0);
  db.breaks(false);
  await expect.poll(() => one.events().at(-1)?.data.run.seq).toBe(1);
});

test('a run that is gone is told as deleted', async () => {
  const db = table();
  const hub = await createHub(db.source, fail);
  const one = reader();
  hub.follow(['runs'], null, one.sink);
  db.tell({ runs: [OTHER] });
  await expect.poll(() => one.events().at(-1)?.data).toEqual({ topic: 'runs', deleted: OTHER });
});

test('a run whose row has not changed since it was told is not told again', async () => {
  const db = table();
  const hub = await createHub(db.source, fail);
  const one = reader();
  hub.follow(['runs', `run:${RUN}`], null, one.sink);
  db.change(RUN, 1);
  await expect.poll(() => one.events()).toHaveLength(2);
  db.change(RUN, 1);
  db.tell({ steps: [[RUN, 'a']] });
  await expect.poll(() => one.events().at(-1)?.data.step).toBeDefined();
  expect(one.events()).toHaveLength(3);
});

test('what is read after its topic was to be remembered and then followed from there misses no change, whichever came between', async () => {
  const db = table();
  const hub = await createHub(db.source, fail);
  hub.follow([`run:${OTHER}`], null, reader().sink);
  const event = hub.remember(['runs']);
  db.change(RUN, 1);
  db.change(OTHER, 1);
  await expect.poll(() => hub.position()).not.toBe(event);
  const list = reader();
  hub.follow(['runs'], event, list.sink);
  db.change(RUN, 2);
  await expect.poll(() => list.events().at(-1)?.data.run).toMatchObject({ id: RUN, seq: 2 });
  expect(list.events().filter(({ event }) => event === 'resync')).toEqual([]);
  expect(list.events().map(({ data }) => `${data.run.id} ${data.run.seq}`)).toEqual(
    expect.arrayContaining([`${RUN} 1`, `${OTHER} 1`, `${RUN} 2`]),
  );
});

test('who follows a topic from before it was remembered is told since when its reads are good', async () => {
  const db = table();
  const hub = await createHub(db.source, fail);
  const list = reader();
  const leave = hub.follow(['runs'], null, list.sink);
  const before = hub.position();
  db.change(OTHER, 1);
  await expect.poll(() => list.events()).toHaveLength(1);
  const read = hub.remember([`run:${RUN}`]);
  db.change(RUN, 1);
  await expect.poll(() => list.events()).toHaveLength(2);
  leave();
  const page = reader();
  hub.follow(['runs', `run:${RUN}`], before, page.sink);
  expect(page.events().at(-1)).toMatchObject({ event: 'resync', data: { topics: [`run:${RUN}`], since: read } });
  // What came after the read is told, and nothing else is needed.
  expect(page.events().map(({ data }) => data.topic)).toEqual(['runs', 'runs', `run:${RUN}`, undefined]);
});
