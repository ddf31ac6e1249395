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
