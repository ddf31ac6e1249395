import type { RunView } from '../../../api/views.ts';

/** A run as dialogs name it. */
export const nameOf = (run: Pick<RunView, 'job' | 'number'>): string => `${run.job} #${run.number}`;

/** The permission that is missing for something on this run; undefined: none is. */
export const lacking = (run: Pick<RunView, 'permissions'>, permission: string): string | undefined =>
  run.permissions.includes(permission) ? undefined : permission;
