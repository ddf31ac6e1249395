import { readFileSync } from 'node:fs';

/** Whether a process of this machine lives; one that ended and was not yet collected does not. */
export function isLiving(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !['Z', 'X'].includes(stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3));
  } catch {
    return false;
  }
}

/** Waits until a condition holds, at most this long. */
export async function until(holds: () => boolean, withinMs: number): Promise<void> {
  for (const giveUpAt = Date.now() + withinMs; Date.now() < giveUpAt && !holds(); ) await new Promise((resolve) => setTimeout(resolve, 20));
}
