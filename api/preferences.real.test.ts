import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Installation, startInstallation } from './testing/installation.ts';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
});
afterAll(() => api.close());

const mine = (who: 'viewer' | 'operator') => ({
  read: (tag?: string) => api.call('GET', '/me/preferences', { token: api.tokens[who], ...(tag && { headers: { 'if-none-match': tag } }) }),
  write: (body: unknown, tag?: string) =>
    api.call('PUT', '/me/preferences', { token: api.tokens[who], body, ...(tag && { headers: { 'if-match': tag } }) }),
});

test('who has chosen nothing has no preferences, and what they choose is theirs alone', async () => {
  const [viewer, operator] = [mine('viewer'), mine('operator')];
  const before = await viewer.read();
  expect([before.status, before.body]).toEqual([200, {}]);
  const chosen = {
    theme: 'dark',
    zone: 'Asia/Kolkata',
    columns: {
      runs: [
        { id: 'status', width: 120 },
        { id: 'job', width: null },
      ],
    },
  };
  const saved = await viewer.write(chosen, before.headers.get('etag') ?? '');
  expect([saved.status, saved.body]).toEqual([200, chosen]);
  const after = await viewer.read();
  expect(after.body).toEqual(chosen);
  expect((await viewer.read(after.headers.get('etag') ?? '')).status).toBe(304);
  expect((await operator.read()).body).toEqual({});
});

test('two tabs that change them at once: the second is told, and so is who does not say what they saw', async () => {
  const { read, write } = mine('operator');
  const tag = (await read()).headers.get('etag') ?? '';
  const both = await Promise.all([write({ density: 'dense' }, tag), write({ density: 'comfortable' }, tag)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
  expect((await write({ density: 'dense' })).status).toBe(428);
});

test.each([
  [{ theme: 'pink' }, '/theme'],
  [{ zone: 'Mars/Olympus' }, '/zone'],
  [{ dismissed: Array.from({ length: 201 }, (_, at) => `hint-${at}`) }, '/dismissed'],
  [{ columns: { runs: [{ id: '<img onerror=1>', width: null }] } }, '/columns/runs/0/id'],
  [{ colour: 'red' }, '/colour'],
])('%j is refused at %s', async (body, pointer) => {
  const answer = await mine('viewer').write(body, '*');
  expect(answer.status).toBe(422);
  expect(answer.body.problems).toMatchObject([{ pointer }]);
});

test('what an older release stored and this one would refuse is left out, the rest stays', async () => {
  await api.database.sql`
    update user_preferences set preferences = '{"theme": "dark", "density": "airy", "gone": 1}'
    where user_id = (select id from users where name = 'viewer')`;
  expect((await mine('viewer').read()).body).toEqual({ theme: 'dark' });
});

test('a view that is kept again with its key is the one that was kept; another one with that key is refused', async () => {
  const keep = (name: string) =>
    api.call('POST', '/views', { body: { list: 'runs', name, search: 'status=failed' }, headers: { 'idempotency-key': 'dialog 1' } });
  const [first, again] = await Promise.all([keep('mine'), keep('mine')]);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual(first.body);
  expect((await keep('other')).status).toBe(409);
  expect((await api.call('GET', '/views?list=runs')).body.items).toEqual([first.body]);
});
