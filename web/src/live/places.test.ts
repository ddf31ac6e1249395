import { InfiniteQueryObserver, QueryClient, QueryObserver } from '@tanstack/solid-query';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createPlaceReader, showsOf } from './places.ts';

/** Queries that are on screen, and how often each was asked; answers come when they are let out. */
const screen = () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const queries = new QueryClient();
  const show = (name: string, meta: object) => {
    const answers: PromiseWithResolvers<string>[] = [];
    const queryFn = () => {
      answers.push(Promise.withResolvers<string>());
      return answers.at(-1)?.promise ?? '';
    };
    onTestFinished(new QueryObserver(queries, { queryKey: [name], queryFn, meta, retry: false }).subscribe(() => undefined));
    return {
      asked: () => answers.length,
      answer: async () => {
        answers.at(-1)?.resolve(`answer ${answers.length}`);
        await vi.advanceTimersByTimeAsync(0);
      },
    };
  };
  let seen = Promise.withResolvers<void>();
  seen.resolve();
  return {
    queries,
    changed: createPlaceReader(queries, () => seen.promise),
    show,
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
    hide: () => {
      seen = Promise.withResolvers<void>();
    },
    look: () => seen.resolve(),
  };
};

test('what is shown of a place is read again when something there changed, and nothing else is', async () => {
  const { changed, show, pass } = screen();
  const shown = [show('list', showsOf('targets')), show('one', showsOf('targets')), show('other', showsOf('users')), show('form', {})];
  for (const one of shown) await one.answer();
  changed('targets');
  await pass(0);
  expect(shown.map((one) => one.asked())).toEqual([2, 2, 1, 1]);
});

test('changes without end are read once a second, the last one for certain, and what is slow is never asked for twice at once and left alone for longer', async () => {
  const { changed, show, pass } = screen();
  const [list, slow] = [show('list', showsOf('targets')), show('slow', showsOf('schedules'))];
  await list.answer();
  await slow.answer();
  for (let told = 0; told < 29; told += 1) {
    changed('targets');
    changed('schedules');
    await pass(100);
    await list.answer();
  }
  expect([list.asked(), slow.asked()]).toEqual([4, 2]);
  await pass(10_000);
  await list.answer();
  await slow.answer();
  expect([list.asked(), slow.asked()]).toEqual([5, 2]);
  await pass(30_000);
  expect([list.asked(), slow.asked()]).toEqual([5, 3]);
  await slow.answer();
  await pass(30_000);
  expect([list.asked(), slow.asked()]).toEqual([5, 3]);
});

test('a tab that nobody looks at reads nothing again, and once what has changed meanwhile when it is looked at', async () => {
  const { changed, show, pass, hide, look } = screen();
  const list = show('list', showsOf('targets'));
  await list.answer();
  hide();
  for (let told = 0; told < 60; told += 1) {
    changed('targets');
    await pass(1_000);
  }
  expect(list.asked()).toBe(1);
  look();
  await pass(0);
  await list.answer();
  await pass(10_000);
  expect(list.asked()).toBe(2);
});

test('a reader who is deep in a list that changes without end reads on in it, and sees the changes', async () => {
  const { queries, changed, pass } = screen();
  let asked = 0;
  const list = new InfiniteQueryObserver(queries, {
    queryKey: ['list'],
    queryFn: async ({ pageParam }) => {
      asked += 1;
      const answer = { page: pageParam, asked };
      await new Promise((resolve) => setTimeout(resolve, 200));
      return answer;
    },
    initialPageParam: 0,
    getNextPageParam: ({ page }: { readonly page: number; readonly asked: number }) => page + 1,
    meta: showsOf('schedules'),
    retry: false,
  });
  onTestFinished(list.subscribe(() => undefined));
  const readOn = () => {
    const { isFetching, hasNextPage, fetchNextPage } = list.getCurrentResult();
    if (!isFetching && hasNextPage) void fetchNextPage();
  };
  for (let told = 0; told < 600; told += 1) {
    if (told % 10 === 0) changed('schedules');
    readOn();
    await pass(100);
  }
  const pages = list.getCurrentResult().data?.pages ?? [];
  expect(pages.length).toBeGreaterThan(50);
  expect(pages[0]?.asked).toBeGreaterThan(50);
});

test('what was asked for before a change and is answered after it is asked for once more', async () => {
  const { changed, show, pass } = screen();
  const list = show('list', showsOf('targets'));
  changed('targets');
  await pass(0);
  expect(list.asked()).toBe(1);
  await list.answer();
  await pass(1_000);
  expect(list.asked()).toBe(2);
  await list.answer();
  await pass(10_000);
  expect(list.asked()).toBe(2);
});
