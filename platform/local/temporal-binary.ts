import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { withLock } from './lock.ts';
import { startProgress } from './progress.ts';
import { buildTemporal } from './temporal-build.ts';
import { downloadTemporal } from './temporal-download.ts';

/** The version the product is measured with: CLI 1.8.2 carries server 1.31.2. */
export const TEMPORAL_CLI_VERSION = '1.8.2';
const OLDEST = [1, 8] as const;

/** The `temporal` program this machine can run, and how it came here. */
export interface TemporalBinary {
  readonly path: string;
  readonly from: 'PATH' | 'cache' | 'download' | 'build';
}

type Environment = { readonly [variable: string]: string | undefined };
type Way = 'download' | 'build';

export interface ProvideOptions {
  readonly env?: Environment;
  /** Ways to fill the cache, in order. */
  readonly ways?: readonly Way[];
  /** The service to download from, where it is not Temporal's own. */
  readonly service?: string;
}

/**
 * The `temporal` program, by the first way that works: on PATH (1.8 or newer), in the cache, downloaded, built with Go. The last two fill the cache:
 * made beside it, tried with `--version`, then renamed, under a lock, so that two starts never do it twice. Throws naming every way and why it failed.
 */
export async function provideTemporal({
  env = process.env,
  ways = ['download', 'build'],
  service,
}: ProvideOptions = {}): Promise<TemporalBinary> {
  const onPath = findOnPath(env);
  if (onPath.path) return { path: onPath.path, from: 'PATH' };
  const cache = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'capstan');
  const cached = join(cache, `temporal-${TEMPORAL_CLI_VERSION}`);
  if (versionOf(cached)) return { path: cached, from: 'cache' };

  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
  } catch (error) {
    throw new Error(allWays(onPath.reason, `${cache} cannot be written (${wordsOf(error)})`, []));
  }
  return await withLock(
    `${cached}.lock`,
    ({ pid }) => process.stderr.write(`  another start (process ${pid}) is providing Temporal; waiting for it\n`),
    async () => {
      if (versionOf(cached)) return { path: cached, from: 'cache' };
      const reasons: string[] = [];
      for (const way of ways) {
        try {
          await fill(cache, cached, way, { env, service });
          return { path: cached, from: way };
        } catch (error) {
          reasons.push(`${way}: ${wordsOf(error)}`);
        }
      }
      throw new Error(allWays(onPath.reason, `not there: ${cached}`, reasons));
    },
  );
}

async function fill(cache: string, cached: string, way: Way, from: { env: Environment; service: string | undefined }): Promise<void> {
  const folder = mkdtempSync(join(cache, `${way}-`));
  const progress = startProgress(way === 'download' ? 'Downloading Temporal' : 'Building Temporal with Go (once, some 5 minutes)');
  try {
    const wanted = { version: TEMPORAL_CLI_VERSION, folder, progress };
    const made =
      way === 'download' ? await downloadTemporal({ ...wanted, service: from.service }) : await buildTemporal({ ...wanted, env: from.env });
    chmodSync(made, 0o755);
    if (!versionOf(made)) throw new Error('what came out does not answer to --version');
    renameSync(made, cached);
    progress.end(`Temporal ${TEMPORAL_CLI_VERSION} is ready (${way})`);
  } finally {
    progress.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function findOnPath(env: Environment): { path: string | null; reason: string } {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder, 'temporal');
    if (folder === '' || !existsSync(path)) continue;
    const version = versionOf(path);
    if (!version) return { path: null, reason: `${path} does not answer to --version` };
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return { path, reason: '' };
    return { path: null, reason: `${path} is ${version}, needed is ${OLDEST.join('.')} or newer` };
  }
  return { path: null, reason: 'not found' };
}

/** The version a `temporal` program states, or null when it does not run. */
function versionOf(path: string): string | null {
  if (!existsSync(path)) return null;
  try {
    const said = execFileSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000, stdio: ['ignore', 'pipe', 'ignore'] });
    return /temporal version (\d+\.\d+\.\d+)/.exec(said)?.[1] ?? null;
  } catch {
    return null;
  }
}

const allWays = (onPath: string, cache: string, [download = 'not tried', build = 'not tried']: readonly string[]) =>
  [
    'Temporal could not be provided. Any one of these helps:',
    '  1. set TEMPORAL_ADDRESS to a cluster (host:port)',
    `  2. put temporal ${OLDEST.join('.')} or newer on PATH (${onPath})`,
    `  3. place the program in the cache (${cache})`,
    `  4. allow downloads from temporal.download (${download})`,
    `  5. install Go 1.21 or newer, with access to its module proxy (${build})`,
  ].join('\n');

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOSPC') return 'the disk is full';
  return error.message;
}
