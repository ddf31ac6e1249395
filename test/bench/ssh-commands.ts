import { readdirSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { stepFailure } from '#jobs/failure.ts';
import { type CommandArena, startCommandArena, type Went } from './command-arena.ts';
import { pairedDifference, pairedRatio, quantile, spread } from './measure.ts';
import type { Finding } from './result.ts';

const ARMS = ['controlMaster', 'direct', 'detached'] as const;
type ArmName = (typeof ARMS)[number];
type Taken = { readonly [arm in ArmName]: Went[] };

const SEQUENTIAL = { commands: 50, atOnce: 1, words: 'one after the other' };
const PARALLEL = { commands: 200, atOnce: 8, words: '8 at a time' };

/** `true` on a host, over one connection each: OpenSSH's client with a master connection (and xargs), a session's shell, and the step ssh.exec; then a thousand sleepers. */
export async function measureSshCommands(rounds: number): Promise<readonly Finding[]> {
  const arena = await startCommandArena();
  try {
    const sequential = await compared(arena, rounds, SEQUENTIAL);
    const parallel = await compared(arena, rounds, PARALLEL);
    return [
      ...speeds(sequential, SEQUENTIAL),
      latency('median time of one command, session', sequential, 'direct', 'controlMaster', null),
      latency('median time of one command, ssh.exec', sequential, 'detached', 'direct', 25),
      ...speeds(parallel, PARALLEL),
      ...(await sleepers(arena)),
    ];
  } finally {
    await arena.stop();
  }
}

interface Load {
  readonly commands: number;
  readonly atOnce: number;
  readonly words: string;
}

/** All arms in turn, each round beginning with another one; the first round only warms up. */
async function compared(arena: CommandArena, rounds: number, { commands, atOnce }: Load): Promise<Taken> {
  const taken: Taken = { controlMaster: [], direct: [], detached: [] };
  for (let round = -1; round < rounds; round += 1) {
    for (let turn = 0; turn < ARMS.length; turn += 1) {
      const arm = ARMS[(turn + Math.max(0, round)) % ARMS.length] ?? 'direct';
      const went = await arena[arm](commands, atOnce);
      if (round >= 0) taken[arm].push(went);
    }
  }
  return taken;
}

const NAMES: { readonly [arm in ArmName]: string } = { controlMaster: 'ControlMaster', direct: 'session', detached: 'ssh.exec' };

function speeds(taken: Taken, { commands, words }: Load): readonly Finding[] {
  const perSecond = (arm: ArmName): number[] => taken[arm].map(({ ms }) => (commands * 1000) / ms);
  const cpu = (arm: ArmName): string => spread(taken[arm].map(({ cpuMs }) => cpuMs / commands)).median.toFixed(1);
  const speed = (arm: 'direct' | 'detached', goal: number): Finding => {
    const times = pairedRatio(perSecond(arm), perSecond('controlMaster'));
    return {
      what: `commands, ${words}, ${NAMES[arm]}`,
      unit: '/s',
      capstan: spread(perSecond(arm)),
      against: { name: NAMES.controlMaster, ...spread(perSecond('controlMaster')) },
      verdict: `${times.toFixed(2)} × (processor time of the clients ${cpu(arm)} and ${cpu('controlMaster')} ms a command)`,
      goal: { words: `≥ ${goal} ×`, met: times >= goal },
    };
  };
  return [speed('direct', 3), speed('detached', 1)];
}

function latency(what: string, taken: Taken, arm: ArmName, against: ArmName, most: number | null): Finding {
  const medians = (name: ArmName): number[] => taken[name].map(({ each }) => quantile(each, 0.5));
  const more = pairedDifference(medians(arm), medians(against));
  return {
    what,
    unit: 'ms',
    capstan: spread(medians(arm)),
    against: { name: NAMES[against], ...spread(medians(against)) },
    verdict: `${more < 0 ? '−' : '+'}${Math.abs(more).toFixed(1)} ms`,
    goal: most === null ? null : { words: `≤ ${most} ms more`, met: more <= most },
  };
}

const SLEEPERS = 1000;
const WATCHED_MS = 20_000;

/** What commands cost that run and say nothing: memory and processor time of the process that follows them, and processes on the host. */
export async function sleepers(arena: CommandArena): Promise<readonly Finding[]> {
  const leaving = new AbortController();
  const before = process.memoryUsage().rss;
  const began = performance.now();
  const sleeping = Array.from({ length: SLEEPERS }, () => arena.follow('exec sleep 3600', leaving.signal).catch(() => undefined));
  while (countOn(arena).sleep < SLEEPERS && performance.now() - began < 300_000) await pause(250);
  const started = performance.now() - began;
  await pause(WATCHED_MS / 2);
  const cpu = process.cpuUsage();
  await pause(WATCHED_MS);
  const { user, system } = process.cpuUsage(cpu);
  const rss = process.memoryUsage().rss;
  const on = countOn(arena);
  // The worker leaves: what sleeps goes on sleeping, until the server's end.
  leaving.abort(stepFailure('lost', 'the measurement is over'));
  await Promise.all(sleeping);
  const finding = (what: string, unit: Finding['unit'], value: number, verdict: string): Finding => ({
    what: `${SLEEPERS} sleepers, ${what}`,
    unit,
    capstan: spread([value]),
    against: null,
    verdict,
    goal: null,
  });
  return [
    finding(
      'memory of the process that follows them',
      'MB',
      (rss - before) / 1e6,
      `${((rss - before) / SLEEPERS / 1000).toFixed(0)} kB each`,
    ),
    finding('its processor time a second', 'ms', (user + system) / WATCHED_MS, `all were started after ${(started / 1000).toFixed(0)} s`),
    finding('on the host', 'processes', on.all, `${on.sleep} of them sleep, ${on.sshd} are sshd`),
  ];
}

/** The processes of the login, by what they run; what waits between two looks sleeps too, but is none of the commands. */
function countOn({ sshd }: CommandArena): { all: number; sleep: number; sshd: number } {
  const { uid } = statSync(sshd.directory);
  const lines = readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) && statSync(`/proc/${pid}`).uid === uid
        ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
        : [];
    } catch {
      return [];
    }
  });
  const count = (command: string): number => lines.filter((line) => line.startsWith(command)).length;
  return { all: lines.length, sleep: count('sleep 3600'), sshd: count('sshd') };
}
