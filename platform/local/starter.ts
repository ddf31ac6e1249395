import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';

const LOOK_EVERY_MS = 1_000;

/** Calls back once when whoever started us is gone: `start.mjs` (its pipe closes), or the npm above it (looked at each second, since npm holds no pipe). */
export function onStarterGone(tell: () => void): void {
  if (process.env.CAPSTAN_STARTER_PIPE === undefined) return;
  let told = false;
  const gone = (): void => {
    if (!told) tell();
    told = true;
  };
  const pipe = new Socket({ fd: Number(process.env.CAPSTAN_STARTER_PIPE), readable: true, writable: false });
  delete process.env.CAPSTAN_STARTER_PIPE;
  pipe.on('error', gone).on('close', gone).resume().unref();

  if (process.env.npm_lifecycle_event === undefined || process.platform !== 'linux') return;
  const family = ancestors(process.ppid, 2);
  setInterval(() => {
    if (family.some(({ pid, parent }) => parentOf(pid) !== parent)) gone();
  }, LOOK_EVERY_MS).unref();
}

/** A process and those above it, up to npm: it runs scripts in a shell that may or may not stay between. */
function ancestors(pid: number, levels: number): readonly { pid: number; parent: number }[] {
  const parent = parentOf(pid);
  if (parent <= 1 || levels === 0) return [];
  const above = isShell(parent) ? ancestors(parent, levels - 1) : [];
  return [{ pid, parent }, ...above];
}

const parentOf = (pid: number): number => Number(statOf(pid).split(') ').at(-1)?.split(' ')[1] ?? 0);
const isShell = (pid: number): boolean => /\((sh|dash|bash)\)/.test(statOf(pid));

function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
