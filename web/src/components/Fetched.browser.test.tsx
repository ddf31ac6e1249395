import { createSignal } from 'solid-js';
import { createStore } from 'solid-js/store';
import { expect, test, vi } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { Fetched, type Fetching } from './Fetched.tsx';

const pending: Fetching<string[]> = {
  data: undefined,
  error: null,
  dataUpdatedAt: 0,
  isPending: true,
  fetchStatus: 'fetching',
  refetch: () => undefined,
};
const loaded = (data: string[]): Partial<Fetching<string[]>> => ({
  data,
  error: null,
  dataUpdatedAt: 1,
  isPending: false,
});

const show = (start: Partial<Fetching<string[]>> = {}) => {
  const refetch = vi.fn();
  const [query, set] = createStore<Fetching<string[]>>({ ...pending, ...start, refetch });
  const [mounted, setMounted] = createSignal(0);
  const box = draw(() => (
    <Fetched query={query} skeleton="h-40" isEmpty={(all) => all.length === 0} empty={<p>Nothing yet.</p>}>
      {(data) => {
        setMounted((count) => count + 1);
        return <p>{data().join(', ')}</p>;
      }}
    </Fetched>
  ));
  return { box, set, refetch, mounted };
};

test('the first 150 ms show nothing, then a skeleton of the final height', async () => {
  const { box } = show();
  expect(box.textContent).toBe('');
  await expect.poll(() => box.textContent).toContain('Loading');
  expect((box.firstElementChild as HTMLElement).offsetHeight).toBe(160);
  await expectAccessible(box);
});

test('a load that was stopped says so and can be taken up again', () => {
  const { box, refetch } = show({ fetchStatus: 'idle' });
  expect(box.textContent).toContain('Loading was stopped.');
  box.querySelector('button')?.click();
  expect(refetch).toHaveBeenCalledOnce();
});

test('data appears, a refresh patches it in place, and a failed refresh leaves it standing', async () => {
  const { box, set, refetch, mounted } = show();
  set(loaded(['one']));
  expect(box.textContent).toBe('one');
  set(loaded(['one', 'two']));
  expect(box.textContent).toBe('one, two');
  set({ error: new ApiProblem(503, { title: 'the query took longer than 5 s' }) });
  expect(box.textContent).toContain('one, two');
  expect(box.textContent).toMatch(/What you see stood so at [\d:]{8}\.\s+the query took longer than 5 s/);
  expect(mounted()).toBe(1);
  box.querySelector('button')?.click();
  expect(refetch).toHaveBeenCalledOnce();
  await expectAccessible(box);
});

test('nothing yet is a sentence, not an empty table', () => {
  expect(show(loaded([])).box.textContent).toBe('Nothing yet.');
});

test.each([
  [403, 'You may not see this.', 'run:read'],
  [404, 'This does not exist, or no longer does.', 'no run 1'],
  [500, 'This could not be loaded.', 'Internal error'],
  [503, 'The server took too long to answer.', 'the query took longer than 5 s'],
  [0, 'The server did not answer.', ''],
])('an answer of %i says %j, and why', async (status, says, detail) => {
  const error = new ApiProblem(status, { title: detail, requestId: status === 0 ? null : 'req-7' });
  const { box } = show({ error, isPending: false });
  expect(box.textContent).toContain(says);
  expect(box.textContent).toContain(detail);
  if (status !== 0) expect(box.textContent).toContain('req-7');
  await expectAccessible(box);
});
