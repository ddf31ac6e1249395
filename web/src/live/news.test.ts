import { expect, test } from 'vitest';
import type { LiveMessage } from '../api/views.ts';
import { isMessage, type News, takeNews } from './news.ts';

const run = (id: string, seq: number) => ({ topic: 'runs', run: { id, seq } }) as unknown as LiveMessage;

test('of what is said twice before it is drawn only the later word is kept, in the order it came', () => {
  const news: News = new Map();
  for (const message of [
    run('a', 1),
    run('b', 1),
    run('a', 2),
    { topic: 'log:a', key: 's', last: 3 },
    { topic: 'log:a', key: 's', last: 9 },
  ] as const)
    takeNews(news, message);
  expect([...news.values()].map((message) => ('run' in message ? [message.run.id, message.run.seq] : message))).toEqual([
    ['b', 1],
    ['a', 2],
    { topic: 'log:a', key: 's', last: 9 },
  ]);
});

test('the same run in two topics is two pieces of news', () => {
  const news: News = new Map();
  takeNews(news, run('a', 1));
  takeNews(news, { ...run('a', 1), topic: 'run:a' } as LiveMessage);
  expect(news.size).toBe(2);
});

test.each([null, 7, 'text', {}, []])('%j is no message', (data) => expect(isMessage(data)).toBe(false));
