import { QueryClient, QueryObserver } from '@tanstack/solid-query';
import { expect, onTestFinished, test } from 'vitest';
import { createReadAgain } from '../live/read-again.ts';
import { oldestRead } from '../live/read-at.ts';
import { answer } from '../testing/answers.ts';
import { wholePlaceQuery } from './read-live.ts';

test('a list of several pages is as new as its first page, and is read again only for what changed after that', async () => {
  const asked = answer(({ search, headers }) => {
    const isFirst = search.get('after') === null;
    const event = isFirst && headers.get('capstan-topics') === 'targets' ? 'e-5' : 'e-9';
    return Response.json({ items: [{}], next: isFirst ? 'a' : null }, { headers: { 'capstan-event': event } });
  });
  const queries = new QueryClient();
  const again = createReadAgain(queries);
  onTestFinished(again.stop);
  const list = new QueryObserver(queries, wholePlaceQuery<object>('targets', ''));
  onTestFinished(list.subscribe(() => undefined));
  await expect.poll(() => list.getCurrentResult().data?.items.length).toBe(2);
  expect(oldestRead(queries.getQueryCache().getAll())).toBe('e-5');
  again.read('live', ['targets'], 'e-5');
  expect([list.getCurrentResult().fetchStatus, asked.length]).toEqual(['idle', 2]);
  again.read('live', ['targets'], 'e-6');
  await expect.poll(() => asked.length).toBe(4);
});
