import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLog } from '#db/queries/read-log.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { accept } from '#db/testing/runs.ts';
import { LEAN_ENVIRONMENT, LEAN_NODE } from '#platform/lean-node.ts';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';

describe.skipIf(sshdMissing !== null)(`a flood from a host${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let database: TestDatabase;
  let sshd: Sshd;
  beforeAll(async () => {
    [database, sshd] = await Promise.all([testDatabase(), startSshd()]);
  });
  afterAll(async () => {
    await database.close();
    await sshd.stop();
  });

  /** A process that follows a command through the log writer into Postgres; answers by how much it grew. */
  async function growthWhile(command: string, run: string): Promise<number> {
    const program = `
      import { connect } from '#db/client.ts';
      import { createLogger } from '#platform/logging.ts';
      import { createLogSink } from '#activities/envelope/log-sink.ts';
      import { LogWriter } from '#activities/envelope/log-writer.ts';
      import { createMasker } from '#activities/envelope/mask.ts';
      import { runSshExec } from '#activities/ssh-exec/run.ts';
      import { routeTo, testPool } from '#activities/testing/ssh-routes.ts';
      const [url, run, command, peer] = process.argv.slice(1);
      const database = connect({ url });
      const sink = createLogSink(database.sql, createLogger({ logging: { console: true, level: 'error', format: 'json' } }, 'flood'));
      const log = new LogWriter({ run, key: 'one', attempt: 1, firstLine: 1, stored: { stdout: 0, stderr: 0 }, fenced: true }, createMasker(['hunter2-hunter2']), sink);
      const pool = testPool();
      const signal = new AbortController().signal;
      const nothing = () => undefined;
      const take = (text, round) => runSshExec({ command: text }, {
        run, key: 'one', attempt: 1, round, execution: { number: 1, reattached: false }, signal, timeoutMs: 250000, log,
        secrets: new Map(), target: null, checkpoint: nothing, resumeFrom: () => null, onTimeout: nothing, hasRunFor: nothing, progress: nothing, command: nothing,
        ssh: () => pool.session(routeTo(JSON.parse(peer)), signal),
      });
      await take('head -c 20000000 /dev/urandom | base64', 0);
      const before = process.memoryUsage().rss;
      let most = before;
      const watch = setInterval(() => { most = Math.max(most, process.memoryUsage().rss); }, 20);
      await take(command, 1);
      clearInterval(watch);
      await sink.flush();
      process.stdout.write(String(Math.round((most - before) / 1e6)), () => process.exit());`;
    const { host, port, user, privateKey, hostKeys } = sshd;
    const peer = JSON.stringify({ host, port, user, privateKey, hostKeys });
    const child = spawn(process.execPath, [...LEAN_NODE, '--input-type=module', '-e', program, database.url, run, command, peer], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...LEAN_ENVIRONMENT },
    });
    let said = '';
    for await (const bytes of child.stdout) said += bytes;
    return said === '' ? Number.NaN : Number(said);
  }

  test('of 150 MB in lines grows the worker by less than 64 MB and is all there', { timeout: 300_000 }, async () => {
    const { run } = await accept(database.sql);
    const line = 'a line of output that is neither short nor long, such as programs print by the million when nobody looks at them';
    const lines = Math.ceil(1.5e8 / (line.length + 1));
    expect(await growthWhile(`yes '${line}' | head -n ${lines}`, run)).toBeLessThan(64);
    const end = await readLog(database.sql, run, 'one', -1, 1);
    expect(end.total).toBeGreaterThan(lines);
  });

  test('of 100 MB that is one line without an end grows it no more than that', { timeout: 300_000 }, async () => {
    const { run } = await accept(database.sql);
    expect(await growthWhile('head -c 100000000 /dev/zero | tr "\\0" x', run)).toBeLessThan(64);
  });
});
