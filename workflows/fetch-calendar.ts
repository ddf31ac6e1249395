import { proxyActivities } from '@temporalio/workflow';
import { CALENDAR_FETCH_MS, type CalendarAnswer, type CalendarCall } from '#jobs/calendars/fetch.ts';

const { readCalendarAt } = proxyActivities<{ readCalendarAt(call: CalendarCall): Promise<CalendarAnswer> }>({
  taskQueue: 'bookkeeping',
  scheduleToCloseTimeout: CALENDAR_FETCH_MS,
  retry: { maximumAttempts: 1 },
});

/** Reads the calendar at an address for somebody who is about to save it. */
export const fetchCalendar = (call: CalendarCall): Promise<CalendarAnswer> => readCalendarAt(call);
