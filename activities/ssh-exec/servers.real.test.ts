import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asyncsshMissing, startAsyncssh } from '#test/peers/asyncssh.ts';
import { dropbearMissing, startDropbear } from '#test/peers/dropbear.ts';
import { type FaultProxy, startFaultProxy } from '#test/peers/fault-proxy.ts';
import { LOGIN_SHELLS, shellMissing } from '#test/peers/plain-user.ts';
import { type SshPeer, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { isLiving } from '../testing/processes.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';

interface Server {
  readonly name: string;
  readonly missing: string | null;
  start(): Promise<SshPeer>;
}

const SERVERS: readonly Server[] = [
  ...LOGIN_SHELLS.map((shell) => ({
    name: `OpenSSH, login shell ${shell}`,
    missing: sshdMissing ?? shellMissing(shell),
    start: () => startSshd({ shell }),
  })),
  { name: 'Dropbear', missing: dropbearMissing, start: startDropbear },
  { name: 'AsyncSSH', missing: asyncsshMissing, start: startAsyncssh },
];

describe.concurrent.each(SERVERS)('ssh.exec on $name', ({ missing, start }) => {
  describe.skipIf(missing !== null)(missing ?? 'as it is', () => {
    let worker: TestWorker;
    let peer: SshPeer;
    let proxy: FaultProxy;
    beforeAll(async () => {
      [worker, peer] = await Promise.all([testWorker(), start()]);
      proxy = await startFaultProxy(peer.port);
      await worker.addTarget('host', peer);
      await worker.addTarget('through', { ...peer, hostKeys: peer.hostKeys, port: proxy.port });
    });
    afterAll(async () => {
      await worker?.close();
      await proxy?.stop();
      await peer?.stop();
    });
    const linesOf = async (run: string) => (await worker.log(run)).filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
    const seen = async (run: string, lines: number) => {
      for (let tries = 0; tries < 400 && (await linesOf(run)).length < lines; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 25));
    };

    test('a short command is delivered with its code, streams apart, variables and input as they are', async () => {
      const run = await worker.newRun();
      const config = {
        command: 'printf "%s|" "$A"; cat; echo err >&2; exit 6',
        environment: { A: `it's "$x"\n` },
        stdin: 'in\n',
        success_codes: [6],
      };
      await worker.attempt('ssh.exec', config, { run, target: 'host' });
      expect((await worker.step(run)).result).toMatchObject({
        exit_code: 6,
        stdout: `it's "$x"\n|in\n`,
        stderr: 'err\n',
        detached: 'setsid',
      });
    });

    test('a long one goes on while its line is cut and reset, and every line is there once', async () => {
      const run = await worker.newRun();
      const command = 'i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo "line $i"; sleep 0.08; done';
      const ended = worker.attempt('ssh.exec', { command }, { run, target: 'through' });
      ended.catch(() => undefined);
      await seen(run, 3);
      proxy.cut();
      await seen(run, 12);
      proxy.reset();
      await ended;
      expect(await linesOf(run)).toEqual(Array.from({ length: 30 }, (_, index) => `line ${index + 1}`));
    });

    test('a cancel ends its whole tree', async () => {
      const run = await worker.newRun();
      const cancel = new AbortController();
      const command = `setsid sh -c 'trap "" TERM; sleep 60 & echo $!; wait; sleep 61' & echo $!; sleep 62`;
      const ended = worker.attempt('ssh.exec', { command }, { run, target: 'host', cancel: cancel.signal });
      ended.catch(() => undefined);
      await seen(run, 2);
      cancel.abort();
      await expect(ended).rejects.toThrow(/cancelled; its processes on host were ended by TERM, then KILL/);
      expect((await linesOf(run)).map(Number).map(isLiving)).toEqual([false, false]);
    });
  });
});
