import { z } from 'zod';
import type { StepSummaryRow } from '#db/queries/list-step-summaries.ts';
import { SKIP_REASONS } from '#jobs/apply-event.ts';
import { nameOfPart } from '#jobs/parts.ts';
import { STEP_STATUSES, WAITING_FOR } from '#jobs/run-state.ts';
import { instant, jsonObject } from './json.ts';
import { StepError } from './step.ts';

/** A step as a list of thousands shows it; fields without a value are left out. */
export const StepSummary = z
  .object({
    key: z.string(),
    step_id: z.string(),
    step_number: z.number(),
    parent_key: z.string().optional().meta({ description: 'the step that this one is a part of' }),
    status: z.enum(STEP_STATUSES),
    waiting_for: z.enum(WAITING_FOR).optional(),
    message: z.string().optional().meta({ description: 'cut at 500 characters' }),
    error: StepError.pick({ type: true, message: true }).optional(),
    hold: jsonObject.optional().meta({ description: 'what it waits for, while it does' }),
    exit_code: z.number().optional(),
    target: z.string().optional(),
    targets: z.array(z.string()).optional(),
    item: z.string().optional().meta({ description: 'what people call the item that a part is about' }),
    parts: z.number().optional(),
    parts_by_status: z.partialRecord(z.enum(STEP_STATUSES), z.number()).optional(),
    kept_from: z.string().optional(),
    skip_reason: z.enum(SKIP_REASONS).optional(),
    attempt: z.number(),
    attempts_allowed: z.number().optional(),
    progress: z.number().optional().meta({ description: 'percent, of a step that has not ended' }),
    progress_message: z.string().optional(),
    started_at: instant.optional(),
    ended_at: instant.optional(),
    duration_ms: z.number().optional(),
    updated_at: instant,
    attempts: z.array(
      z.object({ attempt: z.number(), status: z.enum(STEP_STATUSES), started_at: instant.optional(), ended_at: instant.optional() }),
    ),
  })
  .meta({ id: 'StepSummary' });
export type StepSummary = z.infer<typeof StepSummary>;

type Filled<T> = { readonly [K in keyof T]?: Exclude<T[K], null> };

/** Without what has no value: of thousands of steps most of an answer would be nulls. */
const filled = <T extends object>(row: T): Filled<T> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Filled<T>;

/** A step's summary as it is sent. */
export const summaryOf = (row: StepSummaryRow): StepSummary => {
  const { item, attempts, progress, ...rest } = row;
  return filled({
    ...rest,
    item: item === null ? null : nameOfPart({ item }),
    progress: row.ended_at === null && progress > 0 ? progress : null,
    attempts: attempts.map((attempt) => filled(attempt)),
  }) as StepSummary;
};
