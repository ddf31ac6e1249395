import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
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
describe('what becomes of a command when something dies', () => {
  test('its wrapper killed, it is awaited and then lost, since nobody took its code', async () => {
    const host = made();
    await host.start({ text: 'sleep 1.2; echo done' });
    process.kill(idIn(host, 'claim'), 'SIGKILL');
    expect((await host.start({})).state).toBe('running');
    expect(await host.end()).toMatchObject({ state: 'lost', why: 'vanished', out: 'done\n' });
  });

  test('wrapper and command killed, it is lost at once', async () => {
    const host = made();
    await host.start({ text: 'echo began; sleep 30' });
    for (const file of ['claim', 'pid'] as const) process.kill(idIn(host, file), 'SIGKILL');
    expect(await host.end()).toMatchObject({ state: 'lost', why: 'vanished', out: 'began\n' });
    expect(await host.start({ text: 'echo again' })).toMatchObject({ state: 'lost', fresh: false });
  });

  test('TERM and HUP for the wrapper change nothing', async () => {
    const host = made();
    await host.start({ text: 'sleep 1; exit 4' });
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGTERM'] as const) process.kill(idIn(host, 'claim'), signal);
    expect(await host.end()).toMatchObject({ state: 'ended', exitCode: 4 });
  });

  test('a host started again since is known by its boot id', async () => {
    const bootId = join(made().home, 'boot');
    writeFileSync(bootId, 'first-boot\n');
    const host = made({ bootId });
    await host.start({ text: 'sleep 20' });
    expect((await host.start({})).state).toBe('running');
    writeFileSync(bootId, 'second-boot\n');
    expect(await host.end()).toMatchObject({ state: 'lost', why: 'reboot', ageMs: null });
    writeFileSync(bootId, 'first-boot\n');
    expect((await host.reap()).left).toEqual([]);
  });

  test('a process number that is another’s by now, or a zombie’s, is not taken for the command', async () => {
    const proc = join(made().home, 'proc');
    const stat = (pid: string, state: string, born: number) => {
      mkdirSync(join(proc, pid), { recursive: true });
      writeFileSync(join(proc, pid, 'stat'), `${pid} (sh (x) y) ${state} 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${born} 0\n`);
    };
    const host = made();
    await host.start({ text: 'sleep 20' });
    const [pid, born] = host.file('pid').trim().split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    writeFileSync(join(host.directory(), 'claim'), `99999991 5 ${boot} 100 setsid keeps\n`);
    const elsewhere = testHost('dash', { proc });
    hosts.push(elsewhere);
    stat('self', 'R', 1);
    writeFileSync(join(proc, 'uptime'), '5000.00 1.00\n');
    const look = async () => (await elsewhere.start({}, { place: { ...host.place, remoteDir: join(host.home, '.capstan') } })).state;
    stat(pid ?? '', 'S', Number(born));
    expect(await look()).toBe('running');
    stat(pid ?? '', 'Z', Number(born));
    expect(await look()).toBe('lost');
    stat(pid ?? '', 'S', Number(born) + 1);
    expect(await look()).toBe('lost');
    expect((await host.reap()).left).toEqual([]);
  });

  test('a claim whose taker died while taking it is told apart from a running one', async () => {
    const host = made();
    mkdirSync(host.directory(), { recursive: true });
    writeFileSync(join(host.directory(), 'claim'), '');
    expect(await host.start({ text: 'echo ran' })).toMatchObject({ state: 'starting', fresh: false });
  });

  test('64 MB without a line break come whole, a piece at a time', async () => {
    const host = made();
    await host.start({ text: 'head -c 64000000 /dev/zero | tr "\\0" x' }, { most: 1 });
    let from = 1;
    for (let tries = 0; tries < 400; tries += 1) {
      const { state, stdout, sizes } = await host.follow(from);
      expect(stdout.length).toBeLessThanOrEqual(1_048_576);
      from += stdout.length;
      if (state === 'ended' && from >= sizes.stdout) break;
    }
    expect(from).toBe(64_000_000);
  });
});

const cgroups = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/pids'].some((directory) => {
  try {
    accessSync(join(directory, 'cgroup.procs'), constants.W_OK);
    return true;
  } catch {
    return false;
  }
});

test.skipIf(!cgroups)('with a cgroup to write to, not even a double fork with an empty environment gets away', async () => {
  const host = made();
  const flight = join(host.home, 'flight');
  await host.start({
    text: `env -i setsid /bin/sh -c 'env -i setsid /bin/sh -c "echo \\$\\$ > ${flight}; exec /bin/sleep 44" & exit' & sleep 45`,
  });
  await until(() => existsSync(flight) && readFileSync(flight, 'utf8').endsWith('\n'), 10_000);
  const fled = Number(readFileSync(flight, 'utf8'));
  expect(isLiving(fled)).toBe(true);
  const ended = await host.reap({ only: '0/1' });
  expect(ended).toMatchObject({ tier: 'cgroup', left: [] });
  expect(ended.pids).toContain(fled);
  expect(isLiving(fled)).toBe(false);
});

test('what a command left running on purpose outlives its end, also when the run is forgotten', async () => {
  const host = made();
  const answer = await host.start({ text: 'setsid sleep 46 >/dev/null 2>&1 & echo $!' });
  const daemon = Number(answer.stdout);
  expect(await host.reap({ forget: true })).toMatchObject({ signals: [], left: [] });
  expect(isLiving(daemon)).toBe(true);
  process.kill(daemon, 'SIGKILL');
});

test('left-over directories of runs go after seven days, those of commands that live or have just ended and of others never', async () => {
  const host = made();
  const base = join(host.home, '.capstan');
  const old = new Date(Date.now() - 8 * 86_400_000);
  const [gone, ended, theirs] = [1, 2, 3].map((n) => `01980000-0000-7000-8000-00000000000${n}`) as [string, string, string];
  for (const name of [gone, ended, theirs, 'not-ours']) {
    const execution = join(base, name, 'step.0', '1');
    mkdirSync(execution, { recursive: true });
    if (name !== theirs) writeFileSync(join(execution, 'claim'), `99999991 5 an-earlier-boot 100 setsid keeps\n`);
    if (name === ended) writeFileSync(join(execution, 'rc'), '0 70000000 \n');
    const aged = ['claim', ...(name === ended ? [] : ['.'])].map((file) => join(execution, file)).filter(existsSync);
    for (const path of [...aged, join(execution, '..'), join(base, name)]) utimesSync(path, old, old);
  }
  const living = { ...host.place, run: '01980000-0000-7000-8000-000000000004' };
  await host.start({ text: 'sleep 47' }, { place: living });
  utimesSync(join(base, living.run), old, old);
  await host.reap({ forget: true });
  expect(existsSync(join(base, gone))).toBe(false);
  for (const name of [ended, theirs, 'not-ours']) expect(existsSync(join(base, name))).toBe(true);
  expect(existsSync(join(base, living.run))).toBe(true);
  expect((await host.reap({ place: living, forget: true })).left).toEqual([]);
});

test('a full disk is told before anything runs, and one that fills up later swallows neither code nor time-out', async ({ skip }) => {
  const host = made();
  const disk = join(host.home, 'disk');
  mkdirSync(disk);
  if (spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', disk]).status !== 0)
    return skip('no right to mount a small disk here');
  try {
    const place = { ...host.place, remoteDir: disk };
    const filled = await host.start({ text: `cat /dev/zero > ${disk}/full; exit 6` }, { place });
    expect(filled).toMatchObject({ state: 'ended', exitCode: 6 });
    await host.reap({ place, forget: true });
    rmSync(join(disk, 'full'));
    const late = { ...place, round: 2 };
    await host.start({ text: `cat /dev/zero > ${disk}/full; sleep 48` }, { place: late, timeoutMs: 900 });
    await until(() => existsSync(join(disk, late.run, 'show%5B3%5D.2', '1', 'rc')), 15_000);
    expect(await host.start({}, { place: late })).toMatchObject({ state: 'ended', verdict: 'timeout' });
    const refused = await host.start({ text: `touch ${host.home}/ran` }, { place: { ...place, round: 1 } });
    expect(refused).toMatchObject({ state: 'fault', why: 'directory', text: expect.stringContaining('No space left') });
    expect(existsSync(join(host.home, 'ran'))).toBe(false);
  } finally {
    spawnSync('/bin/umount', ['-l', disk]);
  }
});

test('a host that cannot tell how much output there is gives no answer, instead of none of the output', async () => {
  const host = made();
  const bin = join(host.home, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'ls'), `#!/bin/sh\n[ ! -e ${host.home}/broken ] || exit 1\nexec /bin/ls "$@"\n`);
  chmodSync(join(bin, 'ls'), 0o755);
  const weak = made({}, { PATH: `${bin}:${process.env.PATH}` });
  writeFileSync(join(host.home, 'broken'), '');
  await expect(weak.start({ text: 'echo told' })).rejects.toThrow('no answer');
  rmSync(join(host.home, 'broken'));
  expect(await weak.end()).toMatchObject({ state: 'ended', out: 'told\n' });
});
