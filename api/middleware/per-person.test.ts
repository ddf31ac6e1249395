import { EventEmitter } from 'node:events';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { Identity } from '../access/identity.ts';
import type { Env } from '../env.ts';
import { answerProblem, type HttpProblem } from '../problem.ts';
import { atMostPerPerson } from './per-person.ts';

const app = new Hono<Env>();
app.onError((error, c) => answerProblem(c, error as HttpProblem));
app.use((c, next) => {
  const [userId, id] = (c.req.header('authorization') ?? '').split('/') as [string, string];
  c.set('identity', { userId, id } as Identity);
  return next();
});
app.get('/', atMostPerPerson(2, 'searches'), (c) => c.text('begun'));

/** Asks as a person by one of their tokens; the answer is sent, or its caller has left, once `ends` is called. */
const ask = async (as: string) => {
  const outgoing = new EventEmitter();
  const response = await app.request('/', { headers: { authorization: as } }, { outgoing });
  return { status: response.status, wait: response.headers.get('retry-after'), ends: () => outgoing.emit('close') };
};

test('a person has so many under way at once, by whatever tokens, until one of them has ended; others are not held up', async () => {
  const first = await ask('ann/1');
  await ask('ann/2');
  expect(await ask('ann/3')).toMatchObject({ status: 429, wait: '1' });
  expect(await ask('bob/1')).toMatchObject({ status: 200 });
  first.ends();
  expect(await ask('ann/3')).toMatchObject({ status: 200 });
  expect(await ask('ann/3')).toMatchObject({ status: 429 });
});
