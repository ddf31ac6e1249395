import { z } from 'zod';
import type { Queryable } from '#db/client.ts';
import { jobsTagged, type RunsWanted } from '#db/queries/runs-wanted.ts';
import { TRIGGERS } from '#db/schema/words.ts';
import { MOST_BULK_ITEMS } from '#jobs/bulk.ts';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import { answeringAs } from '../access/answering.ts';
import type { Identity } from '../access/identity.ts';
import { HttpProblem } from '../problem.ts';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const AGO = /^(\d{1,5})([mhd])$/;

/** Milliseconds of a length such as `15m`; null for what is none. */
const lengthOf = (text: string): number | null => {
  const [, count, unit] = AGO.exec(text) ?? [];
  return unit ? Number(count) * UNITS[unit as keyof typeof UNITS] : null;
};

const inReach = (at: Date): boolean => at.getTime() >= 0;
const REACH = 'expected a moment from 1970 to 9999';

/** The ids of runs begin with their time, which has room for no earlier one. */
const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine(inReach, REACH);

/** A moment, or how long ago it was: `15m`, `24h`, `7d`. */
const momentOrAgo = z
  .union([z.iso.datetime({ offset: true }), z.string().regex(AGO)], {
    error: 'expected a moment such as 2026-10-25T02:00:00Z, or how long ago: 15m, 24h, 7d',
  })
  .transform((text) => {
    const ago = lengthOf(text);
    return ago === null ? new Date(text) : new Date(Date.now() - ago);
  })
  .refine(inReach, REACH);

const priority = z.number().int().min(1).max(10);

/** What runs can be narrowed by, apart from what is one of several words. */
const FILTERS = {
  number: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  job: z.string().max(100).optional().meta({ description: 'a name; with * at its end every name that begins so' }),
  tag: z.string().min(1).max(100).optional().meta({ description: 'of jobs that carry this tag now' }),
  client: z.string().max(200).optional(),
  ref_num: z.string().max(200).optional(),
  created_by: z.string().max(200).optional(),
  target: z.string().max(200).optional(),
  timezone: z.string().max(100).optional(),
  error: z.string().min(1).max(200).optional().meta({ description: 'a part of what failed runs say, in any case' }),
  parent: z.uuid().optional().meta({ description: 'runs that steps of this one started' }),
  chain_source: z.uuid().optional().meta({ description: 'runs that the end of this one started' }),
  schedule: z.string().max(100).optional().meta({ description: 'runs that the schedule of this name started' }),
  bulk: z.uuid().optional().meta({ description: 'what an operation on many was done to; where it made runs, those' }),
  approvals: z.literal('mine').optional().meta({ description: 'in which a step waits for an answer that the caller may give and has not' }),
  retrying: z
    .string()
    .regex(AGO, 'expected how long, such as 15m, 24h, 7d')
    .transform((text) => lengthOf(text) ?? 0)
    .optional()
    .meta({ description: 'under way, with a step that has been tried anew for at least so long: 15m, 24h, 7d' }),
  until: moment.optional().meta({ description: 'accepted before' }),
} as const;

const commas = <T extends z.ZodType<unknown, string[]>>(list: T) =>
  z
    .string()
    .transform((text) => [...new Set(text.split(','))])
    .pipe(list);

/** The filters in a query string: of several words one or more, separated by commas. */
export const RUN_FILTERS = {
  ...FILTERS,
  since: momentOrAgo.optional().meta({ description: 'accepted at or after: a moment, or how long ago (15m, 24h, 7d)' }),
  status: commas(z.array(z.enum(RUN_STATUSES)).max(RUN_STATUSES.length))
    .optional()
    .meta({ description: 'one or more, separated by commas' }),
  trigger: commas(z.array(z.enum(TRIGGERS)).max(TRIGGERS.length))
    .optional()
    .meta({ description: 'one or more, separated by commas' }),
  priority: commas(z.array(z.string().transform(Number).pipe(priority)))
    .optional()
    .meta({ description: 'one or more, separated by commas; 1 is most urgent' }),
} as const;

/** The filters in a body. */
const RunFilter = z
  .strictObject({
    ...FILTERS,
    since: moment.optional().meta({ description: 'accepted at or after' }),
    status: z.array(z.enum(RUN_STATUSES)).min(1).optional(),
    trigger: z.array(z.enum(TRIGGERS)).min(1).optional(),
    priority: z.array(priority).min(1).optional(),
  })
  .refine(
    (filter) => Object.values(filter).some((value) => value !== undefined),
    'an empty filter would mean every run; name something that the runs have in common',
  );

/** The filter as queries take it, for whoever asks: a tag stands for the jobs that carry it now, the own approvals for what may be answered. */
export const wantedRuns = async <F extends RunsWanted & { readonly tag?: string | undefined; readonly approvals?: 'mine' | undefined }>(
  sql: Queryable,
  project: string,
  asker: Identity,
  { tag, approvals, ...filter }: F,
): Promise<Omit<F, 'tag' | 'approvals'> & RunsWanted> => ({
  ...filter,
  ...(tag !== undefined && { jobs: await jobsTagged(sql, project, tag) }),
  ...(approvals !== undefined && { answerable: await answeringAs(sql, asker) }),
});

/** Runs chosen by id, or by what they have in common. */
export const ChosenRuns = {
  ids: z.array(z.uuid()).min(1).max(MOST_BULK_ITEMS).optional(),
  filter: RunFilter.optional(),
} as const;

/** What was chosen, as queries take it; a 422 unless it is one of both. */
export const chosenRuns = async (
  sql: Queryable,
  project: string,
  asker: Identity,
  { ids, filter }: { readonly ids?: readonly string[] | undefined; readonly filter?: z.output<typeof RunFilter> | undefined },
): Promise<readonly string[] | RunsWanted> => {
  if (ids !== undefined && filter === undefined) return ids;
  if (filter !== undefined && ids === undefined) return wantedRuns(sql, project, asker, filter);
  throw new HttpProblem(422, 'write either ids or filter');
};
