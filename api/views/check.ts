import { z } from 'zod';
import { CHECK_STAGES } from '#db/schema/words.ts';
import { HostKeyView } from './host-key.ts';
import { instant, json } from './json.ts';
import { StepError } from './step.ts';

/** One look at one target. */
export const CheckView = z
  .object({
    id: z.string(),
    project: z.string(),
    target: z.string(),
    at: instant,
    healthy: z.boolean(),
    stage: z.enum(CHECK_STAGES).nullable().meta({ description: 'the first that failed' }),
    error: StepError.nullable(),
    latency_ms: z.number().nullable().meta({ description: 'until an SSH server answered' }),
    stages: z.array(z.object({ stage: z.enum(CHECK_STAGES), ms: z.number(), ok: z.boolean(), found: json })),
    worker_id: z.string(),
    actor: z.string(),
  })
  .meta({ id: 'Check' });
export type CheckView = z.infer<typeof CheckView>;

/** Looks that are done, and targets that are still looked at: their checks will have it. */
export const ChecksReport = z.object({ items: z.array(CheckView), pending: z.array(z.string()) }).meta({ id: 'ChecksReport' });
export type ChecksReport = z.infer<typeof ChecksReport>;

const KEY_STATES = ['new', 'pinned', 'changed', 'revoked'] as const;

/** The keys a host shows, and what is known of each: `changed` when another of its type is pinned. */
export const ScanView = z
  .object({
    target: z.string(),
    server_version: z.string().nullable(),
    items: z.array(HostKeyView.extend({ state: z.enum(KEY_STATES), accepted: z.boolean() })),
  })
  .meta({ id: 'Scan' });
export type ScanView = z.infer<typeof ScanView>;
