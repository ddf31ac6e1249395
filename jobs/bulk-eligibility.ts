import type { RunBulkAction } from './bulk.ts';
import { hasEnded, type RunStatus } from './run-state.ts';

/** Why an operation would leave a run as it is. */
export const LEFT_ALONE = [
  'gone',
  'ended',
  'not_ended',
  'not_started',
  'paused',
  'not_paused',
  'job_off',
  'job_in_trash',
  'secret',
  'no_version',
] as const;
export type LeftAlone = (typeof LEFT_ALONE)[number];

/** What decides whether something can be done to a run as it stands now. */
export interface BulkCandidate {
  /** Null: there is no such run. */
  readonly status: RunStatus | null;
  readonly standing: 'on' | 'off' | 'in_trash';
  /** A secret parameter that a retry would need anew. */
  readonly secret: string | null;
  /** There is a definition that a retry can follow. */
  readonly followed: boolean;
}

type Candidate = BulkCandidate & { readonly status: RunStatus };

const pausable = ({ status }: Candidate): LeftAlone | null => {
  if (hasEnded(status)) return 'ended';
  return status === 'scheduled' ? 'not_started' : null;
};

const RULES: { readonly [action in RunBulkAction]: (run: Candidate) => LeftAlone | null } = {
  cancel: ({ status }) => (hasEnded(status) ? 'ended' : null),
  delete: ({ status }) => (hasEnded(status) ? null : 'not_ended'),
  pause: (run) => pausable(run) ?? (run.status === 'paused' ? 'paused' : null),
  resume: (run) => pausable(run) ?? (run.status === 'paused' ? null : 'not_paused'),
  retry: ({ status, standing, followed, secret }) => {
    if (!hasEnded(status)) return 'not_ended';
    if (standing !== 'on') return standing === 'off' ? 'job_off' : 'job_in_trash';
    if (!followed) return 'no_version';
    return secret === null ? null : 'secret';
  },
};

/** Why a run would be left alone, or null when it would be done to it; the operation itself looks again when it comes to the run. */
export const whyLeftAlone = (action: RunBulkAction, run: BulkCandidate): LeftAlone | null =>
  run.status === null ? 'gone' : RULES[action]({ ...run, status: run.status });
