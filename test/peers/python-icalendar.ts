import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is asked, with the zone data that the product carries. */
const WANTED = ['icalendar==7.3.0', 'recurring-ical-events==3.8.2', 'tzdata==2026.6'];
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'capstan');
const PACKAGES = join(CACHE, 'python-icalendar-7.3.0-3.8.2-2026.6');

/** Why Python's icalendar cannot be asked; null when it can. Asks pip for the packages the first time. */
export const pythonIcalendarMissing: string | null = missing();

function missing(): string | null {
  if (spawnSync(PYTHON, ['-c', 'import zoneinfo']).status !== 0) return `no zoneinfo for ${PYTHON} (Debian: python3)`;
  if (existsSync(PACKAGES)) return null;
  mkdirSync(CACHE, { recursive: true });
  // Made beside it and renamed, so that of two that install at once neither sees half of it.
  const own = mkdtempSync(`${PACKAGES}.`);
  const words = ['install', '--quiet', '--disable-pip-version-check', '--target', own, ...WANTED];
  const ways = [[PYTHON, '-m', 'pip'], ['pip3'], ['pip']] as const;
  const installed = ways.some(([program, ...before]) => spawnSync(program, [...before, ...words], { timeout: 120_000 }).status === 0);
  try {
    if (installed) renameSync(own, PACKAGES);
  } catch (error) {
    if (!existsSync(PACKAGES)) throw error;
  }
  rmSync(own, { recursive: true, force: true });
  return installed ? null : `no icalendar for ${PYTHON}, and no pip that fetches it (Debian: python3-pip)`;
}

/** A calendar, and the days between which its occurrences are asked for. */
export interface IcalQuestion {
  readonly text: string;
  readonly from: string;
  readonly to: string;
}

/** Starts and ends in order, written as the product writes them; or what Python says against it. */
export type PythonIcal = { readonly occurrences: readonly (readonly [string, string])[] } | { readonly error: string };

/** Python's answers in the order of the questions. */
export function askIcalendar(questions: readonly IcalQuestion[]): readonly PythonIcal[] {
  const script = fileURLToPath(new URL('python-icalendar.py', import.meta.url));
  const ended = spawnSync(PYTHON, [script], {
    input: JSON.stringify(questions),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 240_000,
    env: { PYTHONIOENCODING: 'utf-8', PATH: '/usr/bin:/bin', PYTHONPATH: PACKAGES, PYTHONTZPATH: '', PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (ended.status !== 0)
    throw new Error(`Python ended with ${ended.status ?? ended.signal ?? ended.error}: ${ended.stderr?.slice(-2000)}`);
  return JSON.parse(ended.stdout) as PythonIcal[];
}
