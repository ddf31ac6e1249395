import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byPassword, NEVER, routeTo, testPool } from '#activities/testing/ssh-routes.ts';
import { dropbearMissing, startDropbear } from '#test/peers/dropbear.ts';
import { silentListener } from '#test/peers/listeners.ts';
import { startSftpOnly } from '#test/peers/sftp-only.ts';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { probeTarget } from './probe.ts';
import { scanHost } from './scan.ts';

describe.skipIf(sshdMissing !== null)(`looking at hosts${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  const pool = testPool();
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => {
    pool.close();
    await sshd?.stop();
  });
  const probe = (route: ReturnType<typeof routeTo>, remoteDir: string | null = null) =>
    probeTarget(pool, route, { signal: NEVER, remoteDir });

  describe('a check', () => {
    test('tells of every stage what it found', async () => {
      const { stages, failed } = await probe(routeTo(sshd));
      expect(failed).toBeNull();
      expect(stages.map(({ stage, ok }) => [stage, ok])).toEqual(
        ['connect', 'host_key', 'login', 'shell', 'sftp', 'space', 'clock'].map((stage) => [stage, true]),
      );
      const found = Object.fromEntries(stages.map((stage) => [stage.stage, stage.found]));
      expect(found).toMatchObject({
        connect: { server: expect.stringMatching(/^SSH-2\.0-OpenSSH/) },
        host_key: { type: 'ssh-ed25519', fingerprint: sshd.hostKeys[0]?.fingerprint },
        login: { user: sshd.user },
        shell: { system: expect.stringContaining('Linux') },
        space: { directory: expect.stringMatching(/^\//), free_bytes: expect.any(Number), total_bytes: expect.any(Number) },
        clock: { skew_ms: expect.any(Number), round_trip_ms: expect.any(Number) },
      });
      // The host is this machine: its clock is ours, up to the time that a busy machine takes to answer.
      const { skew_ms, round_trip_ms } = found.clock as { skew_ms: number; round_trip_ms: number };
      expect(Math.abs(skew_ms)).toBeLessThanOrEqual(round_trip_ms + 10);
    });

    test('goes through jump hosts', async () => {
      const { stages, failed } = await probe(
        routeTo(sshd, { target: { name: 'core' }, jump: routeTo(sshd, { target: { name: 'edge' } }) }),
      );
      expect(failed).toBeNull();
      expect(stages).toHaveLength(7);
    });

    test('looks for room where the target keeps its files', async () => {
      const { stages } = await probe(routeTo(sshd), `${sshd.directory}/not/there/yet`);
      expect(stages.find(({ stage }) => stage === 'space')).toMatchObject({ ok: true, found: { directory: sshd.directory } });
      const refused = await probe(routeTo(sshd), '/usr/capstan');
      expect(refused.failed).toMatchObject({ stage: 'space', failure: { type: 'policy', message: expect.stringContaining('/usr') } });
      expect(refused.stages.at(-1)).toMatchObject({ stage: 'clock', ok: true });
    });

    test('stops where later stages need the one that failed, and says how it failed', async () => {
      const silent = await silentListener();
      const nothing = await probe(routeTo(sshd, { target: { port: silent.port, connectTimeoutMs: 300 } }));
      await silent.stop();
      expect(nothing.stages.map(({ stage, ok }) => [stage, ok])).toEqual([['connect', false]]);
      expect(nothing.failed).toMatchObject({ stage: 'connect', failure: { type: 'connection' } });

      const other = await probe(
        routeTo(sshd, { target: { hostKeys: [{ type: 'ssh-ed25519', fingerprint: 'SHA256:other', key: 'b3RoZXI=' }] } }),
      );
      expect(other.stages.map(({ stage, ok }) => [stage, ok])).toEqual([
        ['connect', true],
        ['host_key', false],
      ]);
      expect(other.failed).toMatchObject({ stage: 'host_key', failure: { type: 'policy' } });

      const login = await probe(routeTo(sshd, { credential: byPassword('wrong') }));
      expect(login.stages.map(({ stage, ok }) => [stage, ok])).toEqual([
        ['connect', true],
        ['host_key', true],
        ['login', false],
      ]);
      expect(login.failed).toMatchObject({ stage: 'login', failure: { type: 'auth' } });
    });

    test('of a host with SFTP alone shows that there is no shell', async () => {
      const peer = await startSftpOnly();
      const { stages, failed } = await probe(routeTo(peer));
      await peer.stop();
      expect(stages.slice(3).map(({ stage, ok }) => [stage, ok])).toEqual([
        ['shell', false],
        ['sftp', true],
      ]);
      expect(failed?.stage).toBe('shell');
    });

    test('of a host without SFTP shows that, and looks at the rest', async () => {
      const peer = await startSshd({ sftp: null });
      const { stages, failed } = await probe(routeTo(peer));
      await peer.stop();
      expect(stages.filter(({ ok }) => !ok).map(({ stage }) => stage)).toEqual(['sftp']);
      expect(stages).toHaveLength(7);
      expect(failed).toMatchObject({ stage: 'sftp', failure: { type: 'policy' } });
    });

    test('of a device looks for its prompt instead', async () => {
      const prompt = async () => ({ prompt: 'core#' });
      const { stages } = await probeTarget(pool, routeTo(sshd), { signal: NEVER, remoteDir: null, prompt });
      expect(stages.map(({ stage }) => stage)).toEqual(['connect', 'host_key', 'login', 'prompt']);
      expect(stages.at(-1)?.found).toEqual({ prompt: 'core#' });
    });
  });

  describe('a scan', () => {
    const sorted = (keys: readonly { readonly fingerprint: string }[]) => keys.map(({ fingerprint }) => fingerprint).sort();

    test('offers a key of each type, and logs in on nothing', async () => {
      const peer = await startSshd();
      const { keys, serverVersion } = await scanHost(pool, routeTo(peer, { target: { hostKeys: [] } }), NEVER);
      expect(sorted(keys)).toEqual(sorted(peer.hostKeys));
      expect(serverVersion).toMatch(/^SSH-2\.0-OpenSSH/);
      expect(peer.log()).not.toMatch(/Accepted|Failed|Postponed/);
      await peer.stop();
    });

    test('reaches through jump hosts, whose keys are verified', async () => {
      const jump = routeTo(sshd, { target: { name: 'edge' } });
      const { keys } = await scanHost(pool, routeTo(sshd, { target: { name: 'core', hostKeys: [] }, jump }), NEVER);
      expect(sorted(keys)).toEqual(sorted(sshd.hostKeys));
      const unknown = routeTo(sshd, { target: { name: 'edge', hostKeys: [] } });
      const refused = scanHost(pool, routeTo(sshd, { target: { name: 'core', hostKeys: [] }, jump: unknown }), NEVER);
      await expect(refused).rejects.toMatchObject({ type: 'policy', details: { target: 'core', hop: 'edge' } });
    });

    test('of a host that only knows old signatures needs its target to say so', async () => {
      const peer = await startSshd({ config: ['HostKeyAlgorithms ssh-rsa'] });
      const scan = (legacyAlgorithms: boolean) => scanHost(pool, routeTo(peer, { target: { hostKeys: [], legacyAlgorithms } }), NEVER);
      await expect(scan(false)).rejects.toMatchObject({
        type: 'policy',
        details: { missing: 'host key algorithm', host_takes: ['ssh-rsa'] },
      });
      expect((await scan(true)).keys.map(({ type }) => type)).toEqual(['ssh-rsa']);
      await peer.stop();
    });

    test('of a host that does not answer is connection', async () => {
      const refused = scanHost(pool, routeTo(sshd, { target: { port: 1 } }), NEVER);
      await expect(refused).rejects.toMatchObject({ type: 'connection', details: { stage: 'connect' } });
    });

    test.skipIf(dropbearMissing !== null)(
      `of Dropbear offers its keys${dropbearMissing === null ? '' : ` (${dropbearMissing})`}`,
      async () => {
        const peer = await startDropbear();
        const { keys } = await scanHost(pool, routeTo(peer, { target: { hostKeys: [] } }), NEVER);
        expect(sorted(keys)).toEqual(sorted(peer.hostKeys));
        await peer.stop();
      },
    );
  });
});
