import { type ChildProcessWithoutNullStreams, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { guarded } from './guardian.ts';
import type { Progress } from './progress.ts';

const PROGRAM = 'github.com/temporalio/cli/cmd/temporal';
/** The CLI replaces this nested, untagged module by a path in its own repository, which is why `go install` refuses it; the commit belongs to the version. */
const CLIEXT = 'github.com/temporalio/cli/cliext=github.com/temporalio/cli/cliext@v0.0.0-20260731000218-c579925f193f';
const SPACE_NEEDED = 2.5e9;

export interface BuildOptions {
  readonly version: string;
  /** An empty folder to build in. */
  readonly folder: string;
  readonly progress: Progress;
  readonly env: { readonly [variable: string]: string | undefined };
}

/** Builds the official `temporal` program from the Go module proxy and answers with its path. Minutes the first time; throws naming what is missing. */
export async function buildTemporal({ version, folder, progress, env }: BuildOptions): Promise<string> {
  const go = goVersion(env);
  if (go === null) throw new Error('go is not on PATH');
  if (go.minor < 21) throw new Error(`go ${go.text} is too old (1.21 or newer fetches the toolchain it needs)`);
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < SPACE_NEEDED) {
    throw new Error(`${folder} has ${((bavail * bsize) / 1e9).toFixed(1)} GB left and the build needs ${SPACE_NEEDED / 1e9}`);
  }

  const module = join(folder, 'build');
  mkdirSync(module);
  const options = {
    cwd: module,
    env: { ...env, GOFLAGS: '-modcacherw', GOTOOLCHAIN: env.GOTOOLCHAIN ?? 'auto', GOWORK: 'off', CGO_ENABLED: '0' },
  };
  await run(['mod', 'init', 'x'], options);
  await run(['mod', 'edit', '-replace', CLIEXT], options);
  let fetched = 0;
  progress.show('fetching modules');
  await run(['get', '-tool', `${PROGRAM}@v${version}`], options, (line) => {
    if (line.startsWith('go: downloading')) progress.show(`${++fetched} modules fetched`);
  });

  const packages = (await run(['list', '-deps', PROGRAM], options)).length;
  let compiled = 0;
  progress.show('compiling', 0);
  const flags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${version}`;
  await run(['build', '-v', '-ldflags', flags, '-o', 'temporal', PROGRAM], options, (line) => {
    progress.show(line.split('/').slice(-2).join('/'), Math.min(++compiled / packages, 0.99));
  });
  return join(module, 'temporal');
}

function goVersion(env: BuildOptions['env']): { text: string; minor: number } | null {
  const { stdout } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8', env: { ...env, GOTOOLCHAIN: 'local' } });
  const text = /go(1\.(\d+)\S*)/.exec(stdout ?? '');
  return text ? { text: text[1] ?? '', minor: Number(text[2]) } : null;
}

/** Runs go; answers with the lines of its output, hands those of its standard error to `onLine`, throws with the last of them when it fails. */
function run(args: readonly string[], options: SpawnOptions, onLine?: (line: string) => void): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const [shell, guardedArgs] = guarded('SIGTERM', 'go', args);
    const child = spawn(shell, guardedArgs, { ...options, stdio: ['pipe', 'pipe', 'pipe', 'ignore'] }) as ChildProcessWithoutNullStreams;
    const output: string[] = [];
    const complaints: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => output.push(line));
    createInterface({ input: child.stderr }).on('line', (line) => {
      complaints.push(line);
      onLine?.(line);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`go ${args[0]} failed: ${complaints.slice(-5).join(' | ')}`));
    });
  });
}
