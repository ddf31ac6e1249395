import { v7 as uuidv7 } from 'uuid';
import { insertRun } from '#db/queries/insert-run.ts';
import { settleStarts } from '#db/queries/outbox.ts';
import { compile } from '#jobs/compile.ts';
import type { Plan } from '#jobs/plan.ts';
import { RUN_WORKFLOW, type RunInput, startOptionsOf } from '#workflows/messages.ts';
import { type Arena, startBenchStack } from './bench-stack.ts';
import { type Arm, alternate, pairedRatio, type Spread, spread } from './measure.ts';
import { NOOP } from './noop.ts';

const SIZES = [1, 3, 10, 40] as const;

export interface StepOverhead {
  readonly steps: number;
  readonly mode: 'remote' | 'inline';
  readonly capstan: Spread;
  readonly bare: Spread;
  /** Capstan over bare, median of pairs. */
  readonly ratio: number;
  /** The same Capstan run on a server with stock dynamic config; only where asked for. */
  readonly stock: Spread | null;
}

/** No-op steps as a Capstan job with its mirror on, against the same activities in a bare workflow on the same server, arms alternating. */
export async function measureStepOverhead(rounds: number): Promise<readonly StepOverhead[]> {
  const stack = await startBenchStack();
  try {
    const product = await stack.arena('product');
    const results: StepOverhead[] = [];
    for (const steps of SIZES) {
      const arms = [capstan(product, steps, false), bare(product, steps, false), capstan(product, steps, true), bare(product, steps, true)];
      const times = await alternate(arms, rounds, 5);
      results.push(overheadOf(steps, 'remote', times), overheadOf(steps, 'inline', times));
    }
    const stock = await stack.arena('stock');
    for (const steps of [10, 40]) {
      const times = await alternate([capstan(stock, steps, false)], 5, 2);
      const measured = spread(times.get('capstan remote') ?? []);
      for (const [index, result] of results.entries()) if (result.steps === steps) results[index] = { ...result, stock: measured };
    }
    return results;
  } finally {
    await stack.stop();
  }
}

function overheadOf(steps: number, mode: 'remote' | 'inline', times: ReadonlyMap<string, readonly number[]>): StepOverhead {
  const capstanTimes = times.get(`capstan ${mode}`) ?? [];
  const bareTimes = times.get(`bare ${mode}`) ?? [];
  return { steps, mode, capstan: spread(capstanTimes), bare: spread(bareTimes), ratio: pairedRatio(capstanTimes, bareTimes), stock: null };
}

const bare = ({ client }: Arena, steps: number, inline: boolean): Arm => ({
  name: inline ? 'bare inline' : 'bare remote',
  once: async () => {
    const began = performance.now();
    await client.workflow.execute('bareSteps', { taskQueue: 'runs', workflowId: `bare:${uuidv7()}`, args: [steps, inline] });
    return performance.now() - began;
  },
});

function capstan({ client, database }: Arena, steps: number, inline: boolean): Arm {
  const plan = planOf(steps, inline);
  return {
    name: inline ? 'capstan inline' : 'capstan remote',
    once: async () => {
      const input: RunInput = { run: uuidv7(), project: 'default', plan, parameters: {}, target: null };
      await acceptRun(database, input);
      const began = performance.now();
      await client.workflow.execute(RUN_WORKFLOW, { ...startOptionsOf(input), args: [input] });
      return performance.now() - began;
    },
  };
}

async function acceptRun({ sql }: Arena['database'], input: RunInput): Promise<void> {
  const none = { job_id: null, version: null, title: null, message: null, client: null, ref_num: null, timezone: null };
  await insertRun(sql, { ...none, input, priority: 5, trigger: 'api', created_by: 'bench' }, { actor: 'bench', request_id: input.run });
  await settleStarts(sql, [input.run]);
}

const planOf = (steps: number, inline: boolean): Plan =>
  compile(
    { name: 'bench', steps: Array.from({ length: steps }, (_, index) => ({ id: `s${index}`, type: NOOP.type, config: {}, inline })) },
    { [NOOP.type]: NOOP },
  );
