import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { eventually } from './api-client.ts';
import { startTemporalFront, type TemporalFront } from './peers/temporal-front.ts';
import { type Stack, startStack } from './stack.ts';

let front: TemporalFront;
let stack: Stack;
beforeAll(async () => {
  front = await startTemporalFront(inject('temporalAddress'));
  stack = await startStack({ env: { TEMPORAL_ADDRESS: front.address } });
});
afterAll(async () => {
  await stack?.stop();
  front?.stop();
});

async function start(): Promise<string> {
  const definition = { name: 'tick', timezone: 'Asia/Tokyo', steps: [{ id: 'tick', type: 'local.exec', config: { command: 'true' } }] };
  return (await stack.as.call('POST', '/runs', { definition })).body.id as string;
}

test('a queue whose polls Temporal refuses is polled again, and goes on as soon as it does not', async () => {
  await stack.as.until(await start());
  front.refuse({ method: 'PollActivityTaskQueue', holding: 'local@Asia/Tokyo' });
  // The poll under way brings this one; those after it are refused.
  await stack.as.until(await start());
  const waits = await start();
  await eventually(
    async () => front.refused,
    (refused) => refused >= 3,
    30_000,
  );
  expect(await stack.as.run(waits)).toMatchObject({ status: 'queued' });
  front.refuse(null);
  expect(await stack.as.until(waits, undefined, 30_000)).toMatchObject({ status: 'completed' });
});
