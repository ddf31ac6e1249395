import { v7 as uuidv7 } from 'uuid';
import { freePort } from '#platform/local/free-port.ts';
import { type ApiClient, apiClient, eventually } from '../api-client.ts';
import { startProcess } from '../own-process.ts';
import { startBenchStack } from './bench-stack.ts';
import { quantile, spread } from './measure.ts';
import type { Finding } from './result.ts';
import { saveAll, scheduleDue } from './schedule-arms.ts';

/** A run that has nothing to do, so that what is measured is how it comes to be. */
export const SCHEDULED = {
  name: 'bench',
  steps: [{ id: 'nothing', type: 'wait.duration', config: { duration: '1s' }, if: '${{ false }}' }],
};
const LOOKS = 200;
const DAY_MS = 86_400_000;

/** What lists of so many schedules cost, without any of them starting something: the API alone, once Postgres knows what it holds. */
export async function measureScheduleLooks(schedules: number): Promise<readonly Finding[]> {
  const stack = await startBenchStack();
  const ground = await stack.ground();
  const token = `bench-${uuidv7()}-${uuidv7()}`;
  const port = await freePort(undefined);
  const api = startProcess('api/main.ts', { ...ground.env, CAPSTAN_API__PORT: String(port), CAPSTAN_BOOTSTRAP_TOKEN: token });
  try {
    const url = `http://127.0.0.1:${port}`;
    await eventually(
      async () => (await fetch(`${url}/healthz`).catch(() => null))?.ok,
      (ok) => ok === true,
      60_000,
    );
    const as = apiClient(url, token);
    await as.job(SCHEDULED);
    const due = Math.ceil(Date.now() / DAY_MS) * DAY_MS;
    await saveAll(
      ground,
      Array.from({ length: schedules }, (_, n) => scheduleDue(`all-${n}`, SCHEDULED.name, n, due)),
    );
    await ground.database.sql`analyze`;
    return await measureLooks(as, due);
  } finally {
    await api.stop();
    await stack.stop();
  }
}

/** Lists, agenda and preview, as they are asked for while so many schedules are there that are due at a moment. */
export async function measureLooks(as: ApiClient, due: number): Promise<readonly Finding[]> {
  const day = new Date(due + DAY_MS - 60_000).toISOString();
  const [list, sorted, agenda, preview] = [
    await look(() => as.call('GET', '/schedules?limit=50')),
    await look(() => as.call('GET', '/schedules?sort=-next_at&limit=50')),
    await look(() => as.call('GET', `/schedules/agenda?from=${day}&zone=Europe/Berlin&limit=50`)),
    await look(() => as.call('POST', '/schedules/preview', { definition: { ...PREVIEWED, job: SCHEDULED.name }, count: 500 })),
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
