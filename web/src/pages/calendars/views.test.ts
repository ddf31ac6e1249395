import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type * as calendars from '#api/views/calendar.ts';
import type * as views from './views.ts';

type Answer<S extends z.ZodType> = z.output<S>;

// Proven by the type check: the page's own declarations must accept whatever the API's schemas promise.
test('everything the pages of calendars read is something the API promises', () => {
  expectTypeOf<Answer<typeof calendars.CalendarSummary>>().toExtend<views.CalendarSummary>();
  expectTypeOf<Answer<typeof calendars.CalendarView>>().toExtend<views.CalendarView>();
  expectTypeOf<Answer<typeof calendars.CalendarSpans>>().toExtend<views.SpansView>();
  expectTypeOf<Answer<typeof calendars.CalendarDryRun>>().toExtend<views.CalendarDryRun>();
  expectTypeOf<Answer<typeof calendars.CalendarSaved>>().toExtend<views.CalendarSaved>();
});
