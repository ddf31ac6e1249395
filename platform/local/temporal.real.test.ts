import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { dynamicConfigFlags, type LocalTemporal, startTemporal } from './temporal.ts';

let folder: string;
let server: LocalTemporal;
const begin = (port?: number) =>
  startTemporal({ binary: inject('temporalBinary'), dir: folder, logDir: folder, port, namespace: 'kept', uiPort: null });
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'capstan-temporal-'));
  server = await begin();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const withClient = async <T>(use: (client: Client) => Promise<T>): Promise<T> => {
  const connection = await Connection.connect({ address: server.address });
  try {
    return await use(new Client({ connection, namespace: 'kept' }));
  } finally {
    await connection.close();
  }
};
const statusOf = (id: string) => withClient(async (client) => (await client.workflow.getHandle(id).describe()).status.name);

test('closed runs stay readable for a week', async () => {
  const { config } = await withClient((client) => client.workflowService.describeNamespace({ namespace: 'kept' }));
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(7 * 24 * 3600);
});

test('killed without warning it comes back at the same address with every run it had accepted', async () => {
  await withClient((client) => client.workflow.start('nobodyServesThis', { workflowId: 'kept-1', taskQueue: 'none' }));
  const { pid } = server;
  server.kill();
  await expect.poll(() => statusOf('kept-1').catch(() => null), { timeout: 30_000 }).toBe('RUNNING');
  expect(server.pid).not.toBe(pid);
});

test('a stop and a start keep them as well', async () => {
  await withClient((client) => client.workflow.start('nobodyServesThis', { workflowId: 'kept-2', taskQueue: 'none' }));
  await server.stop();
  server = await begin(server.port);
  expect(await statusOf('kept-2')).toBe('RUNNING');
});

test('the server is given what dynamic-config.yaml says, changed or left out for a comparison', () => {
  expect(dynamicConfigFlags()).toContain('history.transferProcessorMaxPollRPS=5000');
  // A number in place of the text makes the server ignore it without a word.
  expect(dynamicConfigFlags()).toContain('worker.perNamespaceWorkerOptions={"StickyScheduleToStartTimeout":"10m"}');
  expect(dynamicConfigFlags({ 'history.transferProcessorMaxPollRPS': 20 })).toContain('history.transferProcessorMaxPollRPS=20');
  expect(dynamicConfigFlags('stock')).toEqual([]);
});
