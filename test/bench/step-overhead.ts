import { v7 as uuidv7 } from 'uuid';
import { insertRun } from '#db/queries/insert-run.ts';
import { settleStarts } from '#db/queries/outbox.ts';
import { compile } from '#jobs/compile.ts';
import type { Plan } from '#jobs/plan.ts';
import { RUN_WORKFLOW, type RunInput, startOptionsOf } from '#workflows/messages.ts';
import { type Arena, startBenchStack } from './bench-stack.ts';
import { type Arm, alternate, pairedRatio, spread, type Taken } from './measure.ts';
import { NOOP } from './noop.ts';
import type { Finding } from './result.ts';

const SIZES = [1, 3, 10, 40] as const;
/** Steps of which the stock server dispatches so many only 20 a second; fewer say nothing about it. */
const STOCK_SIZES: readonly number[] = [10, 40];
const MODES = [
  { mode: 'remote', inline: false, stockGoal: 8 },
  { mode: 'inline', inline: true, stockGoal: 20 },
] as const;
const GOAL = 1.05;
const CEILING = 1.25;

/**
 * No-op steps as a Capstan job with its mirror on, against the same activities in a bare workflow on the same server, arms alternating;
 * and against the same remote job on a server with stock settings.
 */
export async function measureStepOverhead(rounds: number): Promise<readonly Finding[]> {
  const stack = await startBenchStack();
  try {
    const [product, stock] = [await stack.arena('product'), await stack.arena('stock')];
    const findings: Finding[] = [];
    for (const steps of SIZES) {
      const arms = MODES.flatMap(({ mode, inline }) => [
        capstan(`capstan ${mode}`, product, steps, inline),
        bare(mode, product, steps, inline),
      ]);
      const taken = await alternate(arms, rounds, 5);
      for (const { mode } of MODES)
        findings.push(overBare(`${named(steps)}, ${mode}`, steps, taken(`capstan ${mode}`), taken(`bare ${mode}`)));
      if (!STOCK_SIZES.includes(steps)) continue;
      const stockTaken = (await alternate([capstan('stock', stock, steps, false)], 5, 2))('stock');
      for (const { mode, stockGoal } of MODES)
        findings.push(overStock(`${named(steps)}, ${mode}`, taken(`capstan ${mode}`), stockTaken, stockGoal));
    }
    return findings;
  } finally {
    await stack.stop();
  }
}

const named = (steps: number): string => `${steps} step${steps === 1 ? '' : 's'}`;

function overBare(what: string, steps: number, capstan: Taken, bare: Taken): Finding {
  const ratio = pairedRatio(capstan.ms, bare.ms);
  const goal = steps >= 10 ? GOAL : CEILING;
  return {
    what,
    unit: 'ms',
    capstan: spread(capstan.ms),
    against: { name: 'bare', ...spread(bare.ms) },
    verdict: `${ratio.toFixed(2)} × (processor time ${pairedRatio(capstan.cpuMs, bare.cpuMs).toFixed(2)} ×)`,
    goal: { words: `≤ ${goal} ×`, met: ratio <= goal },
  };
}

function overStock(what: string, capstan: Taken, stock: Taken, goal: number): Finding {
  const [ours, theirs] = [spread(capstan.ms), spread(stock.ms)];
  const faster = theirs.median / ours.median;
  return {
    what,
    unit: 'ms',
    capstan: ours,
    against: { name: 'remote on stock settings', ...theirs },
    verdict: `${faster.toFixed(1)} × faster`,
    goal: { words: `≥ ${goal} × faster`, met: faster >= goal },
  };
}

const bare = (mode: string, { client }: Arena, steps: number, inline: boolean): Arm => ({
  name: `bare ${mode}`,
  once: async () => {
    const began = performance.now();
    await client.workflow.execute('bareSteps', { taskQueue: 'runs', workflowId: `bare:${uuidv7()}`, args: [steps, inline] });
    return performance.now() - began;
  },
});

function capstan(name: string, { client, database }: Arena, steps: number, inline: boolean): Arm {
  const plan = planOf(steps, inline);
  return {
    name,
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
