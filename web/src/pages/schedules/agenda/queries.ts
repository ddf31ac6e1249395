import { keepPreviousData, type QueryFunctionContext } from '@tanstack/solid-query';
import { get } from '../../../api/client.ts';
import { paged } from '../queries.ts';
import type { AgendaView } from './views.ts';
import { dayAfter } from './week.ts';

const LOOK_MS = 30_000;
const COUNTING_MS = 2_000;

/** Which part of the agenda is looked at. */
export interface AgendaAsked {
  readonly zone: string;
  readonly job: string;
  readonly schedule: string;
}

const searchOf = ({ zone, job, schedule }: AgendaAsked, more: { readonly [name: string]: string }): string =>
  new URLSearchParams({ ...more, zone, ...(job && { job }), ...(schedule && { schedule }) }).toString();

/** The counts of a week by the hours of a zone. */
export const weekQuery = (monday: string, asked: AgendaAsked) => ({
  queryKey: ['schedules', 'week', monday, asked] as const,
  queryFn: ({ signal }: QueryFunctionContext) =>
    get<AgendaView>(`/schedules/agenda?${searchOf(asked, { from: monday, to: dayAfter(monday, 7), limit: '1' })}`, signal),
  // What took too long to count goes on with the next question.
  refetchInterval: ({ state }: { readonly state: { readonly data?: AgendaView | undefined } }) =>
    state.data !== undefined && state.data.counted_until !== state.data.to ? COUNTING_MS : LOOK_MS,
});

/** What starts between two moments (instants, or times on the clocks of the zone), a page at a time. */
export const itemsQuery = (from: string, to: string, asked: AgendaAsked) => ({
  ...paged<AgendaView>(
    ['schedules', 'agenda', from, to, asked],
    `/schedules/agenda?${searchOf(asked, { from, to, limit: '100' })}`,
    LOOK_MS,
  ),
  placeholderData: keepPreviousData,
});
