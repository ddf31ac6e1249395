import { readdir, readFile } from 'node:fs/promises';
import type { Killed } from '../stopped.ts';

const GRACE_MS = 2000;
const CERTAIN_MS = 2000;
const LOOK_MS = 25;

/** Ends a process group of this machine: TERM, after two seconds KILL, then a look whether anything is left. */
export async function endGroup(group: number): Promise<Killed> {
  const signals: string[] = [];
  for (const [signal, patience] of [
    ['TERM', GRACE_MS],
    ['KILL', CERTAIN_MS],
  ] as const) {
    if (!send(group, `SIG${signal}`)) return { group, signals, survivors: [] };
    signals.push(signal);
    send(group, 'SIGCONT');
    for (const until = Date.now() + patience; Date.now() < until; ) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      if (!send(group, 0) || (await membersOf(group)).length === 0) return { group, signals, survivors: [] };
    }
  }
  return { group, signals, survivors: await membersOf(group) };
}

/** Kills whatever is left of a group without asking. */
export const killGroup = (group: number): boolean => send(group, 'SIGKILL');

/** False when the group has no process any more. */
function send(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Living processes of a group: a zombie still answers signals, so states are read. */
async function membersOf(group: number): Promise<readonly number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const members = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
      // The name in parentheses may hold anything, parentheses and blanks too.
      const [state, , groupOf] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(groupOf) === group && state !== 'Z' && state !== 'X' ? [Number(pid)] : [];
    }),
  );
  return members.flat();
}
