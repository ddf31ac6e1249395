import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Handshakes } from './handshakes.ts';

const STUCK_MS = 300;

test('handshakes wait their turn for as long as others succeed, so many at a time', async () => {
  const handshakes = new Handshakes(2, STUCK_MS);
  let [now, most] = [0, 0];
  const shaken = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      handshakes.connect('host', 'host', async () => {
        now += 1;
        most = Math.max(most, now);
        await pause(STUCK_MS / 4);
        now -= 1;
        return index;
      }),
    ),
  );
  expect(shaken).toHaveLength(20);
  expect(most).toBe(2);
});

test('a handshake that waits while none succeeds is connection, and says what it waited for', async () => {
  const handshakes = new Handshakes(1, STUCK_MS);
  const hanging = Promise.withResolvers<never>();
  const first = handshakes.connect('host', 'core', () => hanging.promise);
  await expect(handshakes.connect('host', 'core', async () => 'in')).rejects.toMatchObject({
    type: 'connection',
    message: expect.stringMatching(/^core: waited for one of the 1 handshakes/),
  });
  expect(await handshakes.connect('other', 'other', async () => 'in')).toBe('in');
  hanging.reject(new Error('over'));
  await expect(first).rejects.toThrow('over');
});
