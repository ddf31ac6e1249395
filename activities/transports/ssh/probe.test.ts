import { expect, test, vi } from 'vitest';
import type { SshConnection } from './connection.ts';
import type { SshPool } from './pool.ts';
import { probeTarget } from './probe.ts';
import type { SshRoute } from './target.ts';

test('a host that takes the login and never answers a request fails the check in time', async () => {
  vi.useFakeTimers();
  try {
    const silent = () => new Promise<never>(() => undefined);
    const connection = { hostKey: {}, run: silent, sftp: silent, end: vi.fn() } as unknown as SshConnection;
    const pool = { handshake: async () => connection } as unknown as SshPool;
    const route = { target: { name: 'mute', user: 'app', host: '::1', port: 22 }, jump: null } as unknown as SshRoute;
    const probed = probeTarget(pool, route, { signal: new AbortController().signal, remoteDir: null });
    await vi.advanceTimersByTimeAsync(60_000);
    const { stages, failed } = await probed;
    expect(stages.map(({ stage, ok }) => [stage, ok])).toEqual([
      ['shell', false],
      ['sftp', false],
    ]);
    expect(failed?.failure).toMatchObject({ type: 'connection', message: expect.stringContaining('mute (app@::1:22)') });
    expect(connection.end).toHaveBeenCalledWith('checked');
  } finally {
    vi.useRealTimers();
  }
});
