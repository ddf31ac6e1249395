import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { birthOf, commandOf } from './process-facts.ts';

/** A lock file that another living process holds. */
export interface LockHolder {
  readonly pid: number;
  readonly command: string;
}

/** Takes a lock file; answers with the function that gives it back, or with who holds it. A lock whose holder is gone, even by `kill -9` or a reboot, is taken over. */
export function takeLock(file: string): { readonly release: () => void } | { readonly holder: LockHolder } {
  const mine = JSON.stringify({ pid: process.pid, birth: birthOf(process.pid) });
  for (;;) {
    try {
      const descriptor = openSync(file, 'wx', 0o644);
      writeSync(descriptor, mine);
      closeSync(descriptor);
      return { release: () => readOrEmpty(file) === mine && rmSync(file, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const theirs = readOrEmpty(file);
    const holder = holderIn(theirs);
    if (holder) return { holder };
    removeIfStill(file, theirs);
  }
}

/** Does work that only one process at a time may do; `onWait` hears once whom it waits for. */
export async function withLock<T>(file: string, onWait: (holder: LockHolder) => void, work: () => Promise<T>): Promise<T> {
  for (let told = false; ; ) {
    const lock = takeLock(file);
    if ('release' in lock) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    if (!told) onWait(lock.holder);
    told = true;
    await sleep(250);
  }
}

function holderIn(text: string): LockHolder | null {
  try {
    const { pid, birth } = JSON.parse(text) as { pid: number; birth: string };
    return birth !== '' && birthOf(pid) === birth ? { pid, command: commandOf(pid) } : null;
  } catch {
    return null;
  }
}

/** Two processes may find the same stale lock; the slower must not remove the lock that the faster has made meanwhile. */
function removeIfStill(file: string, text: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readOrEmpty(aside) !== text) linkSync(aside, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EEXIST'))) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
