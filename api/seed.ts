import { parseArgs } from 'node:util';
import { STEP_SPECS } from '#activities/catalog.ts';
import { connect } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import { seed } from '#db/seed/seed.ts';
import { configOrExit } from '#platform/config.ts';

const USAGE =
  'usage: capstan seed --runs N [--seed N] [--until 2026-11-01T00:00:00Z] [--days N]   (fills the empty database of DATABASE_URL)';
const DAY_MS = 86_400_000;
const WITH_STEPS = 2_000;
const LOG_LINES = 1_000_000;
const MOST_RUNS = 100_000_000;

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string', default: '7' },
    until: { type: 'string' },
    days: { type: 'string', default: '365' },
  },
});
const runs = whole('runs', values.runs ?? '', 1, MOST_RUNS);
const start = whole('seed', values.seed, 0, 2 ** 32 - 1);
const days = whole('days', values.days, 1, 3_650);
const until = values.until === undefined ? Math.floor(Date.now() / 3_600_000) * 3_600_000 : Date.parse(values.until);
if (Number.isNaN(until) || until > Date.now()) refuse(`--until ${values.until}: expected a moment that is over, e.g. 2026-11-01T00:00:00Z`);

const { url } = configOrExit().database;
await migrate(url);
const database = connect({ url, max: 2 });
const began = Date.now();
try {
  await seed(database.sql, {
    runs,
    seed: start,
    from: until - days * DAY_MS,
    until,
    withSteps: WITH_STEPS,
    logLines: LOG_LINES,
    specs: STEP_SPECS,
    onProgress: (made) => process.stdout.write(`${made.toLocaleString('en')} runs after ${Math.round((Date.now() - began) / 1000)} s\n`),
  });
} catch (error) {
  process.stderr.write(`capstan seed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await database.close();
}

function whole(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) refuse(`--${name} ${text}: expected a whole number from ${least} to ${most}`);
  return number;
}

function refuse(why: string): never {
  process.stderr.write(`capstan seed: ${why}\n${USAGE}\n`);
  process.exit(2);
}
