#!/usr/bin/env node
// Plain JavaScript for any Node from 20 on: on a fresh clone nothing is installed yet. Installs what is missing, then hands over to Node 24.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const NODE = join(ROOT, 'node_modules/node/bin/node');

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Capstan starts with Node 20 or newer; this is ${process.versions.node}`);
}
if (!existsSync(NODE) || missing().length > 0) await install();
// `npm test` wants no more than that.
if (process.argv.includes('--install-only')) process.exit(0);

// The pipe on descriptor 3 closes when this process ends, however it ends; the stack then stops.
const stack = spawn(NODE, [join(ROOT, 'platform/local/main.ts'), ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  env: { ...process.env, CAPSTAN_STARTER_PIPE: '3' },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stack.kill(signal));
stack.once('error', (error) => fail(`${NODE} cannot be run: ${error.message}`));
const [code] = await once(stack, 'exit');
process.exit(code ?? 1);

/** Packages of the lockfile that are not installed as it says; optional ones may rightly be absent on this platform. */
function missing() {
  const wanted = packagesIn('package-lock.json');
  const installed = packagesIn('node_modules/.package-lock.json');
  return Object.keys(wanted).filter(
    (path) => path !== '' && !wanted[path].optional && !wanted[path].link && installed[path]?.version !== wanted[path].version,
  );
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

async function install() {
  // npm ci empties the folder first, and through a link that would be somebody else's.
  if (lstatSync(join(ROOT, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    fail('node_modules is a link, and what it points to does not fit package-lock.json; run npm ci there, or remove the link');
  }
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  process.stderr.write('Installing packages (npm ci, once)\n');
  const ticker = setInterval(() => process.stderr.write(`  still installing (${seconds()} s)\n`), 10_000);
  const code = await npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], 'inherit');
  if (code !== 0)
    fail('npm ci failed; its last lines say why (no network, a full disk or a folder that cannot be written are the usual reasons)');
  await buildCiphers();
  clearInterval(ticker);
  process.stderr.write(`  installed (${seconds()} s)\n`);
}

/** The native ciphers of SSH, which npm built for the Node that started us, are built for Node 24: three times as fast. Where no compiler is, ssh2 does with its own. */
async function buildCiphers() {
  const headers = join(ROOT, `node_modules/node/node_modules/node-${process.platform}-${process.arch}`);
  const env = { ...process.env, PATH: `${dirname(NODE)}${delimiter}${process.env.PATH}` };
  if (existsSync(join(headers, 'include'))) env.npm_config_nodedir = headers;
  await npm(['rebuild', 'ssh2', 'cpu-features', '--loglevel=silent'], 'ignore', env);
}

async function npm(words, output, env = process.env) {
  // npm's own script when npm started us, since it may not be on PATH under that name.
  const [command, ...first] = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const child = spawn(command, [...first, ...words], { cwd: ROOT, stdio: ['ignore', output, output], env });
  child.once('error', (error) => fail(`npm cannot be run: ${error.message}`));
  const [code] = await once(child, 'exit');
  return code;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
