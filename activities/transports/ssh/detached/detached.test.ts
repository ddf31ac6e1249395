import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { isLiving, until } from '../../../testing/processes.ts';
import { processesWith, SHELLS, type ShellName, shellAbsent, type TestHost, testHost } from './host.fixture.ts';

const names = Object.keys(SHELLS) as ShellName[];

describe.concurrent.each(names.map((name) => ({ name })))('a command on a host whose /bin/sh is $name', ({ name }) => {
  beforeEach(({ skip }) => skip(shellAbsent(name), `no ${name} on this machine`));
  const onHost = test.extend<{ readonly host: TestHost }>({
    // The argument must be taken apart, though nothing is needed of it.
    host: async ({ task: _ }, use) => {
      const host = testHost(name);
      await use(host);
      await host.close();
    },
  });

  onHost('a short one starts, ends and is delivered in one exchange, byte by byte', async ({ host }) => {
    const answer = await host.start({ text: `printf 'a\\377\\000\\nb'; printf oops >&2; exit 7` });
    expect(answer).toMatchObject({ state: 'ended', exitCode: 7, fresh: true, detached: 'setsid', execution: '1', endsAtLogout: false });
    expect(answer.stdout.toString('latin1')).toBe('a\xff\0\nb');
    expect(answer.stderr.toString()).toBe('oops');
    expect(host.file('rc')).toMatch(/^7 \d+ /);
    expect(statSync(host.directory()).mode & 0o777).toBe(0o700);
  });

  onHost('any text reaches it as it is, as a variable, as input and as the text of its own', async ({ host }) => {
    const nasty = fc.constantFrom(
      `'`,
      `'\\''`,
      '$(exit 9)',
      '`exit 9`',
      '\\',
      '\\n',
      '\n',
      '!',
      '-n',
      ' ',
      '* ? [a]',
      '"',
      '#',
      'é',
      '\u{1f600}',
    );
    let execution = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(nasty, { maxLength: 8 }).map((parts) => parts.join('')),
        async (value) => {
          execution += 1;
          await host.seen(execution - 1);
          const text = `printf '%s|' "$VALUE"; cat`;
          const answer = await host.start({ text, environment: { VALUE: value }, stdin: value }, { execution });
          expect(answer.stdout.toString()).toBe(`${value}|${value}`);
        },
      ),
      { numRuns: 6 },
    );
  });

  onHost('nothing of it stands in an argument list or a file, and its input in no environment either', async ({ host }) => {
    const secret = `s3cret-${process.pid}-${name}`;
    const running = await host.start({
      text: `: ${secret}-text; sleep 30`,
      environment: { A: `${secret}-value` },
      stdin: `${secret}-input`,
    });
    expect(running.state).toBe('running');
    expect(processesWith(secret, 'cmdline')).toEqual([]);
    expect(processesWith(`${secret}-input`, 'environ')).toEqual([]);
    expect(processesWith(`${secret}-text`, 'environ')).toEqual([]);
    for (const file of readdirSync(host.directory())) expect(host.file(file)).not.toContain(secret);
    expect((await host.reap()).left).toEqual([]);
  });

  onHost('the script cut short anywhere runs nothing', async ({ host }) => {
    const script = host.startText({ text: 'echo ran > "$HOME/ran"' });
    const last = script.lastIndexOf('}');
    for (const cut of [0.3, 0.6, 0.9, 0.97, 0.995, 1]) await host.ask(script.slice(0, Math.floor(last * cut)));
    expect(existsSync(join(host.home, 'ran'))).toBe(false);
    expect(existsSync(join(host.home, '.capstan'))).toBe(false);
    await host.ask(script);
    expect(existsSync(join(host.home, 'ran'))).toBe(true);
  });

  onHost('asked for again, and by many at once, it runs once', async ({ host }) => {
    const text = 'echo ran >> "$HOME/ran"; sleep 0.7; echo done';
    const answers = await Promise.all(Array.from({ length: 5 }, () => host.start({ text })));
    expect(new Set(answers.map(({ execution }) => execution))).toEqual(new Set(['1']));
    expect(await host.end()).toMatchObject({ state: 'ended', exitCode: 0, out: 'done\n' });
    expect((await host.start({ text })).stdout.toString()).toBe('done\n');
    expect(readFileSync(join(host.home, 'ran'), 'utf8')).toBe('ran\n');
  });

  onHost('a long one answers soon, is followed by offset, and goes on when whoever started it dies', async ({ host }) => {
    let pid = 0;
    const cut = host.ask(
      host.startText({ text: 'i=0; while [ $i -lt 12 ]; do i=$((i+1)); echo line $i; sleep 0.1; done; exit 3' }),
      (child) => {
        pid = child.pid ?? 0;
      },
    );
    await until(() => existsSync(join(host.directory(), 'pid')), 10_000);
    process.kill(-pid, 'SIGKILL');
    await cut;
    const lines = Array.from({ length: 12 }, (_, index) => `line ${index + 1}\n`).join('');
    const first = await host.follow(7, 10);
    expect(first.stdout.toString()).toBe(lines.slice(7, 17).slice(0, first.stdout.length));
    expect(await host.end()).toMatchObject({ exitCode: 3, out: lines });
  });

  onHost('INT and QUIT are what they are for any command, and traps of its own work', async ({ host }) => {
    expect(await host.start({ text: 'kill -s INT $$; sleep 1; echo survived' })).toMatchObject({ exitCode: 130 });
    await host.seen(1);
    const trapped = await host.start({ text: 'trap "echo trapped; exit 4" TERM; kill -s TERM $$; sleep 1' }, { execution: 2 });
    expect([trapped.exitCode, trapped.stdout.toString()]).toEqual([4, 'trapped\n']);
  });

  onHost('a failing end marked as seen gives way to the next execution, an unmarked one never does', async ({ host }) => {
    await host.start({ text: 'exit 5' });
    expect(await host.start({ text: 'exit 6' }, { execution: 2 })).toMatchObject({ execution: '1', exitCode: 5, fresh: false });
    await host.seen(1);
    expect(await host.start({ text: 'exit 6' }, { execution: 2 })).toMatchObject({ execution: '2', exitCode: 6, fresh: true });
  });

  onHost('several commands have a code, a time and a piece of the output each', async ({ host }) => {
    const commands = ['echo one', 'echo two; echo err >&2; exit 3', 'echo three'];
    const all = await host.start({ text: commands, stopOnError: false, environment: { PATH: process.env.PATH ?? '' } });
    expect(all.commands).toMatchObject([
      { number: 1, exitCode: 0, stdoutEnd: 4, stderrEnd: 0 },
      { number: 2, exitCode: 3, stdoutEnd: 8, stderrEnd: 4 },
      { number: 3, exitCode: 0, stdoutEnd: 14, stderrEnd: 4 },
    ]);
    expect(all.exitCode).toBe(3);
    await host.seen(1);
    const stopped = await host.start({ text: commands }, { execution: 2 });
    expect([stopped.exitCode, stopped.commands.length]).toEqual([3, 2]);
  });

  onHost('another interpreter reads the text, and its input is still its own', async ({ host }) => {
    const text = 'read line; echo "$line $((6 * 7))" $0';
    const answer = await host.start({ text, interpreter: ['/bin/sh', '-e'], stdin: 'in\n' });
    expect(answer.stdout.toString()).toBe('in 42 /dev/fd/3\n');
  });

  onHost('what ignores TERM, and what fled into sessions of its own, is ended, and the answer names it', async ({ host }) => {
    const text = `trap '' TERM; setsid sh -c 'sleep 61 & echo grandchild $! ; wait' & sleep 62 & echo child $!; wait; sleep 63`;
    await host.start({ text });
    await until(() => (host.file('out').match(/child \d+\n/g) ?? []).length === 2, 10_000);
    const pids = [...host.file('out').matchAll(/child (\d+)/g)].map((match) => Number(match[1]));
    expect(pids).toHaveLength(2);
    const ended = await host.reap({ only: '0/1' });
    expect(ended).toMatchObject({ signals: ['TERM', 'KILL'], left: [] });
    for (const pid of pids) expect(ended.pids).toContain(pid);
    expect(pids.map(isLiving)).toEqual([false, false]);
    expect(await host.end()).toMatchObject({ state: 'ended', exitCode: 137 });
    expect(existsSync(join(host.directory(), 'seen'))).toBe(true);
  });

  onHost('the host itself ends it when its time is over and nobody returns', async ({ host }) => {
    await host.start({ text: 'setsid sleep 71 & sleep 72' }, { timeoutMs: 900 });
    const marked = () => processesWith(`CAPSTAN_MARK=${host.place.run}`, 'environ');
    expect(marked().length).toBeGreaterThan(0);
    await until(() => existsSync(join(host.directory(), 'rc')), 15_000);
    expect(await host.end()).toMatchObject({ state: 'ended', verdict: 'timeout' });
    expect(marked()).toEqual([]);
  });

  onHost('the host itself ends it when it says too much', async ({ host }) => {
    await host.start({ text: 'yes' }, { maxOutput: 1_000_000, most: 1000 });
    await until(() => existsSync(join(host.directory(), 'rc')), 15_000);
    expect(await host.follow(0, 1000)).toMatchObject({ state: 'ended', verdict: 'max_output' });
  });

  onHost('one that has not begun when it is cancelled never begins', async ({ host }) => {
    expect(await host.reap({ only: '0/1' })).toEqual({ tier: null, signals: [], pids: [], left: [] });
    expect(await host.start({ text: 'echo ran > "$HOME/ran"' })).toMatchObject({ state: 'cancelled' });
    expect(existsSync(join(host.home, 'ran'))).toBe(false);
  });

  onHost('its output goes once it is stored, its code when the run is forgotten', async ({ host }) => {
    await host.start({ text: 'echo out; echo err >&2' });
    await host.clean(1);
    expect(readdirSync(host.directory())).not.toContain('out');
    expect(await host.start({ text: 'exit 9' })).toMatchObject({ state: 'ended', exitCode: 0, sizes: { stdout: 0, stderr: 0 } });
    await host.reap({ forget: true });
    expect(existsSync(host.directory())).toBe(false);
    expect(readdirSync(join(host.home, '.capstan'))).toEqual([]);
  });

  onHost('its state may stand anywhere', async ({ host }) => {
    const odd = join(host.home, `it's a "place" $HOME`);
    mkdirSync(odd);
    const place = { ...host.place, remoteDir: odd };
    expect(await host.start({ text: 'echo in' }, { place })).toMatchObject({ state: 'ended', exitCode: 0 });
    expect(readdirSync(join(odd, place.run))).toHaveLength(1);
    const inHome = { ...host.place, remoteDir: '~/work/capstan' };
    expect(await host.start({}, { place: inHome })).toMatchObject({ state: 'ended' });
    expect(existsSync(join(host.home, 'work/capstan', place.run))).toBe(true);
  });

  onHost('what keeps it from starting is named, and nothing runs', async ({ host }) => {
    expect(await host.start({ workingDirectory: '/nowhere/at/all' })).toMatchObject({
      state: 'fault',
      why: 'absent',
      text: '/nowhere/at/all',
    });
    const file = await host.start({}, { place: { ...host.place, remoteDir: '/dev/null/x' } });
    expect(file).toMatchObject({ state: 'fault', why: 'directory', text: expect.stringContaining('/dev/null') });
    expect(await host.start({ workingDirectory: '/tmp', text: 'pwd' })).toMatchObject({ state: 'ended', stdout: Buffer.from('/tmp\n') });
  });
});
