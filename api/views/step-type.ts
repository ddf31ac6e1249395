import { z } from 'zod';
import { CAPABILITIES, EFFECTS } from '#jobs/step.ts';
import { jsonObject } from './json.ts';

/** A step type as forms, documentation and editors need it. */
export const StepType = z
  .object({
    type: z.string(),
    title: z.string(),
    effect: z.enum(EFFECTS),
    queue: z.enum(CAPABILITIES),
    target: z.string().nullable(),
    defaults: jsonObject,
    config: jsonObject,
    result: jsonObject,
    examples: z.array(jsonObject),
  })
  .meta({ id: 'StepType' });
