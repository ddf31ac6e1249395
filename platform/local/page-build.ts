import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startProgress } from './progress.ts';

/** What the built page depends on, below the repository's root. */
const SOURCES = ['web', 'jobs', 'activities', 'package-lock.json'] as const;
const NOT_SOURCES = new Set(['dist', 'dist.new', 'types', 'node_modules']);

/** Builds the page when a source is newer than what is in `web/dist`; the old page stays in place until the new one is whole. */
export async function buildPage(root: string): Promise<void> {
  const built = join(root, 'web/dist/index.html');
  if (existsSync(built) && statSync(built).mtimeMs >= Math.max(...SOURCES.map((source) => newest(join(root, source))))) return;

  const progress = startProgress('Building the page');
  const vite = spawn(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', 'web', '--outDir', 'dist.new', '--emptyOutDir'],
    {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  for (const stream of [vite.stdout, vite.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
  }
  progress.show('vite build');
  const [code] = await once(vite, 'close');
  progress.end();
  if (code !== 0) throw new Error(`the page could not be built:\n${said.trim()}`);
  rmSync(join(root, 'web/dist'), { recursive: true, force: true });
  renameSync(join(root, 'web/dist.new'), join(root, 'web/dist'));
}

function newest(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  const inside = readdirSync(path).filter((name) => !NOT_SOURCES.has(name));
  return Math.max(0, ...inside.map((name) => newest(join(path, name))));
}
