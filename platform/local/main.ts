import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { ConfigError, checkSettings, configFile, readSettings } from '../config.ts';
import { firstStart, unusedFirstLogin } from './first-start.ts';
import { takeLock } from './lock.ts';
import { readOptions, USAGE } from './options.ts';
import { removePostgres } from './postgres-place.ts';
import { runSample } from './sample.ts';
import { forgetSample, noteSampleDue, revokeSampleTokens, sampleIsDue, withSampleToken } from './sample-due.ts';
import { Running, type StackPlan, startFoundations, startProduct } from './stack.ts';
import { onStarterGone } from './starter.ts';
import { readPorts, STATE_FOLDER } from './state.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** One Ctrl-C reaches us from the terminal and again through `start.mjs`; a later one means now. */
const SAME_KEY_PRESS_MS = 1_000;

const say = (line = ''): void => void process.stdout.write(`${line}\n`);
const running = new Running();
let stoppingSince: number | null = null;

async function stop(code: number, why: string): Promise<void> {
  if (stoppingSince !== null) {
    if (Date.now() - stoppingSince > SAME_KEY_PRESS_MS) process.exit(1);
    return;
  }
  stoppingSince = Date.now();
  if (why !== '') say(why);
  await running.stop();
  process.exit(code);
}

async function start(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return say(USAGE);
  const startedAt = Date.now();
  const settings = readSettings(configFile(undefined, process.env), process.env);
  const config = checkSettings(settings);
  const folder = join(ROOT, STATE_FOLDER);
  makeFolder(folder);

  const lock = takeLock(join(folder, 'lock'));
  if ('holder' in lock)
    throw new Error(`Capstan already runs here (process ${lock.holder.pid}), at port ${readPorts(folder).api ?? 'unknown'}`);
  process.once('exit', () => void lock.release());
  if (options.reset) {
    refuseForeign(settings.origins.get('database.url'));
    await reset(folder, options.yes, settings.origins.has('temporal.address'));
  }

  const plan: StackPlan = {
    root: ROOT,
    folder,
    settings,
    config,
    say: (line) => say(`  ${line}`),
    onCrash: (name, how) => say(`  ${name} ended (${how}); starting it again, see ${STATE_FOLDER}/log/${name}.log`),
  };
  say('Starting Capstan');
  const foundations = await startFoundations(plan, running);
  const { databaseUrl, sshd } = foundations;
  const databaseName = settings.origins.has('database.url') ? `${new URL(databaseUrl).host}${new URL(databaseUrl).pathname}` : 'local';
  const first = await firstStart(databaseUrl, folder, config.bootstrap_token, () => {
    if (options.sample) noteSampleDue(folder, databaseName);
  });
  if (!options.sample) forgetSample(folder);
  await revokeSampleTokens(databaseUrl);
  const url = await startProduct(plan, foundations, running);
  say(`  Capstan      ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  const login = first ?? (await unusedFirstLogin(databaseUrl, folder));
  if (sampleIsDue(folder, databaseName)) {
    try {
      const { api_prefix: prefix } = config.board;
      await withSampleToken(databaseUrl, (token) => runSample({ root: ROOT, url, token, sshd, prefix, say }));
      forgetSample(folder);
    } catch (error) {
      if (stoppingSince !== null) return;
      say(`  the sample could not be run (${explain(error)}); the next start tries again, --no-sample gives it up`);
    }
  }
  say();
  say(`  Open     ${url}`);
  if (login) say(`  Log in   ${login.user} with the one-time password ${login.password}`);
  if (foundations.temporalUi) say(`  Temporal ${foundations.temporalUi}`);
  say(`  Ctrl-C stops everything; data and logs stay in ${STATE_FOLDER}/`);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Error(`${folder} cannot be made (${error instanceof Error ? error.message : error}); start from a folder you may write to`);
  }
}

/** The key goes with the state folder, and without it no credential in a database that stays could be read again. */
function refuseForeign(database: string | undefined): void {
  if (database === undefined) return;
  throw new Error(
    `--reset wipes the local database and the key that its credentials are sealed with, but ${database} names a database of your own, ` +
      `which would stay and need that key; nothing was wiped. Without ${database}, --reset wipes what is in ${STATE_FOLDER}/`,
  );
}

/** Wipes everything in the state folder but the lock we hold. */
async function reset(folder: string, yes: boolean, keepsTemporal: boolean): Promise<void> {
  const inside = readdirSync(folder).filter((name) => name !== 'lock');
  if (inside.length === 0) return;
  if (!yes) {
    if (!process.stdin.isTTY) throw new Error('--reset asks first, and there is no terminal to ask on; add --yes');
    const questions = createInterface({ input: process.stdin, output: process.stdout });
    const stays = keepsTemporal ? ' What your own Temporal holds stays there.' : '';
    const answer = await questions.question(
      `Wipe the local database (all jobs, runs, credentials, users), the key and the logs of ${folder}?${stays} [y/N] `,
    );
    questions.close();
    if (!/^y(es)?$/i.test(answer.trim())) throw new Error('nothing was wiped');
  }
  removePostgres(join(folder, 'postgres'));
  for (const name of inside) if (existsSync(join(folder, name))) rmSync(join(folder, name), { recursive: true, force: true });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0, '\nStopping'));
onStarterGone(() => void stop(1, 'the starter is gone; stopping'));
start().catch(async (error: unknown) => {
  if (stoppingSince !== null) return;
  process.stderr.write(`${explain(error)}\n`);
  await stop(error instanceof ConfigError ? 2 : 1, '');
});

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOSPC') return `The disk is full: ${error.message}`;
  if ('code' in error && (error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'EPERM'))
    return `Cannot write: ${error.message}`;
  return error.message;
}
