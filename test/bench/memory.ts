import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spread } from './measure.ts';
import type { Finding } from './result.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Packages are copied, not linked: whatever the start installs or removes must not touch this checkout. */
const NOT_COPIED = new Set(['.capstan', '.git']);
/** After the last start-up work, and long enough for a first round of every chore. */
const SETTLE_MS = 30_000;

/** Memory of a whole idle stack, started by the product's own command in a copy of this checkout, after its sample has run once. */
export async function measureMemory(): Promise<readonly Finding[]> {
  const home = await mkdtemp(path.join(tmpdir(), 'capstan-memory-'));
  await cp(ROOT, home, { recursive: true, verbatimSymlinks: true, filter: (source) => !NOT_COPIED.has(path.relative(ROOT, source)) });
  const starter = spawn(process.execPath, ['start.mjs'], { cwd: home, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    for await (const line of createInterface({ input: starter.stdout })) if (line.includes('Ctrl-C')) break;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return findingsOf(await usageBelow(starter.pid ?? 0));
  } finally {
    starter.kill('SIGTERM');
    await once(starter, 'exit');
    await rm(home, { recursive: true, force: true });
  }
}

interface Usage {
  readonly role: string;
  /** Pages it holds, counting shared ones whole. */
  readonly rssMb: number;
  /** Pages it holds, each shared one divided by its holders. */
  readonly pssMb: number;
}

function findingsOf(all: readonly Usage[]): readonly Finding[] {
  const of = (role: string): Finding =>
    finding(
      role,
      all.filter((usage) => usage.role === role),
    );
  const product = all.filter(({ role }) => role === 'worker' || role === 'api');
  return [
    finding('worker and API together', product, 350),
    of('worker'),
    of('api'),
    finding('the whole idle stack', all, 900),
    ...[...new Set(all.map(({ role }) => role))].filter((role) => role !== 'worker' && role !== 'api').map(of),
  ];
}

function finding(what: string, parts: readonly Usage[], limit?: number): Finding {
  const rss = parts.reduce((sum, { rssMb }) => sum + rssMb, 0);
  const pss = parts.reduce((sum, { pssMb }) => sum + pssMb, 0);
  return {
    what,
    unit: 'MB',
    capstan: spread([pss]),
    against: null,
    verdict: `${Math.round(rss)} MB when shared pages count for each holder`,
    goal: limit === undefined ? null : { words: `≤ ${limit} MB`, met: pss <= limit },
  };
}

/** What each process started by this one, directly or not, holds. */
async function usageBelow(ancestor: number): Promise<readonly Usage[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const facts = (await Promise.all(pids.map(factsOf))).filter((fact) => fact !== null);
  const parents = new Map(facts.map(({ pid, parent }) => [pid, parent]));
  const isBelow = (pid: number): boolean => pid === ancestor || (pid > 1 && isBelow(parents.get(pid) ?? 0));
  return Promise.all(
    facts
      .filter(({ pid }) => isBelow(pid))
      .map(async ({ pid, role }) => {
        const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
        const mb = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) / 1024;
        return { role, rssMb: mb('Rss'), pssMb: mb('Pss') };
      }),
  );
}

async function factsOf(pid: number): Promise<{ readonly pid: number; readonly parent: number; readonly role: string } | null> {
  try {
    const [status, command] = await Promise.all([readFile(`/proc/${pid}/status`, 'utf8'), readFile(`/proc/${pid}/cmdline`, 'utf8')]);
    return { pid, parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0), role: roleOf(command.replaceAll('\0', ' ')) };
  } catch {
    // It ended while we looked.
    return null;
  }
}

function roleOf(command: string): string {
  if (command.includes('guardian')) return 'guardians';
  if (command.includes('worker/main.ts')) return 'worker';
  if (command.includes('api/main.ts')) return 'api';
  if (command.includes('server start-dev')) return 'Temporal';
  if (command.includes('postgres')) return 'Postgres';
  if (command.includes('sshd')) return 'sshd';
  return 'starter';
}
