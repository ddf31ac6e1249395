/** What can be done to many at once. */
export const BULK_SUBJECTS = ['runs', 'jobs'] as const;
export type BulkSubject = (typeof BULK_SUBJECTS)[number];

export const RUN_BULK_ACTIONS = ['cancel', 'pause', 'resume', 'retry', 'delete'] as const;
export const JOB_BULK_ACTIONS = ['run', 'activate', 'deactivate', 'delete'] as const;
export type RunBulkAction = (typeof RUN_BULK_ACTIONS)[number];
export type JobBulkAction = (typeof JOB_BULK_ACTIONS)[number];
export type BulkAction = RunBulkAction | JobBulkAction;

/** `cancelled`: what was not done by then stays undone. */
export const BULK_STATUSES = ['running', 'completed', 'cancelled'] as const;
export type BulkStatus = (typeof BULK_STATUSES)[number];

export const BULK_ITEM_STATUSES = ['pending', 'done', 'failed', 'cancelled'] as const;
export type BulkItemStatus = (typeof BULK_ITEM_STATUSES)[number];

/** Subjects of one operation at most. */
export const MOST_BULK_ITEMS = 100_000;

export const BULK_WORKFLOW = 'bulk';
export const bulkWorkflowId = (id: string): string => `bulk:${id}`;
