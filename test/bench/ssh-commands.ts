import { type CommandArena, startCommandArena, type Went } from './command-arena.ts';
import { pairedDifference, pairedRatio, quantile, spread } from './measure.ts';
import type { Finding } from './result.ts';

const ARMS = ['controlMaster', 'direct', 'detached'] as const;
type ArmName = (typeof ARMS)[number];
type Taken = { readonly [arm in ArmName]: Went[] };

const SEQUENTIAL = { commands: 50, atOnce: 1, words: 'one after the other' };
const PARALLEL = { commands: 200, atOnce: 8, words: '8 at a time' };

/** `true` on a host, over one connection each: OpenSSH's client with a master connection (and xargs), a command line on a session, and the step ssh.exec. */
export async function measureSshCommands(rounds: number): Promise<readonly Finding[]> {
  const arena = await startCommandArena();
  try {
    const sequential = await compared(arena, rounds, SEQUENTIAL);
    const parallel = await compared(arena, rounds, PARALLEL);
    return [
      ...speeds(sequential, SEQUENTIAL),
      latency('median time of one command, direct', sequential, 'direct', 'controlMaster', null),
      latency('median time of one command, ssh.exec', sequential, 'detached', 'direct', 25),
      ...speeds(parallel, PARALLEL),
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

const NAMES: { readonly [arm in ArmName]: string } = { controlMaster: 'ControlMaster', direct: 'direct', detached: 'ssh.exec' };

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
