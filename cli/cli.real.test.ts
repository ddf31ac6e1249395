import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from '#test/stack.ts';

const BIN = fileURLToPath(new URL('./capstan.mjs', import.meta.url));

let stack: Stack;
let folder: string;
beforeAll(async () => {
  stack = await startStack();
  folder = mkdtempSync(join(tmpdir(), 'capstan-cli-'));
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const capstan = (words: readonly string[], env: { readonly [name: string]: string } = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const whole = { PATH: process.env.PATH, XDG_CONFIG_HOME: folder, CAPSTAN_URL: stack.url, CAPSTAN_TOKEN: stack.token, ...env };
    execFile(process.execPath, [BIN, ...words], { env: whole }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
  });

const file = (name: string, command: string): string => {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(
    path,
    `name: ${name}\nparameters:\n  who: { type: string, default: you }\nsteps:\n  - id: say\n    type: local.exec\n    retry: { attempts: 1 }\n    config: { command: '${command}', environment: { WHO: '\${{ parameters.who }}' } }\n`,
  );
  return path;
};

test('a file is saved and run, each step is told, and a completed run is exit code 0', async () => {
  const { code, out } = await capstan(['run', file('greet', 'echo hello $WHO'), '-p', 'who=42', '--follow']);
  expect(out).toMatch(/^#\d+ greet v1 /);
  expect(out).toMatch(/say +Completed/);
  expect(out).toMatch(/greet: completed in /);
  expect(code).toBe(0);
});

test('a run that fails is exit code 1 and says why', async () => {
  const { code, out } = await capstan(['run', file('broken', 'exit 3'), '-f']);
  expect(out).toMatch(/exit_code: .*3/);
  expect(out).toMatch(/broken: failed/);
  expect(code).toBe(1);
});

test('a changed file is the next version, an unchanged one is not', async () => {
  await capstan(['run', file('changing', 'echo 1')]);
  expect((await capstan(['run', file('changing', 'echo 1')])).out).toMatch(/ v1 /);
  expect((await capstan(['run', file('changing', 'echo 2')])).out).toMatch(/ v2 /);
});

test('a log is followed to its end, line by line', async () => {
  const { out } = await capstan(['run', file('slow', 'for i in 1 2 3; do echo line $i; sleep 0.2; done')]);
  const id = out.trim().split(/\s+/).at(-1) ?? '';
  expect((await capstan(['logs', '-f', id])).out).toBe('say | line 1\nsay | line 2\nsay | line 3\n');
  expect((await capstan(['logs', id, 'say'])).out).toBe('line 1\nline 2\nline 3\n');
});

test('a run is cancelled, listed as such, and run again', async () => {
  const { out } = await capstan(['run', file('endless', 'sleep 60')]);
  const id = out.trim().split(/\s+/).at(-1) ?? '';
  expect((await capstan(['cancel', id, '--reason', 'enough'])).code).toBe(0);
  await expect
    .poll(async () => (await capstan(['runs', '--job', 'endless'])).out, { timeout: 20_000, interval: 500 })
    .toMatch(/Cancelled +endless/);
  const again = await capstan(['retry', id]);
  expect(again.out).toMatch(/^#\d+ endless v1 /);
  await capstan(['cancel', again.out.trim().split(/\s+/).at(-1) ?? '']);
});

test('mistakes are exit code 2 with the place', async () => {
  const broken = join(folder, 'mistake.yaml');
  writeFileSync(broken, 'name: mistake\nsteps:\n  - id: a\n    type: ssh.exce\n');
  expect(await capstan(['run', broken])).toMatchObject({ code: 2, err: expect.stringMatching(/line 4: steps\[0\]\.type/) });
  expect(await capstan(['run', 'no-such-job'])).toMatchObject({ code: 2, err: 'capstan: no job no-such-job\n' });
  expect(await capstan(['run', 'greet', '-p', 'x=1'])).toMatchObject({ code: 2, err: expect.stringMatching(/parameters\.x/) });
  expect(await capstan(['frobnicate'])).toMatchObject({ code: 2 });
  expect(await capstan(['runs'], { CAPSTAN_TOKEN: 'wrong' })).toMatchObject({ code: 2, err: expect.stringMatching(/capstan login/) });
});

test('an API that does not answer is exit code 7', async () => {
  expect(await capstan(['runs'], { CAPSTAN_URL: 'http://127.0.0.1:9' })).toMatchObject({
    code: 7,
    err: expect.stringMatching(/no answer from/),
  });
});

test('a kept login is readable by its owner alone, and its token goes to no other address', async () => {
  const without = { CAPSTAN_TOKEN: '' };
  expect(await capstan(['login', '--token', stack.token], without)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/signed in to .* as admin/),
  });
  expect(statSync(join(folder, 'capstan', 'login.json')).mode & 0o777).toBe(0o600);
  expect((await capstan(['runs', '--limit', '1'], without)).code).toBe(0);
  expect(await capstan(['--url', stack.url.replace('127.0.0.1', 'localhost'), 'runs'], without)).toMatchObject({ code: 2 });
});
