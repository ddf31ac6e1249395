import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { connect } from '#db/client.ts';
import { connectTemporal } from '#platform/temporal/connect.ts';
import { createLauncher } from './launch-run.ts';

const input = { run: 'r', project: 'default', plan: { priority: 5 } as never, parameters: {}, target: null };

test('while Temporal is away one start tries and the others do not wait for it', async () => {
  const temporal = connectTemporal({ temporal: { address: '127.0.0.1:9', namespace: 'default' } });
  let tries = 0;
  const counted = {
    ...temporal,
    within: <T>(ms: number, work: () => Promise<T>) => {
      tries += 1;
      return temporal.within(Math.min(ms, 300), work);
    },
  };
  const database = connect({ url: 'postgres://127.0.0.1:9/none' });
  const launch = createLauncher(counted, database.sql, pino({ level: 'silent' }));
  await launch(input);
  await Promise.all(Array.from({ length: 100 }, () => launch(input)));
  expect(tries).toBe(1);
  await sleep(1_100);
  await Promise.all(Array.from({ length: 100 }, () => launch(input)));
  expect(tries).toBe(2);
  await Promise.all([temporal.close(), database.close()]);
});
