export const FETCH_CALENDAR_WORKFLOW = 'fetchCalendar';

/** Asks a worker for the calendar at an address. */
export interface CalendarCall {
  readonly url: string;
}

/** Where the text is kept for whoever asked, or why there is none. */
export type CalendarAnswer = { readonly read: string } | { readonly error: string };

/** How long an address has to answer, in milliseconds. */
export const CALENDAR_FETCH_MS = 10_000;
