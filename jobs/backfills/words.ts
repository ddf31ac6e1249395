/** Which moments of a range are started: those without a run, those whose last run ended badly, or each. */
export const REPROCESS = ['missing', 'failed', 'all'] as const;
export type Reprocess = (typeof REPROCESS)[number];

export const BACKFILL_ORDERS = ['oldest', 'newest'] as const;
export type BackfillOrder = (typeof BACKFILL_ORDERS)[number];

/** `cancelled`: what was not started by then is not started. */
export const BACKFILL_STATUSES = ['running', 'completed', 'cancelled'] as const;
export type BackfillStatus = (typeof BACKFILL_STATUSES)[number];

/** `refused`: it could not be started, as its error says. */
export const BACKFILL_FIRE_STATUSES = ['pending', 'started', 'ended', 'refused', 'cancelled'] as const;
export type BackfillFireStatus = (typeof BACKFILL_FIRE_STATUSES)[number];

/** Moments of one backfill, and runs of it under way at a time, at most. */
export const MOST_BACKFILL_FIRES = 10_000;
export const MOST_BACKFILL_ACTIVE = 100;
/** Moments that are gone through in search of them. */
export const MOST_BACKFILL_MOMENTS = 200_000;

/** The workflow's type name, and its id for a backfill. */
export const BACKFILL_WORKFLOW = 'backfill';
export const backfillWorkflowId = (id: string): string => `backfill:${id}`;
