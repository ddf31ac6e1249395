import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { createLogger } from './logging.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'capstan-logging-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const written = async (): Promise<readonly Record<string, unknown>[]> => {
  const read = () => {
    const [file] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(`.${process.pid}.log`));
    return file === undefined ? [] : readFileSync(path.join(folder, file), 'utf8').split('\n').filter(Boolean);
  };
  await expect.poll(read).not.toEqual([]);
  return read().map((line) => JSON.parse(line));
};
const logger = (env: { readonly [name: string]: string } = {}) =>
  createLogger(loadConfig({ env: { CAPSTAN_LOGGING__DIR: folder, CAPSTAN_LOGGING__CONSOLE: 'false', ...env } }), 'api');

test('a process with logging.dir writes one JSON object a line into a file of the day that is its own', async () => {
  logger().info({ port: 8420 }, 'listens');
  expect(await written()).toMatchObject([{ level: 30, name: 'api', pid: process.pid, port: 8420, msg: 'listens' }]);
});

test('entries below logging.level are not written', async () => {
  const log = logger({ CAPSTAN_LOGGING__LEVEL: 'warn' });
  log.info('too quiet');
  log.warn('loud enough');
  expect((await written()).map(({ msg }) => msg)).toEqual(['loud enough']);
});

test('an error is written with its stack', async () => {
  logger().error({ err: new Error('broken') }, 'failed');
  expect(await written()).toMatchObject([{ err: { message: 'broken', stack: expect.stringContaining('logging.test.ts') } }]);
});
