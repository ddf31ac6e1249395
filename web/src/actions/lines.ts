import type { RunStatus } from '#jobs/run-state.ts';
import type { ListedJob, RunSummary } from '../api/views.ts';
import type { Place } from '../frame/places.ts';
import { t } from '../words.ts';
import type { Action } from './action.ts';

/** One line of the palette: an action, or an address to go to. */
export type Line = {
  readonly id: string;
  readonly words: string;
  readonly more?: string;
  readonly keys?: string;
  readonly status?: RunStatus;
} & ({ readonly action: Action; readonly href?: never } | { readonly href: string; readonly action?: never });

/** Lines of one kind under their word. */
export interface Group {
  readonly word: 'palette.actions' | 'palette.pages' | 'palette.jobs' | 'palette.runs';
  readonly lines: readonly Line[];
}

const LONGEST = 200;

/** What was found, as the palette lists it: actions and pages, then jobs and runs; kinds without any are left out. */
export const groupsOf = (found: {
  readonly actions: readonly Action[];
  readonly places: readonly Place[];
  readonly jobs: readonly Pick<ListedJob, 'name'>[];
  readonly runs: readonly Pick<RunSummary, 'id' | 'job' | 'number' | 'status' | 'ref_num' | 'client'>[];
}): readonly Group[] =>
  [
    {
      word: 'palette.actions' as const,
      lines: found.actions.map((action) => ({
        id: `do-${action.id}`,
        words: action.words,
        action,
        ...(action.key !== undefined && { keys: action.key }),
      })),
    },
    {
      word: 'palette.pages' as const,
      lines: found.places.map(({ href, word, key }) => ({ id: `go-${href}`, words: t(word), href, ...(key !== null && { keys: key }) })),
    },
    {
      word: 'palette.jobs' as const,
      lines: found.jobs.map(({ name }) => ({ id: `job-${name}`, words: name, href: `/jobs/${encodeURIComponent(name)}` })),
    },
    {
      word: 'palette.runs' as const,
      lines: found.runs.map(({ id, job, number, status, ref_num, client }) => ({
        id: `run-${id}`,
        words: `${job} #${number}`,
        more: [client, ref_num].filter(Boolean).join(' · ').slice(0, LONGEST),
        status,
        href: `/runs/${id}`,
      })),
    },
  ].filter(({ lines }) => lines.length > 0);
