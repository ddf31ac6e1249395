import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { utcPlan } from '#jobs/recurrence/utc-plan.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import { freePort } from '#platform/local/free-port.ts';
import { zoneData } from '#platform/zone-data.ts';
import { apiClient, eventually } from '../api-client.ts';
import { startProcess } from '../own-process.ts';
import { type Ground, startBenchStack } from './bench-stack.ts';
import { spread } from './measure.ts';
import type { Finding } from './result.ts';
import { type Burst, bareLoop, groupedFires, lagAt, saveAll, scheduleDue, untilArmed, watchBurst } from './schedule-arms.ts';
import { measureLooks, SCHEDULED } from './schedule-looks.ts';

const WORKERS = 2;
/** The arms are compared with so many; the whole number is tried once. */
const MOST_COMPARED = 300;
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
    await as.job(SCHEDULED);
    const compared = Math.min(schedules, MOST_COMPARED);
    await bareLoop(ground, SCHEDULED.name, 100);
    const bare = say('bare', await bareLoop(ground, SCHEDULED.name, compared));
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
  const texts = Array.from({ length: schedules }, (_, n) => scheduleDue(`${name}-${n}`, SCHEDULED.name, n, due));
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
