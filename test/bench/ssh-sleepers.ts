import { readdirSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { stepFailure } from '#jobs/failure.ts';
import { type CommandArena, startCommandArena } from './command-arena.ts';
import { spread } from './measure.ts';
import type { Finding } from './result.ts';

const SLEEPERS = 1000;
/** Asked for at once: a thousand logins in one second would measure the two cores they share with their server. */
const BEGINNING = 32;
const STARTED_WITHIN_MS = 240_000;
const WATCHED_MS = 20_000;

/** What commands cost that run and say nothing: memory and processor time of the process that follows them, and processes on the host. */
export async function measureSshSleepers(): Promise<readonly Finding[]> {
  const arena = await startCommandArena();
  const leaving = new AbortController();
  const sleeping: Promise<unknown>[] = [];
  let given = 0;
  try {
    const before = process.memoryUsage().rss;
    const began = performance.now();
    for (let up = 0; up < SLEEPERS && performance.now() - began < STARTED_WITHIN_MS; up = countOn(arena).sleep) {
      while (sleeping.length < SLEEPERS && sleeping.length < up + BEGINNING) {
        sleeping.push(
          arena.follow('exec sleep 3600', leaving.signal).catch((error: Error) => {
            if (!leaving.signal.aborted && given++ === 0) console.log(`ssh-sleepers: ${error.message}`);
          }),
        );
      }
      await pause(200);
    }
    const started = performance.now() - began;
    await pause(WATCHED_MS / 2);
    const cpu = process.cpuUsage();
    await pause(WATCHED_MS);
    const { user, system } = process.cpuUsage(cpu);
    const rss = process.memoryUsage().rss - before;
    const on = countOn(arena);
    const finding = (what: string, unit: Finding['unit'], value: number, verdict: string): Finding => ({
      what,
      unit,
      capstan: spread([value]),
      against: null,
      verdict,
      goal: null,
    });
    return [
      finding('memory of the process that follows them', 'MB', rss / 1e6, `${(rss / on.sleep / 1000).toFixed(0)} kB each`),
      finding(
        'its processor time a second',
        'ms',
        (user + system) / WATCHED_MS,
        `${on.sleep} were started after ${(started / 1000).toFixed(0)} s, ${given} given up`,
      ),
      finding('on the host', 'processes', on.all, `${on.sleep} of them are the commands, ${on.sshd} are sshd`),
    ];
  } finally {
    // The worker leaves: what sleeps goes on sleeping, until the server's end.
    leaving.abort(stepFailure('lost', 'the measurement is over'));
    await Promise.all(sleeping);
    await arena.stop();
  }
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
