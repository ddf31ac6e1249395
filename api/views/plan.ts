import { z } from 'zod';
import { ON_CLOSED } from '#jobs/definition-words.ts';
import { json, jsonObject } from './json.ts';

const Lock = z.object({ key: z.string(), max: z.number(), on_conflict: z.string() });
const Part = z.object({
  key: z.string(),
  target: z.string().nullable(),
  item: json,
  config: jsonObject,
  later: z.array(z.string()).meta({ description: 'pointers into config to what is decided at run time, and stands as it is written' }),
});
const Step = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  needs: z.array(z.string()),
  on: z.enum(['steps', 'failure', 'cancel', 'undo']),
  runs: z.enum(['yes', 'no', 'later']).meta({ description: 'later: decided at run time' }),
  why: z.string().nullable(),
  parts: z.array(Part).nullable().meta({ description: 'null: how many there are is decided at run time' }),
  parts_total: z.number().nullable(),
  max_parallel: z.number().nullable(),
  locks: z.array(Lock),
  rate: z.string().nullable(),
  secrets: z.record(z.string(), z.string()),
  error: z.string().nullable(),
  usual_ms: z.number().nullable(),
});

/** What a run of a job would do, as far as that is known before it starts. */
export const PlanView = z
  .object({
    id: z.string(),
    job: z.string(),
    version: z.number(),
    hash: z.string().meta({ description: 'of everything the run would do; a start with this plan is refused once it is another' }),
    parameters: jsonObject,
    locks: z.array(Lock),
    steps: z.array(Step),
    estimate_ms: z.number().nullable().meta({ description: 'from what the steps usually took' }),
    warnings: z.array(z.string()),
    closed: z
      .array(
        z.object({
          step: z.string(),
          target: z.string(),
          timezone: z.string(),
          opens_at: z.string().nullable(),
          message: z.string(),
          on_closed: z.enum(ON_CLOSED),
        }),
      )
      .meta({ description: 'steps on targets that are outside of their maintenance windows now; no part of the hash' }),
    since_last: z
      .object({
        run: z.string(),
        number: z.number(),
        status: z.string(),
        version: z.object({ before: z.number().nullable(), now: z.number() }).nullable(),
        parameters: z.array(z.string()),
        targets: z.array(z.object({ step: z.string(), added: z.array(z.string()), removed: z.array(z.string()) })),
      })
      .nullable()
      .meta({ description: 'how this differs from the job’s last run' }),
  })
  .meta({ id: 'Plan' });

/** What a run of a definition that is not saved would do. */
export const DraftPlanView = PlanView.pick({ job: true, parameters: true, locks: true, steps: true, warnings: true, closed: true }).meta({
  id: 'DraftPlan',
});
