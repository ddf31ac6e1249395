import { z } from 'zod';
import { STEP_STATUSES } from '#jobs/run-state.ts';
import { json } from './json.ts';
import { RunSummary } from './run.ts';

const Change = z.object({ pointer: z.string(), before: json.optional(), after: json.optional() });
const changes = z.array(Change);

const entries = z.array(z.object({ id: z.string(), at: z.number(), value: json }));
const ListChanges = z.object({
  removed: entries,
  added: entries,
  moved: z.array(z.object({ id: z.string(), from: z.number(), to: z.number() })),
  changed: z.array(z.object({ id: z.string(), fields: changes })),
});

const ms = z.number().nullable();

const Side = z
  .object({
    status: z.enum(STEP_STATUSES),
    duration_ms: ms,
    attempts: z.number(),
    kept_from: z.string().nullable(),
    error: z.object({ type: z.string(), message: z.string() }).nullable(),
  })
  .nullable()
  .meta({ description: 'null: nothing happened to it in that run' });

const piece = { a: Side, b: Side, config: changes, outputs: changes };

/** What is told of each of two runs. */
export const RunBrief = RunSummary.pick({
  id: true,
  number: true,
  job: true,
  version: true,
  status: true,
  created_at: true,
  started_at: true,
  ended_at: true,
  execution_time_ms: true,
  error_message: true,
});

/** Two runs beside each other; `a` and `before` are the first. */
export const ComparisonView = z
  .object({
    a: RunBrief,
    b: RunBrief,
    definition: z
      .object({
        fields: changes,
        steps: ListChanges.optional(),
        on_failure: ListChanges.optional(),
        on_cancel: ListChanges.optional(),
      })
      .nullable()
      .meta({ description: 'null when both followed the same definition, or when one is no longer stored' }),
    definition_known: z.boolean().meta({ description: 'both definitions are stored still' }),
    parameters: changes,
    target: z.object({ a: z.string().nullable(), b: z.string().nullable() }).nullable(),
    steps: z
      .array(
        z.object({
          id: z.string(),
          ...piece,
          parts: z
            .object({
              equal: z.number(),
              different: z.number(),
              items: z.array(z.object({ key: z.string(), target: z.string().nullable(), item: json, ...piece })),
            })
            .nullable(),
          left_out: z.literal(true).optional().meta({ description: 'only how it ended is told: there is too much that differs' }),
        }),
      )
      .meta({ description: 'those that differ in more than how long they took' }),
    equal_steps: z.array(z.object({ id: z.string(), status: z.enum(STEP_STATUSES), duration_ms: z.object({ a: ms, b: ms }) })),
  })
  .meta({ id: 'Comparison', description: 'large values are cut to {bytes, begins}; of many differences the first are told' });
