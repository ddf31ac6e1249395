import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepContext } from '#activities/contract.ts';
import { routeTo } from '#activities/testing/ssh-routes.ts';
import { SshPool } from '#activities/transports/ssh/pool.ts';
import { checkSettings, readSettings } from '#platform/config.ts';
import { type Sshd, startSshd } from '../peers/sshd.ts';
import { quietStep } from './quiet-step.ts';

/** In memory where there is such a place, so that no disk is measured. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A host, a directory of the worker and one of the host, and the command-line clients to compare with. */
export interface SftpArena {
  readonly local: string;
  readonly remote: string;
  /** Does something as a step does it, over a connection of its own. */
  step<T>(act: (step: StepContext) => Promise<T>): Promise<T>;
  /** Runs OpenSSH's `sftp` with these commands. */
  sftp(commands: readonly string[]): Promise<void>;
  /** Runs rsync over ssh; resolves with what it said. */
  rsync(args: readonly string[]): Promise<string>;
  /** Processor seconds that the clients of the command line took so far. */
  readonly foreignCpuMs: number;
  stop(): Promise<void>;
}

/** Starts one. */
export async function startSftpArena(): Promise<SftpArena> {
  const sshd = await startSshd();
  const top = mkdtempSync(join(PLACE, 'capstan-bench-'));
  chmodSync(top, 0o755);
  const [local, remote, key, known] = [join(top, 'local'), join(top, 'remote'), join(top, 'key'), join(top, 'known_hosts')];
  mkdirSync(local);
  mkdirSync(remote);
  const { uid, gid } = statSync(sshd.directory);
  chownSync(remote, uid, gid);
  writeFileSync(key, sshd.privateKey, { mode: 0o600 });
  writeFileSync(known, sshd.hostKeys.map((host) => `[127.0.0.1]:${sshd.port} ${host.type} ${host.key}\n`).join(''));

  // The cipher both sides are fastest with.
  const options = [
    'Port',
    sshd.port,
    'UserKnownHostsFile',
    known,
    'IdentityFile',
    key,
    'IdentitiesOnly',
    'yes',
    'Ciphers',
    'aes128-gcm@openssh.com',
  ];
  const ssh = options.flatMap((word, index) => (index % 2 === 0 ? ['-o', `${word}=${options[index + 1]}`] : []));
  let foreignCpuMs = 0;
  const run = async (program: string, args: readonly string[], input = ''): Promise<string> => {
    // The shell tells what its children took.
    const child = spawn('/bin/sh', ['-c', '"$@"; code=$?; times >&2; exit $code', 'sh', program, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let [said, told] = ['', ''];
    child.stdout.on('data', (bytes) => {
      said += bytes;
    });
    child.stderr.on('data', (bytes) => {
      told += bytes;
    });
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${told}`);
    foreignCpuMs += cpuMsIn(told);
    return said;
  };
  return {
    local,
    remote,
    step: (act) => asStep(sshd, [local], act),
    sftp: async (commands) => {
      await run('sftp', ['-q', '-b', '-', ...ssh, `${sshd.user}@127.0.0.1`], `${commands.join('\n')}\n`);
    },
    rsync: (args) => run('rsync', ['-e', `ssh ${ssh.join(' ')}`, ...args.map((arg) => arg.replace('HOST:', `${sshd.user}@127.0.0.1:`))]),
    get foreignCpuMs() {
      return foreignCpuMs;
    },
    stop: async () => {
      await sshd.stop();
      rmSync(top, { recursive: true, force: true });
    },
  };
}

/** `times` ends with user and system time of the children: `0m1.230s 0m0.450s`. */
function cpuMsIn(told: string): number {
  const line = told.trimEnd().split('\n').at(-1) ?? '';
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
}

async function asStep<T>(sshd: Sshd, file_roots: readonly string[], act: (step: StepContext) => Promise<T>): Promise<T> {
  const pool = new SshPool(checkSettings(readSettings(null, {})).ssh);
  const signal = new AbortController().signal;
  const step = quietStep({
    run: '019ab000-0000-7000-8000-000000000000',
    key: 'bench',
    ssh: () => pool.session(routeTo(sshd), signal),
    signal,
    file_roots,
  });
  try {
    return await act(step);
  } finally {
    pool.close();
  }
}

/** Whether two trees hold the same, as `diff` sees it. */
export const assertAlike = (one: string, other: string): void => void execFileSync('diff', ['-r', one, other]);
