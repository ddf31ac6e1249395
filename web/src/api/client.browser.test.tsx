import { expect, test } from 'vitest';
import { Broken } from '../frame/Broken.tsx';
import { ErrorBoundary } from '../solid.ts';
import { answer } from '../testing/answers.ts';
import { drawAt } from '../testing/place.tsx';
import { get, send } from './client.ts';

const later = (seconds: number) => Response.json({ title: 'slow down' }, { status: 429, headers: { 'retry-after': String(seconds) } });

test('told to wait, a change waits as long as the server says and is sent once more as the same; a longer wait is left to the reader', async () => {
  const said = [later(0.05), Response.json({ id: 'r1' }), later(31)];
  const asked = answer(() => said.shift());
  const begun = performance.now();
  expect(await send('POST', '/jobs/edge/runs', { priority: 2 }, 'key-1')).toEqual({ id: 'r1' });
  expect(performance.now() - begun).toBeGreaterThan(49);
  expect(asked.map(({ headers, body }) => [headers.get('idempotency-key'), body])).toEqual(
    Array.from({ length: 2 }, () => ['key-1', { priority: 2 }]),
  );
  await expect(send('POST', '/jobs/edge/runs', {}, 'key-2')).rejects.toMatchObject({ status: 429, retryAfter: 31 });
});

test('what carries no key, such as a login, is not sent again by itself', async () => {
  const asked = answer(() => later(0));
  await expect(send('POST', '/login', { user: 'ann' })).rejects.toMatchObject({ status: 429 });
  expect(asked).toHaveLength(1);
});

test('an error of the page itself names the request that was answered last, which it is most likely about', async () => {
  answer(() => Response.json({ items: [{ tags: null }] }, { headers: { 'x-request-id': 'request-9' } }));
  await get('/targets');
  const page = () => (
    <ErrorBoundary fallback={(error, reset) => <Broken error={error} reset={reset} />}>
      {(() => {
        throw new TypeError('tags is not iterable');
      })()}
    </ErrorBoundary>
  );
  const { box } = drawAt('/targets', [{ path: '/targets', page }]);
  await expect.poll(() => box.textContent).toContain('tags is not iterable');
  expect(box.textContent).toContain('request-9');
});
