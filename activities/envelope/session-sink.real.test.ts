import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeDeadSessions } from '#db/queries/close-dead-sessions.ts';
import type { SshSessionRow } from '#db/schema/remote.ts';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';

describe.skipIf(sshdMissing !== null)(`SSH sessions as rows${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let worker: TestWorker;
  let sshd: Sshd;
  let behind: Sshd;
  beforeAll(async () => {
    [worker, sshd, behind] = await Promise.all([testWorker({ CAPSTAN_SSH__IDLE_SECONDS: '1' }), startSshd(), startSshd()]);
    await worker.addTarget('edge', sshd);
    await worker.addTarget('core', behind, { also: { jump: 'edge' } });
  });
  afterAll(async () => {
    await worker?.close();
    await Promise.all([sshd?.stop(), behind?.stop()]);
  });

  /** The sessions that a run used, once they are written. */
  const sessionsOf = async (run: string): Promise<readonly SshSessionRow[]> => {
    await worker.step(run);
    return worker.database.sql<SshSessionRow[]>`
      select s.* from session_uses u join ssh_sessions s using (session_id) where u.run_id = ${run} and u.key = 'one'`;
  };
  const counted = (target: string, run: string) =>
    worker.attempt(
      'ssh.exec',
      { command: 'true' },
      {
        run,
        target,
        does: async (_config, step) => {
          const session = await step.ssh();
          await session.ask('true', { signal: step.signal, limitMs: 5000, maxBytes: 1000 });
          session.count({ commands: 2 });
          session.count({ files: 1, bytes: 300 });
          return { exit_code: 0, stdout: '', stderr: '' };
        },
      },
    );

  test('a session names its target, software, key and worker, and counts what a step did over it', async () => {
    const run = await worker.newRun();
    await counted('edge', run);
    expect(await sessionsOf(run)).toMatchObject([
      {
        target: 'edge',
        host: '127.0.0.1',
        port: sshd.port,
        username: sshd.user,
        server_version: expect.stringMatching(/^SSH-2\.0-OpenSSH/),
        host_key_fingerprint: sshd.hostKeys[0]?.fingerprint,
        hops: [],
        worker_id: 'test-worker',
        connection_closed_at: null,
        commands_executed: 2,
        files_transferred: 1,
        total_bytes_transferred: 300,
      },
    ]);
  });

  test('a session through a jump host names it with the key it showed', async () => {
    const run = await worker.newRun();
    await counted('core', run);
    const hop = { target: 'edge', host: '127.0.0.1', port: sshd.port, host_key_fingerprint: sshd.hostKeys[0]?.fingerprint };
    expect(await sessionsOf(run)).toMatchObject([{ target: 'core', port: behind.port, hops: [hop] }]);
  });

  test('a session that is idle for long enough says so, one that a host cuts says that', async () => {
    const [idle, cut] = [await worker.newRun(), await worker.newRun()];
    await counted('edge', idle);
    await expect
      .poll(() => sessionsOf(idle), { timeout: 10_000 })
      .toMatchObject([{ close_reason: 'idle', connection_closed_at: expect.anything() }]);
    await counted('edge', cut);
    sshd.dropConnections();
    await expect.poll(() => sessionsOf(cut), { timeout: 10_000 }).toMatchObject([{ close_reason: expect.stringMatching(/^lost: /) }]);
  });

  test('the sessions of a worker that is not there are closed, a minute after they began', async () => {
    const { sql } = worker.database;
    const open = () => sql`select close_reason from ssh_sessions where worker_id = 'dead' and connection_closed_at is not null`;
    await sql`
      insert into ssh_sessions (session_id, target, host, port, username, worker_id, connection_established_at)
      select gen_random_uuid(), 'edge', 'h', 22, 'u', 'dead', now() - make_interval(secs => age) from unnest(array[10, 100]) as age`;
    expect(await closeDeadSessions(sql)).toBeGreaterThanOrEqual(1);
    expect(await open()).toEqual([{ close_reason: 'lost: its worker is gone' }]);
  });
});
