import type { RunBulkAction } from '#jobs/bulk.ts';

/** What is offered for many runs, in the order of the bar. */
export const OFFERED: readonly RunBulkAction[] = ['retry', 'cancel', 'pause', 'resume', 'delete'];

/** The permission each needs. */
export const NEEDS = { retry: 'run:start', cancel: 'run:cancel', pause: 'run:steer', resume: 'run:steer', delete: 'run:delete' } as const;
