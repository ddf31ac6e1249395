import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { StepContext } from '#activities/contract.ts';
import { runSshExec } from '#activities/ssh-exec/run.ts';
import { routeTo } from '#activities/testing/ssh-routes.ts';
import { SshPool } from '#activities/transports/ssh/pool.ts';
import type { SshSession } from '#activities/transports/ssh/session.ts';
import { checkSettings, readSettings } from '#platform/config.ts';
import { type Sshd, startSshd } from '../peers/sshd.ts';
import { quietStep } from './quiet-step.ts';

/** How a number of commands went: each one's time where it was taken, all of them together, and what the client took of the processor. */
export interface Went {
  readonly each: readonly number[];
  readonly ms: number;
  readonly cpuMs: number;
}

/** One sshd with a connection of OpenSSH's client and one of ours, both logged in; runs `true` over either. */
export interface CommandArena {
  readonly sshd: Sshd;
  /** OpenSSH's client over its master connection, so many at a time. */
  controlMaster(commands: number, atOnce: number): Promise<Went>;
  /** A command line on a channel of a session, as OpenSSH's client runs one; no step and no script. */
  direct(commands: number, atOnce: number): Promise<Went>;
  /** The step ssh.exec, detached and with its clean-up. */
  detached(commands: number, atOnce: number): Promise<Went>;
  /** The step ssh.exec, until `signal` says otherwise. */
  follow(command: string, signal: AbortSignal): Promise<unknown>;
  stop(): Promise<void>;
}

const NEVER = new AbortController().signal;

/** Starts one. */
export async function startCommandArena(): Promise<CommandArena> {
  const sshd = await startSshd();
  const directory = mkdtempSync(join(tmpdir(), 'capstan-bench-'));
  const master = startMaster(sshd, directory);
  const pool = new SshPool(checkSettings(readSettings(null, {})).ssh);
  const route = routeTo(sshd);
  const session = await pool.session(route, NEVER);
  const run = randomUUID();
  let steps = 0;
  const step = (signal: AbortSignal): StepContext =>
    quietStep({ run, key: `command-${steps++}`, ssh: () => pool.session(route, signal), signal });
  return {
    sshd,
    controlMaster: (commands, atOnce) => master.run(commands, atOnce),
    direct: (commands, atOnce) => ours(commands, atOnce, () => runTrue(session)),
    detached: (commands, atOnce) => ours(commands, atOnce, () => runSshExec({ command: 'true' }, step(NEVER))),
    follow: (command, signal) => runSshExec({ command }, step(signal)),
    stop: async () => {
      master.stop();
      await session.ask(`rm -rf "$HOME/.capstan/${run}"\n`, { signal: NEVER, purpose: 'kill', limitMs: 60_000, maxBytes: 10_000 });
      pool.close();
      await sshd.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function runTrue(session: SshSession): Promise<void> {
  const channel = await session.run('true', NEVER);
  channel.resume();
  const [[code]] = await Promise.all([once(channel, 'exit'), once(channel, 'close')]);
  if (code !== 0) throw new Error(`true ended with ${code}`);
}

async function ours(commands: number, atOnce: number, command: () => Promise<unknown>): Promise<Went> {
  const each: number[] = [];
  const cpu = process.cpuUsage();
  const began = performance.now();
  const lane = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      const asked = performance.now();
      await command();
      each.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, n) => lane(Math.floor((commands + n) / atOnce))));
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return { each, ms, cpuMs: (user + system) / 1000 };
}

function startMaster(sshd: Sshd, directory: string) {
  const [key, known, socket] = [join(directory, 'key'), join(directory, 'known_hosts'), join(directory, 'master')];
  writeFileSync(key, sshd.privateKey, { mode: 0o600 });
  writeFileSync(known, sshd.hostKeys.map((host) => `[127.0.0.1]:${sshd.port} ${host.type} ${host.key}\n`).join(''));
  const ssh = [
    '-F',
    'none',
    '-q',
    '-S',
    socket,
    '-o',
    `UserKnownHostsFile=${known}`,
    '-p',
    String(sshd.port),
    '-i',
    key,
    `${sshd.user}@127.0.0.1`,
  ];
  execFileSync('ssh', ['-M', '-f', '-N', ...ssh], { stdio: 'ignore' });
  const pid = Number(
    /pid=(\d+)/.exec(execFileSync('sh', ['-c', '"$@" 2>&1', 'sh', 'ssh', '-O', 'check', ...ssh.slice(3)]).toString())?.[1],
  );
  return {
    run: async (commands: number, atOnce: number): Promise<Went> => {
      const before = cpuMsOf(pid);
      const script = atOnce === 1 ? ONE_BY_ONE : SEVERAL;
      const began = performance.now();
      const child = spawn('bash', ['-c', script, 'bash', String(commands), String(atOnce), ...ssh], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.on('data', (bytes: Buffer) => {
        said += bytes.toString();
      });
      const [code] = await once(child, 'close');
      const ms = performance.now() - began;
      if (code !== 0) throw new Error(`ssh ended with ${code}`);
      const each = said.split('\n').filter((line) => line.startsWith('took '));
      return { each: each.map((line) => Number(line.slice(5)) / 1000), ms, cpuMs: cpuMsIn(said) + cpuMsOf(pid) - before };
    },
    stop: () => void execFileSync('ssh', ['-O', 'exit', ...ssh], { stdio: 'ignore' }),
  };
}

/** Each one's microseconds, by the shell's own clock. */
const ONE_BY_ONE = `n=$1; shift 2
for ((i = 0; i < n; i++)); do
  a=\${EPOCHREALTIME/./}; ssh "$@" true </dev/null || exit 1; echo took $((\${EPOCHREALTIME/./} - a))
done
times`;
const SEVERAL = 'n=$1 p=$2; shift 2; seq $n | xargs -P $p -I{} ssh "$@" true || exit 1; times';

/** `times` ends with user and system time of the children: `0m1.230s 0m0.450s`. */
function cpuMsIn(said: string): number {
  const line = said.trimEnd().split('\n').at(-1) ?? '';
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
}

/** Processor time of a process until now. */
function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
