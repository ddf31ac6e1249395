import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freePort } from '../local/free-port.ts';
import { connectTemporal } from './connect.ts';

test('a call that nobody waits for any more fails when its client closes, and is not made again on a closed connection', async () => {
  const temporal = connectTemporal({ temporal: { address: `127.0.0.1:${await freePort(undefined)}`, namespace: 'default' } });
  const call = temporal.within(30_000, () => temporal.connection.workflowService.getSystemInfo({}));
  const failed = expect(call).rejects.toThrow(/UNAVAILABLE/);
  await pause(300);
  await temporal.close();
  await failed;
});
