import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  type BundleOptions,
  bundleWorkflowCode,
  DefaultLogger,
  type WorkflowBundlePath,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FROZEN_TABLES = 'worker/frozen-tables.cjs';
/** What the bundle is made of; a change in any of it makes another bundle. */
const SOURCES = [
  ...['package-lock.json', 'worker/bundle.ts', 'worker/bundle-main.ts', FROZEN_TABLES],
  ...['workflows', 'jobs', 'activities/catalog.ts'],
];

/** The workflow code with its pure decisions loaded once for all runs: making the expression language anew costs more than a step. */
export const bundleWorkflows = (workflowsPath: string): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({
    workflowsPath,
    preloadModules: [path.join(ROOT, 'jobs/next-steps.ts')],
    webpackConfigHook: forThisNode,
    logger: new DefaultLogger('WARN'),
  });

/** The SDK rewrites modules for a Node that knows neither object spread nor private fields, which makes both slow, and keeps every source in memory. */
const forThisNode: NonNullable<BundleOptions['webpackConfigHook']> = (config) => {
  const rules = config.module?.rules ?? [];
  for (const rule of rules) if (isCompiler(rule)) rule.use.options.jsc.target = 'es2022';
  const frozen = { test: /re2.*UnicodeTables\.js$/, loader: path.join(ROOT, FROZEN_TABLES) };
  return { ...config, module: { ...config.module, rules: [...rules, frozen] }, devtool: 'inline-nosources-source-map' };
};

const isCompiler = (rule: unknown): rule is { use: { options: { jsc: { target: string } } } } =>
  typeof rule === 'object' && rule !== null && 'use' in rule && JSON.stringify(rule.use).includes('"jsc":{"target"');

/** The workflow code as one file, built once for each state of its sources and kept in `dir`. */
export async function workflowBundle(dir: string): Promise<WorkflowBundlePath> {
  const codePath = path.join(dir, `workflows-${await fingerprint()}.cjs`);
  if (await exists(codePath)) return { codePath };
  await mkdir(dir, { recursive: true });
  // Another worker may build the same bundle at the same time: each writes a file of its own and the last rename wins.
  const own = `${codePath}.${process.pid}`;
  // In a process of its own: a bundler leaves a hundred megabytes behind that the worker would keep.
  await promisify(execFile)(process.execPath, [path.join(ROOT, 'worker/bundle-main.ts'), own]);
  await rename(own, codePath);
  return { codePath };
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const source of SOURCES) for (const file of await filesIn(path.join(ROOT, source))) hash.update(file).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

async function filesIn(place: string): Promise<readonly string[]> {
  if (!(await stat(place)).isDirectory()) return [place];
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'));
  return files.map((entry) => path.join(entry.parentPath, entry.name)).sort();
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
