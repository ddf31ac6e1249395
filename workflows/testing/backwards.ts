import type { Json } from '#jobs/json.ts';
import type { RunInput } from '../messages.ts';
import { runJob as inOrder } from '../run-job.ts';

/** An interpreter that was changed: it starts independent steps in the opposite order. */
export const runJob = (input: RunInput): Promise<Json> =>
  inOrder({ ...input, plan: { ...input.plan, steps: input.plan.steps.toReversed() } });
