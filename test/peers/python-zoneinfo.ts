import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The release of PyPI's tzdata that Python is asked with: IANA 2026f, as the product carries it. */
const TZDATA = '2026.6';
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'capstan');
const PACKAGES = join(CACHE, `python-tzdata-${TZDATA}`);

/** Why Python's zoneinfo cannot be asked with the zone data of the product; null when it can. Asks pip for the package the first time. */
export const pythonZoneinfoMissing: string | null = missing();

function missing(): string | null {
  if (spawnSync(PYTHON, ['-c', 'import zoneinfo']).status !== 0) return `no zoneinfo for ${PYTHON} (Debian: python3)`;
  if (existsSync(PACKAGES)) return null;
  mkdirSync(CACHE, { recursive: true });
  // Made beside it and renamed, so that of two that install at once neither sees half of it.
  const own = mkdtempSync(`${PACKAGES}.`);
  const wanted = ['install', '--quiet', '--no-deps', '--disable-pip-version-check', '--target', own, `tzdata==${TZDATA}`];
  const ways = [[PYTHON, '-m', 'pip'], ['pip3'], ['pip']] as const;
  const installed = ways.some(([program, ...words]) => spawnSync(program, [...words, ...wanted], { timeout: 60_000 }).status === 0);
  try {
    if (installed) renameSync(own, PACKAGES);
  } catch (error) {
    if (!existsSync(PACKAGES)) throw error;
  }
  rmSync(own, { recursive: true, force: true });
  return installed ? null : `no tzdata ${TZDATA} for ${PYTHON}, and no pip that fetches it (Debian: python3-pip)`;
}

/** What a Python program of ours answers (JSON) when asked this (JSON); its zoneinfo reads the package only, never the zone data of the machine. */
export function runZonePython<T>(script: string, asked: unknown): T {
  const ended = spawnSync(PYTHON, [script], {
    input: JSON.stringify(asked),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    timeout: 240_000,
    env: { PYTHONIOENCODING: 'utf-8', PATH: '/usr/bin:/bin', PYTHONPATH: PACKAGES, PYTHONTZPATH: '', PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (ended.status !== 0)
    throw new Error(`Python ended with ${ended.status ?? ended.signal ?? ended.error}: ${ended.stderr?.slice(-2000)}`);
  return JSON.parse(ended.stdout) as T;
}

/** What the clocks of a zone, or of a TZif file (base64), are at these moments (seconds since 1970). */
export interface ZoneQuestion {
  readonly zone?: string;
  readonly file?: string;
  readonly moments: readonly number[];
}

/** Seconds ahead of UTC and the abbreviation at each of the moments asked for. */
export interface ZoneAnswer {
  readonly offsets: readonly number[];
  /** null where Python cannot tell. */
  readonly abbreviations: readonly (string | null)[];
}

/** Python's answers in the order of the questions, and which zone data it had. */
export const askZoneinfo = (questions: readonly ZoneQuestion[]): { readonly version: string; readonly answers: readonly ZoneAnswer[] } =>
  runZonePython(fileURLToPath(new URL('python-zoneinfo.py', import.meta.url)), questions);
