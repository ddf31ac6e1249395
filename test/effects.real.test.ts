import { chmodSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLiving } from '#activities/testing/processes.ts';
import { eventually } from './api-client.ts';
import { type Sshd, sshdMissing, startSshd } from './peers/sshd.ts';
import { registerTarget } from './ssh-target.ts';
import { type Stack, startStack, untilReady } from './stack.ts';

describe.skipIf(sshdMissing !== null)(`what a command does on its host${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let stack: Stack;
  let sshd: Sshd;
  beforeAll(async () => {
    [stack, sshd] = await Promise.all([startStack(), startSshd()]);
    // The test opens gates and counts lines in the login's own folder.
    chmodSync(sshd.directory, 0o777);
    await registerTarget(stack.as, 'host', sshd);
  });
  afterAll(async () => {
    await stack?.stop();
    await sshd?.stop();
  });

  const onHost = (name: string) => path.join(sshd.directory, name);
  const linesOf = async (name: string) => (await readFile(onHost(name), 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const untilLines = (name: string, count: number) =>
    eventually(
      () => linesOf(name),
      (lines) => lines.length >= count,
      20_000,
    );
  const LOST_IS_RETRIED = { attempts: 2, delay: '100ms', on: ['lost'] };
  const LOST_IS_NOT = { attempts: 2, delay: '100ms', on: ['connection'] };

  /** Starts a run of one command that writes its lines into the file named like the job. */
  async function start(name: string, command: string, retry: object = { attempts: 1 }): Promise<string> {
    const config = { command, environment: { FILE: onHost(name), GATE: onHost(`${name}.gate`) } };
    return stack.as.start(await stack.as.job({ name, target: 'host', steps: [{ id: 'one', type: 'ssh.exec', config, retry }] }));
  }
  const attemptsOf = async (run: string) => {
    const [step] = await stack.as.steps(run);
    return { status: step?.status, attempts: step?.attempts.map(({ status }) => status) };
  };
  /** The run is done by a second attempt that took up the first one's work. */
  async function untilTakenUp(run: string): Promise<void> {
    expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
    const [step] = await stack.as.steps(run);
    expect(step?.attempts).toMatchObject([
      { status: 'lost', reattached: false },
      { status: 'completed', reattached: true },
    ]);
  }
  async function restartWorker(): Promise<void> {
    await stack.worker.kill();
    stack.worker.start();
    await untilReady(stack.url, [stack.worker, stack.api]);
  }

  test('a worker killed during a command: it goes on and is taken up, whatever is said of lost, and runs once', async () => {
    const command = 'echo line >> "$FILE"; until test -e "$GATE"; do sleep 0.05; done';
    const runs = await Promise.all([start('inside-retried', command, LOST_IS_RETRIED), start('inside-not', command, LOST_IS_NOT)]);
    const names = ['inside-retried', 'inside-not'];
    for (const name of names) await untilLines(name, 1);
    await restartWorker();
    for (const name of names) await writeFile(onHost(`${name}.gate`), '');
    for (const run of runs) await untilTakenUp(run);
    for (const name of names) expect(await linesOf(name)).toHaveLength(1);
  });

  test('a worker killed between an effect and its report: the report is fetched, and nothing runs twice', async () => {
    const command = 'echo waits > "$FILE.waits"; until test -e "$GATE"; do sleep 0.05; done; echo line >> "$FILE"';
    const runs = await Promise.all([start('between-retried', command, LOST_IS_RETRIED), start('between-not', command, LOST_IS_NOT)]);
    const names = ['between-retried', 'between-not'];
    for (const name of names) await untilLines(`${name}.waits`, 1);
    // A worker that is frozen hears of no end; then it dies.
    process.kill(stack.worker.pid, 'SIGSTOP');
    for (const name of names) await writeFile(onHost(`${name}.gate`), '');
    for (const name of names) await untilLines(name, 1);
    await restartWorker();
    for (const run of runs) await untilTakenUp(run);
    for (const name of names) expect(await linesOf(name)).toHaveLength(1);
  });

  test('a cancel ends the remote process group within five seconds, and only then is the run cancelled', async () => {
    const run = await start('cancelled', 'sleep 300 & echo $! $$ > "$FILE"; wait');
    const pids = (await untilLines('cancelled', 1)).join(' ').split(' ').map(Number);
    expect(pids.map(isLiving)).toEqual([true, true]);

    expect((await stack.as.call('POST', `/runs/${run}/cancel`, {})).status).toBe(202);
    await eventually(
      async () => pids.some(isLiving),
      (living) => !living,
      5_000,
    );
    expect(await stack.as.until(run)).toMatchObject({ status: 'cancelled' });
    expect(await attemptsOf(run)).toEqual({ status: 'cancelled', attempts: ['cancelled'] });
  });
});
