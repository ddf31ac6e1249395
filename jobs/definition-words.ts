/** After what a step runs: success of its needs, a failure of one, or in any case and last of all. */
export const WHEN = ['success', 'failure', 'always'] as const;
export type When = (typeof WHEN)[number];

/** Let the others go on; begin no further ones; end those under way as well. */
export const FAIL_MODES = ['continue', 'stop', 'abort'] as const;
export type FailMode = (typeof FAIL_MODES)[number];

/** What a lock can be about without a key of its own. */
export const LOCK_SUBJECTS = ['job', 'target', 'credential'] as const;
export type LockSubject = (typeof LOCK_SUBJECTS)[number];

/** What becomes of one who finds a key taken. */
/** What becomes of a step while its target is outside of its maintenance windows. */
export const ON_CLOSED = ['wait', 'fail', 'skip'] as const;
export type OnClosed = (typeof ON_CLOSED)[number];

export const ON_CONFLICT = ['queue', 'skip', 'cancel_running', 'cancel_new', 'fail'] as const;
export type OnConflict = (typeof ON_CONFLICT)[number];

/** How a run can end. */
export const END_STATUSES = ['completed', 'failed', 'cancelled', 'timed_out', 'lost'] as const;
export type EndStatus = (typeof END_STATUSES)[number];
