import { z } from 'zod';
import type { ClockMarks } from '#db/queries/schedules/clock-marks.ts';
import { MARKS } from '#jobs/recurrence/wanted.ts';
import { FOLD_POLICIES, GAP_POLICIES } from '#jobs/schedules/definition.ts';

/** What is particular about a moment, as its views say it. */
export const Marked = {
  marks: z.array(z.enum(MARKS)),
  wall: z
    .string()
    .nullable()
    .meta({ description: 'the time that the schedule names where marks are; null also where a calendar put it off' }),
  dst: z
    .object({ gap: z.enum(GAP_POLICIES), fold: z.enum(FOLD_POLICIES) })
    .nullable()
    .meta({ description: 'the policies of the schedule that decided on the marks; null where there are none' }),
};

/** Of a moment like any other. */
export const UNMARKED = { marks: [], wall: null, dst: null };

/** What the clocks made of a moment, in these words. */
export const markedBy = (clocks: ClockMarks | undefined) => (clocks ? { ...clocks, marks: [...clocks.marks] } : UNMARKED);
