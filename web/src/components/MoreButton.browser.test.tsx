import { QueryClient, QueryClientProvider } from '@tanstack/solid-query';
import { createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { useInfiniteQuery } from '../api/use-query.ts';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { MoreButton } from './MoreButton.tsx';

test('more is read once for each press, the focus stays for the next one, and the button is there as long as there is more', async () => {
  const [left, setLeft] = createSignal(2);
  const [reading, setReading] = createSignal(false);
  const fetchNextPage = vi.fn(() => setReading(true));
  const answer = () => {
    setReading(false);
    setLeft(left() - 1);
  };
  const query = {
    get hasNextPage() {
      return left() > 0;
    },
    get isFetching() {
      return reading();
    },
    get isFetchingNextPage() {
      return reading();
    },
    fetchNextPage,
  };
  const box = draw(() => <MoreButton words="Show earlier" query={query} />);
  const button = box.querySelector('button') as HTMLElement;
  button.focus();
  await userEvent.keyboard('{Enter}{Enter}');
  expect([fetchNextPage.mock.calls.length, button.ariaBusy, document.activeElement]).toEqual([1, 'true', button]);
  await expectAccessible(box);
  answer();
  await userEvent.keyboard('{Enter}');
  expect([fetchNextPage.mock.calls.length, document.activeElement]).toEqual([2, button]);
  answer();
  expect(box.querySelector('button')).toBe(null);
});

test('pressed while what is here is read again it reads on after that, and nothing of either is lost', async () => {
  const queries = new QueryClient();
  const answers: PromiseWithResolvers<string>[] = [];
  const answer = async (asked: number, text: string) => {
    await expect.poll(() => answers.length).toBe(asked);
    answers.at(-1)?.resolve(text);
  };
  const List = () => {
    const query = useInfiniteQuery(() => ({
      queryKey: ['list'],
      queryFn: () => {
        answers.push(Promise.withResolvers<string>());
        return answers.at(-1)?.promise ?? '';
      },
      initialPageParam: 0,
      getNextPageParam: (_last: string, all: readonly string[]) => (all.length < 2 ? all.length : null),
    }));
    return (
      <>
        <p>{query.data?.pages.join(', ')}</p>
        <MoreButton words="Show earlier" query={query} />
      </>
    );
  };
  const box = draw(() => (
    <QueryClientProvider client={queries}>
      <List />
    </QueryClientProvider>
  ));
  const shown = () => box.querySelector('p')?.textContent;
  await answer(1, 'before');
  await expect.poll(shown).toBe('before');
  void queries.invalidateQueries({ queryKey: ['list'] });
  await expect.poll(() => answers.length).toBe(2);
  const button = box.querySelector('button') as HTMLElement;
  button.click();
  expect(button.ariaBusy).toBe('true');
  await answer(2, 'changed');
  await answer(3, 'next');
  await expect.poll(shown).toBe('changed, next');
  expect(box.querySelector('button')).toBe(null);
});
