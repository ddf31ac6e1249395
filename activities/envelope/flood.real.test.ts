import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLog } from '#db/queries/read-log.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { accept } from '#db/testing/runs.ts';
import { LEAN_ENVIRONMENT, LEAN_NODE } from '#platform/lean-node.ts';
import { LONGEST_LINE } from './log-lines.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** A process that takes all of a program's output through the log writer into Postgres; answers by how much it grew. */
async function growthWhile(command: string, run: string): Promise<number> {
  const program = `
    import { connect } from '#db/client.ts';
    import { createLogger } from '#platform/logging.ts';
    import { createLogSink } from '#activities/envelope/log-sink.ts';
    import { LogWriter } from '#activities/envelope/log-writer.ts';
    import { createMasker } from '#activities/envelope/mask.ts';
    import { runProgram } from '#activities/transports/local/program.ts';
    const [url, run, command] = process.argv.slice(1);
    const database = connect({ url });
    const sink = createLogSink(database.sql, createLogger({ logging: { console: true, level: 'error', format: 'json' } }, 'flood'));
    const log = new LogWriter({ run, key: 'one', attempt: 1, firstLine: 1, stored: { stdout: 0, stderr: 0 }, fenced: true }, createMasker(['hunter2-hunter2']), sink);
    const take = (text) => runProgram(
      { argv: ['/bin/sh', '-c', text], working_directory: null, environment: { PATH: process.env.PATH }, stdin: null },
      { signal: new AbortController().signal, onData: (stream, bytes) => log.write(stream, bytes) },
    );
    // Until the heap of a worker that writes logs has its size, which takes a while on a machine that is quick.
    await take('head -c 60000000 /dev/urandom | base64');
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => { most = Math.max(most, process.memoryUsage().rss); }, 20);
    await take(command);
    log.endOutput();
    log.close();
    await sink.flush();
    clearInterval(watch);
    console.log(Math.round((most - before) / 1e6));
    await database.close();`;
  const child = spawn(process.execPath, [...LEAN_NODE, '--input-type=module', '-e', program, database.url, run, command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...LEAN_ENVIRONMENT },
  });
  let said = '';
  for await (const bytes of child.stdout) said += bytes;
  return Number(said);
}

const newRun = async (): Promise<string> => (await accept(database.sql)).run;

test('300 MB of output grow the worker by less than 64 MB and is all there', { timeout: 300_000 }, async () => {
  const run = await newRun();
  const line = 'a line of output that is neither short nor long, such as programs print by the million when nobody looks at them';
  const lines = Math.ceil(3e8 / (line.length + 1));
  expect(await growthWhile(`yes '${line}' | head -n ${lines}`, run)).toBeLessThan(64);
  const end = await readLog(database.sql, run, 'one', -1, 1);
  expect(end.total).toBeGreaterThan(lines);
  expect(end.items[0]?.text).toBe(line);
});

test('one line of 300 MB without an end grows the worker by less than 64 MB and is stored in parts', { timeout: 300_000 }, async () => {
  const run = await newRun();
  expect(await growthWhile('head -c 300000000 /dev/zero | tr "\\0" x', run)).toBeLessThan(64);
  const { items } = await readLog(database.sql, run, 'one', -2, 2);
  expect(items[0]).toMatchObject({ text: 'x'.repeat(LONGEST_LINE), continued: true });
});
