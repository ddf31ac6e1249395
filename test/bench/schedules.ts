import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { utcPlan } from '#jobs/recurrence/utc-plan.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import { freePort } from '#platform/local/free-port.ts';
import { zoneData } from '#platform/zone-data.ts';
import { type ApiClient, apiClient, eventually } from '../api-client.ts';
import { startProcess } from '../own-process.ts';
import { type Ground, startBenchStack } from './bench-stack.ts';
import { quantile, spread } from './measure.ts';
import type { Finding } from './result.ts';
import { type Burst, bareLoop, groupedFires, lagAt, saveAll, scheduleDue, untilArmed, watchBurst } from './schedule-arms.ts';

/** A run that has nothing to do, so that what is measured is how it comes to be. */
const JOB = { name: 'bench', steps: [{ id: 'nothing', type: 'wait.duration', config: { duration: '1s' }, if: '${{ false }}' }] };
const WORKERS = 2;
/** The arms are compared with so many; the whole number is tried once. */
const MOST_COMPARED = 300;
const LOOKS = 200;
/** The search for missed moments has gone over all of them by then. */
const SETTLE_MS = 60_000;
const HORIZON_MS = 731 * 86_400_000;
const MINUTE_MS = 60_000;

/** So many schedules due at the same second, through the product: start lag, none lost, none twice, beside one start for all of them and a loop of `client.start`; then lists, agenda and planning with all of them there. */
export async function measureSchedules(schedules: number): Promise<readonly Finding[]> {
  const stack = await startBenchStack();
  const ground = await stack.ground();
  const token = `bench-${uuidv7()}-${uuidv7()}`;
  const env = { ...ground.env, CAPSTAN_API__PORT: String(await freePort(undefined)), CAPSTAN_BOOTSTRAP_TOKEN: token };
  const processes = [
    startProcess('api/main.ts', env),
    ...Array.from({ length: WORKERS }, () => startProcess('worker/main.ts', ground.env)),
  ];
  try {
    const url = `http://127.0.0.1:${env.CAPSTAN_API__PORT}`;
    await eventually(
      async () => (await fetch(`${url}/healthz`).catch(() => null))?.ok,
      (ok) => ok === true,
      60_000,
    );
    const as = apiClient(url, token);
    await as.job(JOB);
    const compared = Math.min(schedules, MOST_COMPARED);
    await bareLoop(ground, JOB.name, 100);
    const bare = say('bare', await bareLoop(ground, JOB.name, compared));
    const few = await armed(ground, 'few', compared, 60);
    const plain = say('plain', await watchBurst(ground, 'few-%', few.due, patience(compared)));
    const grouped = say('grouped', await groupedFires(ground, 'few-%', few.due - 7 * 86_400_000));
    const all = await armed(ground, 'all', schedules, (few.took / compared) * 1.2 + 5);
    const burst = say('all', await watchBurst(ground, 'all-%', all.due, patience(schedules)));
    const planned = await planAgain(ground, all.definitions);
    await sleep(SETTLE_MS);
    const looks = await measureLooks(as, all.due);
    return [
      compare(`${compared} due at once: until the last is under way`, plain, bare, 'client.start in a loop'),
      compare(`${compared} due at once, by one start for all: the last`, grouped, bare, 'client.start in a loop'),
      {
        ...lag(`${schedules} due at once: start lag, p50`, burst, 0.5),
        goal: { words: '0 lost, 0 twice', met: burst.lost === 0 && burst.twice === 0 },
        verdict: `${burst.lost} lost, ${burst.twice} twice`,
      },
      lag(`${schedules} due at once: start lag, p99`, burst, 0.99),
      {
        ...lag(`${schedules} due at once: start lag, last`, burst, 1),
        goal: { words: '≤ 10 min, the catch-up window', met: lagAt(burst, 1) <= 10 * MINUTE_MS },
        verdict: `${Math.round((burst.wanted / burst.ended) * 1e4) / 10} runs a second to their end; ${burst.late} began more than a minute late`,
      },
      took(`${schedules} new schedules, until Temporal knows all`, all.took, `${Math.round((schedules / all.took) * 1e4) / 10} a second`),
      ...looks,
      {
        ...took(`${schedules} schedules planned again`, planned.took, `of it ${Math.round(planned.computed)} ms to compute, on one core`),
        goal: { words: '≤ 5 min', met: planned.took <= 5 * MINUTE_MS },
      },
    ];
  } finally {
    for (const one of processes) await one.stop();
    await stack.stop();
  }
}

const patience = (runs: number): number => runs * 300 + 2 * MINUTE_MS;

/** Saves schedules that are all due at one moment, and waits until Temporal knows them. */
async function armed(ground: Ground, name: string, schedules: number, msEach: number) {
  const due = Math.ceil((Date.now() + schedules * msEach + 20_000) / MINUTE_MS) * MINUTE_MS;
  const since = Date.now();
  const texts = Array.from({ length: schedules }, (_, n) => scheduleDue(`${name}-${n}`, JOB.name, n, due));
  const definitions = await saveAll(ground, texts);
  const saved = Date.now() - since;
  const took = await untilArmed(ground, since);
  console.log(`${name}: saved after ${saved} ms, armed after ${took} ms, due in ${due - Date.now()} ms`);
  return { due, definitions, took };
}

/** As the planner does once a month: all are compiled and told again. */
async function planAgain(ground: Ground, definitions: readonly ScheduleDefinition[]) {
  const since = Date.now();
  await ground.database.sql`update schedules set arm_at = now() where name like 'all-%'`;
  const took = await untilArmed(ground, since);
  const began = performance.now();
  const now = Date.now();
  for (const definition of definitions) {
    const zone = zoneData().zone(definition.timezone ?? 'UTC');
    if (zone) utcPlan(ruleOf(definition), zone, { from: now, to: now + HORIZON_MS });
  }
  return { took, computed: performance.now() - began };
}

async function measureLooks(as: ApiClient, due: number): Promise<readonly Finding[]> {
  const day = new Date(due + 86_400_000 - MINUTE_MS).toISOString();
  const [list, sorted, agenda, preview] = [
    await look(() => as.call('GET', '/schedules?limit=50')),
    await look(() => as.call('GET', '/schedules?sort=-next_at&limit=50')),
    await look(() => as.call('GET', `/schedules/agenda?from=${day}&zone=Europe/Berlin&limit=50`)),
    await look(() => as.call('POST', '/schedules/preview', { definition: { ...PREVIEWED, job: JOB.name }, count: 500 })),
  ];
  return [
    within('list of schedules, p99', list, 10),
    within('list of schedules by next start, p99', sorted, 10),
    within('agenda of a day over all schedules, p99', agenda, 100),
    within('preview of 500 moments, p99', preview, 20),
  ];
}

const PREVIEWED = { name: 'shown', cron: '*/20 1-5 * * mon-fri', timezone: 'America/Santiago', dst: { gap: 'shift', fold: 'both' } };

/** Milliseconds of each of many requests, after some to warm up. */
async function look(ask: () => Promise<{ readonly status: number }>): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let n = -20; n < LOOKS; n += 1) {
    const began = performance.now();
    const { status } = await ask();
    if (status !== 200) throw new Error(`answered ${status}`);
    if (n >= 0) taken.push(performance.now() - began);
  }
  return taken;
}

const within = (what: string, taken: readonly number[], goal: number): Finding => {
  const p99 = quantile(taken, 0.99);
  const verdict = `p50 ${quantile(taken, 0.5)} ms`;
  return { what, unit: 'ms', capstan: spread([p99]), against: null, verdict, goal: { words: `≤ ${goal} ms`, met: p99 <= goal } };
};

const took = (what: string, ms: number, verdict: string): Finding => ({
  what,
  unit: 'ms',
  capstan: spread([Math.round(ms)]),
  against: null,
  verdict,
  goal: null,
});

const lag = (what: string, burst: Burst, share: number): Finding => took(what, lagAt(burst, share), `of ${burst.wanted}`);

const compare = (what: string, burst: Burst, bare: Burst, name: string): Finding => {
  const [ours, theirs] = [lagAt(burst, 1), lagAt(bare, 1)];
  const ratio = (a: number, b: number): number => Math.round((a / b) * 100) / 100;
  const verdict = `${ratio(ours, theirs)} × (at p50 ${ratio(lagAt(burst, 0.5), lagAt(bare, 0.5))} ×; to the last end ${ratio(burst.ended, bare.ended)} ×)`;
  return { ...took(what, ours, verdict), against: { ...spread([theirs]), name } };
};

function say(name: string, burst: Burst): Burst {
  const { wanted, ended, lost, twice, late } = burst;
  console.log(
    JSON.stringify({ name, wanted, p50: lagAt(burst, 0.5), p99: lagAt(burst, 0.99), last: lagAt(burst, 1), ended, lost, twice, late }),
  );
  return burst;
}
