import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { Env } from '../env.ts';
import { answerProblem, type HttpProblem } from '../problem.ts';
import { deadline } from './deadline.ts';

const app = new Hono<Env>();
app.onError((error, c) => answerProblem(c, error as HttpProblem));
app.use(deadline(50));
app.get('/slow', async (c) => {
  await sleep(500);
  return c.text('late');
});
app.get('/quick', (c) => c.text('in time'));

test('a handler that waits for something that never answers is answered for', async () => {
  const response = await app.request('/slow');
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
});

test('a handler that is in time is not disturbed', async () => {
  expect(await (await app.request('/quick')).text()).toBe('in time');
});
