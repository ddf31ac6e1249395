import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { isLiving, until } from '../../../testing/processes.ts';
import { type TestHost, testHost } from './host.fixture.ts';
import type { HostFiles } from './place.ts';

const hosts: TestHost[] = [];
const made = (files: Partial<HostFiles> = {}, environment: { readonly [name: string]: string } = {}): TestHost => {
  const host = testHost('dash', files, environment);
  hosts.push(host);
  return host;
};
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
});

const idIn = (host: TestHost, file: 'pid' | 'claim'): number => Number(host.file(file).split(' ')[0]);
const begun = (host: TestHost) => until(() => existsSync(join(host.directory(), 'pid')) && host.file('pid').endsWith('\n'), 10_000);

describe('what a host may lack', () => {
  const tools = ['sh', 'mkdir', 'mv', 'rm', 'ls', 'dd', 'cat', 'grep', 'awk', 'sleep', 'tr', 'date', 'ps', 'find', 'rmdir', 'id'];
  const pathOf = (host: TestHost, more: readonly string[]): string => {
    const bin = join(host.home, 'bin');
    mkdirSync(bin);
    for (const tool of [...tools, ...more]) {
      const found = spawnSync('sh', ['-c', `PATH=/usr/bin:/bin command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
      if (found !== '') symlinkSync(found, join(bin, tool));
    }
    return bin;
  };

  test.for(['perl', 'python3', 'group'])('without setsid, %s takes its place and the answer names it', async (means, { skip }) => {
    if (means !== 'group' && !existsSync(`/usr/bin/${means}`)) return skip(`no /usr/bin/${means} on this machine`);
    const bin = pathOf(made(), means === 'group' ? [] : [means]);
    const host = made({}, { PATH: bin });
    const first = await host.start({ text: `/bin/sleep 40 & echo $!; /bin/sleep 41` });
    await until(() => host.file('out').includes('\n'), 10_000);
    expect(first).toMatchObject({ state: 'running', detached: means });
    const child = Number(host.file('out'));
    const ended = await host.reap({ only: '0/1' });
    expect(ended.left).toEqual([]);
    expect(ended.pids).toContain(child);
    expect(isLiving(child)).toBe(false);
    expect(isLiving(idIn(host, 'claim'))).toBe(false);
  });

  test('without awk, the process group is ended, and the answer does not claim to have seen more', async () => {
    const bin = pathOf(made(), ['setsid']);
    rmSync(join(bin, 'awk'));
    const host = made({}, { PATH: bin });
    await host.start({ text: `/bin/sleep 40 & echo $!; /bin/sleep 41` });
    await until(() => host.file('out').includes('\n'), 10_000);
    const ended = await host.reap({ only: '0/1' });
    expect(ended).toMatchObject({ tier: 'group', signals: ['TERM'], left: [] });
    expect(isLiving(Number(host.file('out')))).toBe(false);
  });

  test.skipIf(!existsSync('/usr/bin/busybox'))('with nothing but busybox, everything is done by its tools', async () => {
    const bin = join(made().home, 'busybox');
    mkdirSync(bin);
    for (const tool of [...tools, 'setsid']) symlinkSync('/usr/bin/busybox', join(bin, tool));
    const host = testHost('busybox', {}, { PATH: bin });
    hosts.push(host);
    const short = await host.start({ text: ['echo one', 'echo two >&2; exit 3'] });
    expect(short).toMatchObject({ state: 'ended', exitCode: 3, stdout: Buffer.from('one\n'), stderr: Buffer.from('two\n') });
    expect(short.commands).toMatchObject([
      { stdoutEnd: 4, stderrEnd: 0 },
      { stdoutEnd: 4, stderrEnd: 4 },
    ]);
    await host.seen(1);
    await host.start({ text: `trap '' TERM; setsid sleep 40 & echo $!; while :; do sleep 1; done` }, { execution: 2 });
    await until(() => host.file('out', 2).includes('\n'), 10_000);
    const ended = await host.reap({ only: '0/2' });
    expect(ended).toMatchObject({ signals: ['TERM', 'KILL'], left: [] });
    expect(isLiving(Number(host.file('out', 2)))).toBe(false);
  });

  test('without /proc, ps tells who lives, and a tree is still ended', async () => {
    const host = made({ proc: '/nonexistent', bootId: '/nonexistent' });
    const first = await host.start({ text: 'sleep 42 & echo $!; sleep 43' });
    expect(first.state).toBe('running');
    await begun(host);
    const ended = await host.reap({ only: '0/1' });
    expect(ended).toMatchObject({ tier: 'ps', signals: ['TERM'], left: [] });
    expect(isLiving(Number(host.file('out')))).toBe(false);
    expect(await host.end()).toMatchObject({ state: 'ended', exitCode: 143 });
  });

  test('where logout ends what users leave, the answer says so', async () => {
    const home = made().home;
    writeFileSync(join(home, 'logind.conf'), '[Login]\n#KillUserProcesses=no\nKillUserProcesses=yes\n');
    mkdirSync(join(home, 'bin'));
    for (const [tool, text] of Object.entries({ id: 'echo 1001', loginctl: 'exit 1', 'systemd-run': 'exit 1' })) {
      writeFileSync(join(home, 'bin', tool), `#!/bin/sh\n${text}\n`);
      chmodSync(join(home, 'bin', tool), 0o755);
    }
    const files = { systemd: home, logind: join(home, 'logind.conf') };
    const host = made(files, { PATH: `${join(home, 'bin')}:${process.env.PATH}` });
    expect(await host.start({})).toMatchObject({ state: 'ended', endsAtLogout: true });
  });

  test('where a lingering manager of the user is to be had, the command runs under it', async () => {
    const home = made().home;
    writeFileSync(join(home, 'logind.conf'), 'KillUserProcesses=yes\n');
    mkdirSync(join(home, 'bin'));
    const scope = 'shift 3; [ "$1" != -- ] || shift; CAPSTAN_IN_SCOPE=yes; export CAPSTAN_IN_SCOPE; exec "$@"';
    for (const [tool, text] of Object.entries({ id: 'echo 1001', loginctl: 'exit 0', 'systemd-run': scope })) {
      writeFileSync(join(home, 'bin', tool), `#!/bin/sh\n${text}\n`);
      chmodSync(join(home, 'bin', tool), 0o755);
    }
    const host = made({ systemd: home, logind: join(home, 'logind.conf') }, { PATH: `${join(home, 'bin')}:${process.env.PATH}` });
    const answer = await host.start({ text: 'echo $CAPSTAN_IN_SCOPE' });
    expect(answer).toMatchObject({ state: 'ended', endsAtLogout: false });
    expect(answer.stdout.toString()).toBe('yes\n');
  });
});

test.skipIf(process.getuid?.() !== 0)('as another user it gets its text, variables and input, and is ended with all it has', async () => {
  const host = made();
  const become = { method: 'su', user: 'nobody' } as const;
  const environment = { A: `it's "$x"` };
  const short = await host.start({
    text: 'id -un; printf "%s|" "$A"; cat; exit 7',
    environment,
    stdin: 'in',
    become,
    workingDirectory: '/tmp',
  });
  expect(short).toMatchObject({ state: 'ended', exitCode: 7 });
  expect(short.stdout.toString()).toBe(`nobody\nit's "$x"|in`);
  await host.seen(1);
  await host.start({ text: 'setsid sleep 48 & echo $!; sleep 49', become }, { execution: 2 });
  await until(() => host.file('out', 2).includes('\n'), 10_000);
  expect(await host.reap({ only: '0/2' })).toMatchObject({ left: [] });
  expect(isLiving(Number(host.file('out', 2)))).toBe(false);
});

test('another user who may not be become is told before anything runs', async () => {
  const host = made({}, { PATH: `/nonexistent:${process.env.PATH}` });
  const refused = await host.start({ become: { method: 'doas', user: 'nobody' } });
  expect(refused).toMatchObject({ state: 'fault', why: 'become' });
});
