import { hasEndedBadly, RUN_STATUSES, type RunStatus } from '#jobs/run-state.ts';
import { NO_FILTER, type RunsFilter, runsSearch } from '../../url/runs-filter.ts';

const need = (look: RunStatus, filter: Partial<RunsFilter>) => ({ look, search: runsSearch({ ...NO_FILTER, ...filter }) });

/** What a person has to look at: the filter of each is counted, and is the list it leads to. */
export const NEEDS = {
  approvals: need('waiting', { approvals: 'mine' }),
  retrying: need('retrying', { retrying: '15m' }),
  failed: need('failed', { status: RUN_STATUSES.filter(hasEndedBadly), since: '24h' }),
  lost: need('lost', { status: ['lost'], since: '7d' }),
} as const;

export type NeedName = keyof typeof NEEDS;
export const NEED_NAMES = Object.keys(NEEDS) as readonly NeedName[];
