import type { QueryFunctionContext } from '@tanstack/solid-query';
import { type Asking, allPagesLive, readLive } from '../../api/read-live.ts';
import { showsOf } from '../../live/places.ts';
import type { CalendarSummary, CalendarView, SpansView } from './views.ts';

/** Where the API keeps a calendar. */
export const calendarAt = (name: string): string => `/calendars/${encodeURIComponent(name)}`;

/** All calendars by name, or those with this text in theirs. */
export const calendarsQuery = (text = '') => ({
  queryKey: ['calendars', 'list', text] as const,
  queryFn: (asking: Asking) => allPagesLive<CalendarSummary>('/calendars', 'calendars', asking, text),
  meta: showsOf('calendars'),
});

export const calendarQuery = (name: string) => ({
  queryKey: ['calendars', 'one', name] as const,
  queryFn: (asking: QueryFunctionContext) => readLive<CalendarView>(calendarAt(name), 'calendars', asking),
  // Who uses it is changed at other places.
  refetchInterval: 60_000,
  meta: showsOf('calendars'),
});

/** The times of a calendar in a year, by its own clocks or those of a zone. */
export const spansQuery = (name: string, year: number, zone: string) => ({
  queryKey: ['calendars', 'spans', name, year, zone] as const,
  queryFn: (asking: QueryFunctionContext) => {
    const range = new URLSearchParams({ from: `${year}-01-01`, to: `${year + 1}-01-01`, timezone: zone });
    return readLive<SpansView>(`${calendarAt(name)}/spans?${range}`, 'calendars', asking);
  },
  meta: showsOf('calendars'),
});
