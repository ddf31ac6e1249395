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
  async function restartWorker(): Promise<void> {
    await stack.worker.kill();
    stack.worker.start();
    await untilReady(stack.url, [stack.worker, stack.api]);
  }

  test('a worker killed during a command: a second attempt is shown where lost is retried, and nothing runs twice where it is not', async () => {
    // The first execution never ends by itself; one that finds its line written ends at once.
    const command = 'test -s "$FILE" && again=1; echo line >> "$FILE"; test -n "$again" || exec sleep 30';
    const retried = await start('inside-retried', command, LOST_IS_RETRIED);
    const not = await start('inside-not', command, LOST_IS_NOT);
    await Promise.all([untilLines('inside-retried', 1), untilLines('inside-not', 1)]);
    await restartWorker();

    expect(await stack.as.until(retried)).toMatchObject({ status: 'completed' });
    expect(await attemptsOf(retried)).toEqual({ status: 'completed', attempts: ['lost', 'completed'] });
    expect(await linesOf('inside-retried')).toHaveLength(2);
    expect(await stack.as.until(not)).toMatchObject({ status: 'lost' });
    expect(await attemptsOf(not)).toEqual({ status: 'lost', attempts: ['lost'] });
    expect(await linesOf('inside-not')).toHaveLength(1);
  });

  test('a worker killed between an effect and its report: the same, though the effect was whole', async () => {
    const command = 'echo waits > "$FILE.waits"; until test -e "$GATE"; do sleep 0.05; done; echo line >> "$FILE"';
    const retried = await start('between-retried', command, LOST_IS_RETRIED);
    const not = await start('between-not', command, LOST_IS_NOT);
    const runs = ['between-retried', 'between-not'];
    for (const name of runs) await untilLines(`${name}.waits`, 1);
    // A worker that is frozen hears of no end; then it dies.
    process.kill(stack.worker.pid, 'SIGSTOP');
    for (const name of runs) await writeFile(onHost(`${name}.gate`), '');
    for (const name of runs) await untilLines(name, 1);
    await restartWorker();

    expect(await stack.as.until(retried)).toMatchObject({ status: 'completed' });
    expect(await attemptsOf(retried)).toEqual({ status: 'completed', attempts: ['lost', 'completed'] });
    expect(await linesOf('between-retried')).toHaveLength(2);
    expect(await stack.as.until(not)).toMatchObject({ status: 'lost' });
    expect(await attemptsOf(not)).toEqual({ status: 'lost', attempts: ['lost'] });
    expect(await linesOf('between-not')).toHaveLength(1);
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
