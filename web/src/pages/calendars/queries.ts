import type { QueryFunctionContext } from '@tanstack/solid-query';
import { allPages } from '../../api/all-pages.ts';
import { get } from '../../api/client.ts';
import { showsOf } from '../../live/places.ts';
import type { CalendarSummary, CalendarView, SpansView } from './views.ts';

/** Where the API keeps a calendar. */
export const calendarAt = (name: string): string => `/calendars/${encodeURIComponent(name)}`;

/** All calendars by name, or those with this text in theirs. */
export const calendarsQuery = (text = '') => ({
  queryKey: ['calendars', 'list', text] as const,
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => allPages<CalendarSummary>('/calendars', signal, text),
  meta: showsOf('calendars'),
});

export const calendarQuery = (name: string) => ({
  queryKey: ['calendars', 'one', name] as const,
  queryFn: ({ signal }: QueryFunctionContext) => get<CalendarView>(calendarAt(name), signal),
  // Who uses it is changed at other places.
  refetchInterval: 60_000,
  meta: showsOf('calendars'),
});

/** The times of a calendar in a year, by its own clocks or those of a zone. */
export const spansQuery = (name: string, year: number, zone: string) => ({
  queryKey: ['calendars', 'spans', name, year, zone] as const,
  queryFn: ({ signal }: QueryFunctionContext) => {
    const range = new URLSearchParams({ from: `${year}-01-01`, to: `${year + 1}-01-01`, timezone: zone });
    return get<SpansView>(`${calendarAt(name)}/spans?${range}`, signal);
  },
  meta: showsOf('calendars'),
});
