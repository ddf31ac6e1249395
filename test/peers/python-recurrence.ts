import { fileURLToPath } from 'node:url';
import type { CalendarRule, CalendarUse, FoldPolicy, GapPolicy } from '#jobs/schedules/definition.ts';
import { runZonePython } from './python-zoneinfo.ts';

/** Which moments rules mean from one moment to another (seconds since 1970); what Python looks at begins earlier and ends later, in steps of so many minutes. */
export interface RecurrenceQuestion {
  readonly zone: string;
  readonly begin: number;
  readonly until: number;
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly rules: readonly (
    | { readonly cron: string }
    | CalendarRule
    | { readonly every_days: number; readonly at?: string; readonly from?: string }
  )[];
  readonly gap: GapPolicy;
  readonly fold: FoldPolicy;
  readonly start_at?: number;
  readonly end_at?: number;
  readonly calendars?: readonly { readonly use: CalendarUse; readonly spans: readonly (readonly [number, number])[] }[];
}

/** A moment in seconds, the wall time it stands for, what is particular about it, and why nothing starts. */
export type PythonCandidate = readonly [number, string, readonly string[], string | null];

const SCRIPT = fileURLToPath(new URL('python-recurrence.py', import.meta.url));

/** Python's answers in the order of the questions; those about one zone and stretch belong together. */
export const askRecurrence = (questions: readonly RecurrenceQuestion[]): readonly (readonly PythonCandidate[])[] =>
  runZonePython(SCRIPT, questions);

/** The same, only the moments at which something starts. */
export const askStarts = (questions: readonly RecurrenceQuestion[]): readonly (readonly number[])[] =>
  runZonePython(
    SCRIPT,
    questions.map((question) => ({ ...question, brief: true })),
  );
