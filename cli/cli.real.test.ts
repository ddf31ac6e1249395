import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CAPSTAN, type Command, capstanAs, type Ended, startCapstan } from '#test/capstan-command.ts';
import { addPersonToken } from '#test/person.ts';
import { type Stack, startStack } from '#test/stack.ts';

let stack: Stack;
let folder: string;
let capstan: ReturnType<typeof capstanAs>;
beforeAll(async () => {
  stack = await startStack();
  folder = mkdtempSync(join(tmpdir(), 'capstan-cli-'));
  capstan = capstanAs(stack.url, stack.token, folder);
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const file = (name: string, command: string): string =>
  write(
    `${name}.yaml`,
    `name: ${name}\nparameters:\n  who: { type: string, default: you }\nsteps:\n  - id: say\n    type: local.exec\n    retry: { attempts: 1 }\n    config: { command: '${command}', environment: { WHO: '\${{ parameters.who }}' } }\n`,
  );
const lastWord = ({ out }: Ended): string => out.trim().split(/\s+/).at(-1) ?? '';
/** Starts the endless job and stays with it; answers once its step runs. */
async function followed(...words: readonly string[]): Promise<{ readonly command: Command; readonly run: string }> {
  const env = { CAPSTAN_URL: stack.url, CAPSTAN_TOKEN: stack.token, XDG_CONFIG_HOME: folder };
  const command = startCapstan(['run', file('endless', 'sleep 60'), '--follow', ...words], env);
  const [, run = ''] = await command.said(/^#(\d+) endless /);
  await command.said(/say +Running/);
  return { command, run };
}
const statusOf = async (run: string) => (await stack.as.call('GET', `/runs?number=${run}`)).body.items;

test('0: a file is saved and run, each step is told, and the run completed', async () => {
  const { code, out } = await capstan(['run', file('greet', 'echo hello $WHO'), '-p', 'who=42', '--follow']);
  expect(out).toMatch(/^#\d+ greet v1 /);
  expect(out).toMatch(/say +Completed/);
  expect(out).toMatch(/greet: completed in /);
  expect(code).toBe(0);
});

test('1: a run that fails says why', async () => {
  const { code, out } = await capstan(['run', file('broken', 'exit 3'), '-f']);
  expect(out).toMatch(/exit_code: .*3/);
  expect(out).toMatch(/broken: failed/);
  expect(code).toBe(1);
});

test('2: what is used wrongly is told before anything is started', async () => {
  const path = file('unused', 'true');
  const mistakes = [
    [['frobnicate'], /unknown command/],
    [['run', 'greet', '-p', 'who'], /expected name=value/],
    [['run', 'greet', '--version', 'newest'], /--version newest: expected a whole number/],
    [['run', path, '--version', '1'], /a file is saved and run as it is/],
    [['run', path, '--timeout', '5m'], /give --follow with it/],
    [['run', path, '-f', '--timeout', 'soon'], /--timeout: .*soon/],
    [['apply', join(folder, 'missing.yaml')], /missing\.yaml: ENOENT/],
    [['logs', 'that-one'], /that-one is no run/],
    [['completion', 'tcsh'], /expected one of bash, zsh, fish/],
    [['login', '--token', stack.token], /unknown option '--token'/],
    [['login'], /no terminal to ask for a password/],
    [['--url', 'http://[', 'runs'], /is no address/],
  ] as const;
  const ends = await Promise.all(mistakes.map(([words]) => capstan(words, words[0] === 'login' ? { CAPSTAN_TOKEN: '' } : {})));
  expect(ends).toMatchObject(mistakes.map(([, why]) => ({ code: 2, out: '', err: expect.stringMatching(why) })));
  expect((await stack.as.call('GET', '/jobs/unused')).status).toBe(404);
});

test('3: what is invalid is told with its place', async () => {
  const broken = write('mistake.yaml', 'name: mistake\nsteps:\n  - id: a\n    type: ssh.exce\n');
  for (const command of ['run', 'apply'])
    expect(await capstan([command, broken])).toMatchObject({ code: 3, err: expect.stringMatching(/line 4: steps\[0\]\.type/) });
  expect(await capstan(['validate', broken])).toMatchObject({
    code: 3,
    out: expect.stringMatching(/mistake\.yaml:4:\d+: error: steps\[0\]\.type/),
  });
  expect(await capstan(['run', 'greet', '-p', 'x=1'])).toMatchObject({ code: 3, err: expect.stringMatching(/parameters\.x/) });
});

test('4: who is not known, or may not, is told so', async () => {
  expect(await capstan(['runs'], { CAPSTAN_TOKEN: 'wrong' })).toMatchObject({ code: 4, err: expect.stringMatching(/capstan login/) });
  const token = await addPersonToken(stack, 'vera', 'viewer');
  expect(await capstan(['run', 'greet'], { CAPSTAN_TOKEN: token })).toMatchObject({ code: 4, err: expect.stringMatching(/^capstan: \S/) });
});

test('5: what is not there', async () => {
  expect(await capstan(['run', 'no-such-job'])).toMatchObject({ code: 5, err: 'capstan: no job no-such-job\n' });
  expect(await capstan(['run', 'greet', '--tag', 'stable'])).toMatchObject({ code: 5, err: expect.stringContaining('no tag stable') });
  expect(await capstan(['cancel', '#9999'])).toMatchObject({ code: 5, err: 'capstan: no run #9999\n' });
  expect((await capstan(['export', 'no-such-job'])).code).toBe(5);
});

test('6: what the state of a run does not allow', async () => {
  const { body } = await stack.as.call('GET', '/runs?job=greet&limit=1');
  const [{ id }] = body.items as [{ id: string }];
  for (const words of [
    ['pause', id],
    ['approve', id],
    ['approve', id, 'say'],
  ])
    expect([words, await capstan(words)]).toMatchObject([words, { code: 6, err: expect.stringMatching(/completed|no step waits/) }]);
});

test('7: an API that does not answer, or something else in its place', async () => {
  const unreachable = await capstan(['runs'], { CAPSTAN_URL: 'http://127.0.0.1:9' });
  expect(unreachable).toMatchObject({ code: 7, err: expect.stringMatching(/no answer from/) });
  const proxy = createServer((_request, answer) => answer.writeHead(502).end('<h1>Bad Gateway</h1>')).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const other = await capstan(['runs'], { CAPSTAN_URL: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
  expect(other).toMatchObject({ code: 7, err: expect.stringMatching(/answered 502/) });
  proxy.close();
});

test('8: a run that was cancelled, for whoever follows it; it is listed as such and run again', async () => {
  const { command, run } = await followed();
  expect((await capstan(['cancel', run, '--reason', 'enough'])).code).toBe(0);
  expect(await command.ended).toMatchObject({ code: 8, out: expect.stringMatching(/endless: cancelled in /) });
  expect((await capstan(['runs', '--job', 'endless'])).out).toMatch(/Cancelled +endless/);
  const again = await capstan(['retry', `#${run}`]);
  expect(again.out).toMatch(/^#\d+ endless v1 /);
  await capstan(['cancel', lastWord(again)]);
});

test('9: a changed file differs, and is the next version; an unchanged one is not', async () => {
  await capstan(['run', file('changing', 'echo 1')]);
  expect((await capstan(['run', file('changing', 'echo 1')])).out).toMatch(/ v1 /);
  const changed = file('changing', 'echo 2');
  expect(await capstan(['diff', 'changing', changed])).toMatchObject({
    code: 9,
    out: expect.stringMatching(/^--- version 1\n[\s\S]*^\+.*echo 2/m),
  });
  expect((await capstan(['run', changed])).out).toMatch(/ v2 /);
  expect(await capstan(['diff', 'changing', changed])).toEqual({ code: 0, out: '', err: '' });
});

test('124 and 130: whoever stops to follow a run, by time or by Ctrl-C, is told that it goes on, and it does', async () => {
  const late = await capstan(['run', file('endless', 'sleep 60'), '-f', '--timeout', '100ms']);
  expect(late).toMatchObject({ code: 124, err: expect.stringMatching(/not ended within 100ms; run #\d+ goes on/) });

  const { command, run } = await followed('--timeout', '1m');
  command.interrupt();
  expect(await command.ended).toMatchObject({ code: 130, err: expect.stringContaining(`interrupted; run #${run} goes on`) });
  expect(await statusOf(run)).toMatchObject([{ status: 'running' }]);
  for (const each of [run, /#(\d+)/.exec(late.err)?.[1] ?? '']) await capstan(['cancel', each]);
});

test('one step of a run under way is changed, paused, resumed, reset and cancelled, each with its reason', async () => {
  const { command, run } = await followed();
  const step = (operation: string, ...words: readonly string[]) => capstan(['step', operation, run, 'say', ...words]);
  expect((await step('pause')).code).toBe(2);
  expect((await step('set', '--attempts', 'many', '--reason', 'x')).err).toContain('--attempts many: expected a number');
  expect((await step('set', '--reason', 'x')).code).toBe(3);
  expect(await step('set', '--timeout', '20m', '--attempts', '5', '--reason', 'a slow day')).toMatchObject({ code: 0 });
  expect(await step('pause', '--reason', 'look first')).toMatchObject({ code: 0 });
  expect((await step('pause', '--reason', 'again')).code).toBe(6);
  expect(await step('resume', '--reason', 'go on')).toMatchObject({ code: 0 });
  const [{ id }] = (await statusOf(run)) as [{ id: string }];
  const running = async () => {
    const [{ status, attempt }] = (await stack.as.call('GET', `/runs/${id}/steps`)).body.items as [{ status: string; attempt: number }];
    return status === 'running' ? attempt : 0;
  };
  const before = await expect.poll(running, { timeout: 20_000 }).toBeGreaterThan(0).then(running);
  await expect.poll(async () => (await step('reset', '--reason', 'from the start')).code, { timeout: 20_000 }).toBe(0);
  await expect.poll(running, { timeout: 20_000 }).toBeGreaterThan(before);
  await command.said(/Running \(attempt \d+\)/);
  const audit = JSON.stringify((await stack.as.call('GET', '/audit')).body);
  for (const reason of ['a slow day', 'look first', 'go on', 'from the start']) expect(audit).toContain(reason);
  expect(await step('cancel', '--reason', 'enough')).toMatchObject({ code: 0 });
  expect((await command.ended).code).toBe(1);
  expect((await capstan(['step', 'skip', run, 'say'])).code).toBe(6);
  const again = await capstan(['retry', run]);
  const tree = await capstan(['lineage', run]);
  expect(tree.out).toMatch(new RegExp(`^\\* #${run} endless v1 failed\\n +#\\d+ endless v1 \\w+ {2}\\(retry\\)`));
  await capstan(['cancel', lastWord(again)]);
});

test('a log is followed to its end, line by line', async () => {
  const id = lastWord(await capstan(['run', file('slow', 'for i in 1 2 3; do echo line $i; sleep 0.2; done')]));
  expect((await capstan(['logs', '-f', id])).out).toBe('say | line 1\nsay | line 2\nsay | line 3\n');
  expect((await capstan(['logs', id, 'say'])).out).toBe('line 1\nline 2\nline 3\n');
});

test('a secret is never taken from the command line, but from a file, the environment, or a terminal', async () => {
  const job = write(
    'sealed.yaml',
    'name: sealed\nparameters: { token: { type: string, secret: true } }\nsteps:\n  - { id: use, type: local.exec, secrets: { T: parameters.token }, config: { command: \'test "$T" = very-secret-9\' } }\n',
  );
  expect(await capstan(['run', job, '-p', 'token=very-secret-9'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('CAPSTAN_PARAM_TOKEN'),
  });
  expect(await capstan(['run', job])).toMatchObject({ code: 3, err: expect.stringContaining('token') });
  const known = { CAPSTAN_PARAM_TOKEN: 'very-secret-9' };
  const run = await capstan(['run', job, '-f', '--json'], known);
  expect([run.code, run.out.includes('very-secret')]).toEqual([0, false]);
  expect((await capstan(['run', job, '-f', '--params-file', '-'], {}, 'token: very-secret-9\n')).code).toBe(0);
  const { id } = JSON.parse(run.out) as { id: string };
  expect(await capstan(['retry', id])).toMatchObject({ code: 3, err: expect.stringContaining('token') });
  expect((await capstan(['retry', id, '-f'], known)).code).toBe(0);
});

test.skipIf(!existsSync('/usr/bin/script'))('at a terminal a secret is asked for and not shown (/usr/bin/script)', async () => {
  const env = { PATH: process.env.PATH, CAPSTAN_URL: stack.url, CAPSTAN_TOKEN: stack.token, XDG_CONFIG_HOME: folder };
  const child = spawn('/usr/bin/script', ['-qec', `'${process.execPath}' '${CAPSTAN}' run sealed -f`, '/dev/null'], { env });
  let shown = '';
  let typed = false;
  child.stdout.on('data', (bytes: Buffer) => {
    shown += bytes;
    if (typed || !shown.includes('token: ')) return;
    typed = true;
    child.stdin.write('very-secret-9\r');
  });
  const [code] = await once(child, 'close');
  expect([code, shown]).toEqual([0, expect.stringMatching(/sealed: completed/)]);
  expect(shown).not.toContain('very-secret');
});

test('what is said for programs is JSON', async () => {
  const { body } = await stack.as.call('GET', '/runs?job=greet&limit=1');
  const [{ id }] = body.items as [{ id: string }];
  const asked = [
    [['apply', file('greet', 'echo hello $WHO')], { job: 'greet', version: 1, what: 'unchanged' }],
    [['validate', file('greet', 'echo hello $WHO')], { valid: true, would: { action: 'nothing' } }],
    [['plan', 'greet'], { job: 'greet', version: 1, steps: [{ id: 'say' }] }],
    [['run', 'greet'], { job: 'greet', status: expect.any(String) }],
    [['run', 'greet', '-f'], { job: 'greet', status: 'completed' }],
    [['runs', '--limit', '1'], { items: [{ status: expect.any(String) }] }],
    [['jobs'], { items: expect.any(Array) }],
    [['retry', id], { job: 'greet' }],
    [['rerun', id, '--from', 'say'], { job: 'greet' }],
    [['compare', id, id], { parameters: [] }],
    [['diff', 'greet', file('greet', 'echo hello $WHO')], { text: [] }],
    [['locks'], { items: [] }],
    [['targets', 'list'], { items: [] }],
  ] as const;
  const ends = await Promise.all(asked.map(([words]) => capstan([...words, '--json'])));
  expect(ends.map(({ code, out, err }) => [code, err, JSON.parse(out)])).toMatchObject(asked.map(([, seen]) => [0, '', seen]));
});

test('a kept login is readable by its owner alone, and its token goes to no other address', async () => {
  const without = { CAPSTAN_TOKEN: '' };
  const signedIn = { code: 0, out: expect.stringMatching(/signed in to .* as admin/) };
  expect(await capstan(['login', '--token-file', '-'], without, `${stack.token}\n`)).toMatchObject(signedIn);
  expect(await capstan(['login', '--token-file', write('token', stack.token)], without)).toMatchObject(signedIn);
  const kept = join(folder, 'capstan', 'login.json');
  expect(statSync(kept).mode & 0o777).toBe(0o600);
  expect((await capstan(['runs', '--limit', '1'], without)).code).toBe(0);
  expect(await capstan(['--url', stack.url.replace('127.0.0.1', 'localhost'), 'runs'], without)).toMatchObject({ code: 4 });
  chmodSync(kept, 0o644);
  expect(await capstan(['runs'], without)).toMatchObject({ code: 2, err: expect.stringContaining('chmod 600') });
  rmSync(kept);
});

test('bash completes commands, options and jobs; each shell takes its script', async () => {
  const shell = async (words: readonly [string, ...string[]], input: string) => {
    const child = spawn(words[0], words.slice(1), {
      env: { PATH: process.env.PATH, CAPSTAN_URL: stack.url, CAPSTAN_TOKEN: stack.token, XDG_CONFIG_HOME: folder },
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => {
        out += bytes;
      });
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    return { code, out };
  };
  const { out: script } = await capstan(['completion', 'bash']);
  const asked = [
    ['ap', 'approve apply'],
    ['run --pa', '--param --params-file'],
    ['locks re', 'release'],
    ['run gr', 'greet'],
  ];
  const lines = asked.map(
    ([typed]) => `COMP_WORDS=(capstan ${typed}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _capstan; echo "\${COMPREPLY[@]}"`,
  );
  const answers = asked.map(([, words]) => `${words}\n`).join('');
  const bash = ['bash', '--norc', '-eu'] as const;
  const us = `capstan() { '${process.execPath}' '${CAPSTAN}' "$@"; }`;
  expect(await shell([...bash], [us, script, ...lines, ''].join('\n'))).toEqual({ code: 0, out: answers });

  for (const name of ['zsh', 'fish'].filter((each) => existsSync(`/usr/bin/${each}`))) {
    const other = (await capstan(['completion', name])).out;
    expect([name, await shell([name, '-n'], other)]).toEqual([name, { code: 0, out: '' }]);
  }
});
