import { QueryClient, QueryObserver } from '@tanstack/solid-query';
import { expect, onTestFinished, test } from 'vitest';
import { createReadAgain } from './read-again.ts';
import { oldestRead } from './read-at.ts';

/** Queries that are on screen, and how often each was asked; answers come when they are let out. */
const screen = () => {
  const queries = new QueryClient();
  const again = createReadAgain(queries);
  onTestFinished(again.stop);
  const show = (name: string, meta: { live?: boolean; topic?: string }) => {
    const answers: PromiseWithResolvers<string>[] = [];
    const queryFn = () => {
      answers.push(Promise.withResolvers<string>());
      return answers.at(-1)?.promise ?? '';
    };
    onTestFinished(new QueryObserver(queries, { queryKey: [name], queryFn, meta, retry: false }).subscribe(() => undefined));
    const settled = () => new Promise<void>((resolve) => setTimeout(resolve));
    return {
      asked: () => answers.length,
      answer: async (text: string) => {
        answers.at(-1)?.resolve(text);
        await settled();
      },
    };
  };
  return { again, show };
};

test('what is read for the first time while news may be missed is read once more, and only once', async () => {
  const { again, show } = screen();
  const list = show('list', { live: true });
  again.read('live');
  expect(list.asked()).toBe(1);
  await list.answer('before the stream listened');
  expect(list.asked()).toBe(2);
  await list.answer('now');
  expect(list.asked()).toBe(2);
});

test('of a gap in one topic only what that topic changes is read again', async () => {
  const { again, show } = screen();
  const shown = [show('runs', { live: true, topic: 'runs' }), show('run', { live: true }), show('jobs', {})];
  for (const one of shown) await one.answer('first');
  again.read('live', ['run:1']);
  expect(shown.map((one) => one.asked())).toEqual([1, 2, 1]);
  again.read('live', null);
  expect(shown.map((one) => one.asked())).toEqual([2, 3, 1]);
  again.read('all');
  expect(shown.at(2)?.asked()).toBe(2);
});

test('a gap in places makes only what is shown of them be read again', async () => {
  const { again, show } = screen();
  const shown = [show('run', { live: true }), show('list', { live: true, topic: 'targets' })];
  for (const one of shown) await one.answer('first');
  again.read('live', ['targets', 'users']);
  expect(shown.map((one) => one.asked())).toEqual([1, 2]);
  again.read('live', ['targets', 'run:1']);
  expect(shown[0]?.asked()).toBe(2);
});

/** A list that is read in pages, each of which says after which event it was read. */
const pagesOf = (...events: readonly (string | null)[]) => ({ pages: events.map((event) => ({ event })) });

test('what was read after the event that news are heard from is not read again, and what was read before it is', async () => {
  const queries = new QueryClient();
  const again = createReadAgain(queries);
  onTestFinished(again.stop);
  const asked: string[] = [];
  const show = (name: string, data: () => unknown) => {
    const queryFn = () => {
      asked.push(name);
      return data();
    };
    onTestFinished(
      new QueryObserver(queries, { queryKey: [name], queryFn, meta: { live: true }, retry: false }).subscribe(() => undefined),
    );
  };
  const late = Promise.withResolvers<unknown>();
  show('newer', () => pagesOf('e-7'));
  show('joined', () => pagesOf('e-9', 'e-5'));
  show('older', () => pagesOf('e-9', 'e-4'));
  show('of another server', () => pagesOf('f-9'));
  show('unknown', () => pagesOf(null));
  show('underway', () => late.promise);
  await new Promise<void>((resolve) => setTimeout(resolve));
  const first = asked.splice(0).length;
  expect(first).toBe(6);
  again.read('live', null, 'e-5');
  expect(asked.splice(0)).toEqual(['older', 'of another server', 'unknown']);
  late.resolve(pagesOf('e-5'));
  await new Promise<void>((resolve) => setTimeout(resolve));
  expect(asked).toEqual([]);
  again.read('live');
  expect(asked).toHaveLength(6);
});

test('a stream begins with the oldest of what was read, as numbers count', () => {
  const queries = new QueryClient();
  for (const [at, event] of ['e-10', 'e-9', null].entries()) queries.setQueryData([at], pagesOf(event));
  expect(oldestRead(queries.getQueryCache().getAll())).toBe('e-9');
  expect(oldestRead([])).toBe('');
});
