import { v7 as uuidv7 } from 'uuid';
import { freePort } from '#platform/local/free-port.ts';
import { connectTemporal } from '#platform/temporal/connect.ts';
import { workflowIdOf } from '#workflows/messages.ts';
import { type ApiClient, apiClient } from '../api-client.ts';
import { startProcess } from '../own-process.ts';
import { type Arena, startBenchStack } from './bench-stack.ts';
import { type Arm, alternate, pairedDifference, quantile, type Taken } from './measure.ts';
import { KNOWN, nextStepCode } from './noop.ts';
import type { Finding } from './result.ts';

const JOB = { name: 'bench', steps: [{ id: 'first', type: KNOWN.type, config: { command: 'true' } }] };
/** Between two starts, so that each meets an idle system. */
const REST_MS = 20;

/** From `POST /jobs/{name}/runs` to the first line of the first step's own code, against `client.start` of a bare workflow on the same server, each from the same process. */
export async function measureStartLatency(rounds: number): Promise<readonly Finding[]> {
  const stack = await startBenchStack();
  const arena = await stack.arena('product');
  const token = `bench-${uuidv7()}-${uuidv7()}`;
  const env = { ...arena.env, CAPSTAN_API__PORT: String(await freePort(undefined)), CAPSTAN_BOOTSTRAP_TOKEN: token };
  const api = startProcess('api/main.ts', env);
  const temporal = connectTemporal(arena.config);
  try {
    const url = `http://127.0.0.1:${env.CAPSTAN_API__PORT}`;
    await untilAnswers(url);
    const as = apiClient(url, token);
    await as.job(JOB);
    const taken = await alternate([capstan(arena, as), bare(temporal.client)], rounds, 20);
    return [at('p50', 0.5, taken), at('p99', 0.99, taken)];
  } finally {
    await api.stop();
    await temporal.close();
    await stack.stop();
  }
}

function at(name: string, share: number, taken: (arm: string) => Taken): Finding {
  const [capstan, bare] = [taken('capstan').ms, taken('bare').ms];
  const [ours, theirs] = [quantile(capstan, share), quantile(bare, share)];
  const apart = share === 0.5 ? pairedDifference(capstan, bare) : Math.round((ours - theirs) * 100) / 100;
  const median = name === 'p50';
  return {
    what: `request to first step code, ${name}`,
    unit: 'ms',
    capstan: { median: ours, min: quantile(capstan, 0), max: quantile(capstan, 1) },
    against: { name: 'bare start', median: theirs, min: quantile(bare, 0), max: quantile(bare, 1) },
    verdict: `${apart >= 0 ? '+' : ''}${apart} ms`,
    goal: median ? { words: 'bare + 2 ms', met: apart <= 2 } : null,
  };
}

const capstan = ({ client }: Arena, as: ApiClient): Arm => ({
  name: 'capstan',
  once: () =>
    timed(async () => {
      const id = await as.start(JOB.name);
      return () => client.workflow.getHandle(workflowIdOf(id)).result();
    }),
});

const bare = (client: Arena['client']): Arm => ({
  name: 'bare',
  once: () =>
    timed(async () => {
      const handle = await client.workflow.start('bareSteps', { taskQueue: 'runs', workflowId: `bare:${uuidv7()}`, args: [1, false] });
      return () => handle.result();
    }),
});

/** Time from the start to the step's code; resolves when the run has ended and the system has come to rest. */
async function timed(start: () => Promise<() => Promise<unknown>>): Promise<number> {
  const reached = nextStepCode();
  const began = performance.now();
  const ended = await start();
  const took = (await reached) - began;
  await ended();
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  return took;
}

async function untilAnswers(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/healthz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
