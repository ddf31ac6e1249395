import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isLiving, until } from '../../../testing/processes.ts';
import { testHost } from './host.fixture.ts';

test('what has lost its parents and made a session of its own is ended, by its marker', async () => {
  const host = testHost('dash', { cgroups: '/nonexistent' });
  try {
    await host.start({ text: '(setsid sh -c \'echo "orphan $$"; sleep 71\' &) ; sleep 72' });
    const orphan = () => Number(host.file('out').match(/orphan (\d+)\n/)?.[1]);
    await until(() => orphan() > 0, 10_000);
    const pid = orphan();
    const ended = await host.reap({ only: '0/1' });
    expect(ended).toMatchObject({ tier: 'marker', left: [] });
    expect(ended.pids).toContain(pid);
    expect(isLiving(pid)).toBe(false);
  } finally {
    await host.close();
  }
});

test.skipIf(!existsSync('/usr/bin/perl'))(
  'a process that names itself like a line of the process table has nobody else ended',
  async () => {
    const host = testHost('dash', { cgroups: '/nonexistent' });
    const bystander = spawn('/bin/sleep', ['73']);
    const liar = spawn('/usr/bin/perl', ['-e', `open F, ">/proc/self/comm"; print F "a\\n${bystander.pid}\\nb"; close F; sleep 74`]);
    try {
      await until(() => readFileSync(`/proc/${liar.pid}/stat`, 'latin1').includes('\n') && comm(liar.pid).startsWith('a\n'), 10_000);
      await host.start({ text: 'sleep 75' });
      const ended = await host.reap({ only: '0/1' });
      expect(ended).toMatchObject({ left: [] });
      expect(ended.pids.length).toBeGreaterThan(0);
      expect([bystander.pid, liar.pid].map((pid) => isLiving(pid ?? 0))).toEqual([true, true]);
    } finally {
      bystander.kill('SIGKILL');
      liar.kill('SIGKILL');
      await host.close();
    }
  },
);

const comm = (pid: number | undefined): string => readFileSync(`/proc/${pid}/comm`, 'latin1');
