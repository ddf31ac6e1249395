import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';
import { ACCEPTED, FAILING } from './example-expressions.ts';
import { variables } from './example-run.ts';
import { evaluateAll } from './sandbox-workflow.ts';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

test.each([
  ['loaded by each workflow', []],
  ['shared and frozen among workflows', [here('evaluate.ts')]],
])('expressions give the same inside a workflow as outside, failures included: %s', async (_how, preloadModules) => {
  const address = inject('temporalAddress');
  const taskQueue = `expressions-${randomUUID()}`;
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: here('sandbox-workflow.ts'), preloadModules });
  const [connection, workerConnection] = await Promise.all([Connection.connect({ address }), NativeConnection.connect({ address })]);
  const worker = await Worker.create({ connection: workerConnection, taskQueue, workflowBundle });
  const sources = [
    ...ACCEPTED.map(([source]) => source),
    ...FAILING.map(([source]) => source),
    `parameters.ports.map(p, ${'p + '.repeat(240)}p)`,
  ];

  const client = new Client({ connection });
  const inside = await worker.runUntil(
    client.workflow.execute(evaluateAll, { taskQueue, workflowId: randomUUID(), args: [sources, variables] }),
  );
  expect(inside).toEqual(await evaluateAll(sources, variables));
  expect(inside.slice(0, ACCEPTED.length)).toEqual(ACCEPTED.map(([, value]) => value));
  expect(inside.slice(ACCEPTED.length, -1).every((failure) => String(failure).startsWith('StepFailure'))).toBe(true);

  await Promise.all([connection.close(), workerConnection.close()]);
});
