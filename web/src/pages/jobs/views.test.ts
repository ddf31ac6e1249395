import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { Choices } from '#api/routes/choices.ts';
import type * as jobs from '#api/views/job.ts';
import type { JobGrid } from '#api/views/job-grid.ts';
import type { ScheduleSummary } from '#api/views/schedule.ts';
import type { Json } from '#jobs/json.ts';
import type { Page } from '../../api/views.ts';
import type * as views from './views.ts';

type Answer<S extends z.ZodType> = z.output<S>;
/** As JSON carries it: what may be left out is there or not, and never undefined. */
type Sent<T> = T extends Json
  ? T
  : T extends readonly (infer I)[]
    ? readonly Sent<I>[]
    : T extends object
      ? { [K in keyof T]: Sent<Exclude<T[K], undefined>> }
      : T;

// Proven by the type check: the page's own declarations must accept whatever the API's schemas promise.
test('everything the pages about jobs read is something the API promises', () => {
  expectTypeOf<Answer<typeof jobs.JobPage>>().toExtend<views.JobsPage>();
  expectTypeOf<Answer<typeof jobs.JobView>>().toExtend<views.JobAt>();
  expectTypeOf<Answer<typeof jobs.JobSaved>>().toExtend<views.SavedJob>();
  expectTypeOf<Answer<typeof jobs.JobVersionSummary>>().toExtend<views.VersionRow>();
  expectTypeOf<Answer<typeof JobGrid>>().toExtend<Page<views.GridRun>>();
  expectTypeOf<Answer<typeof jobs.JobHealth>>().toExtend<views.HealthView>();
  expectTypeOf<Answer<typeof jobs.TrashPage>>().toExtend<Page<views.TrashedJob>>();
  expectTypeOf<Answer<typeof jobs.Dependants>>().toExtend<views.DependantsView>();
  expectTypeOf<Answer<typeof jobs.Categories>>().toExtend<views.CategoriesView>();
  expectTypeOf<Answer<typeof jobs.JobImportReport>>().toExtend<views.ImportReport>();
  expectTypeOf<Sent<Answer<typeof jobs.JobDiff>>>().toExtend<views.VersionDiff>();
  expectTypeOf<Answer<typeof Choices>>().toExtend<views.ChoicesView>();
  expectTypeOf<Answer<typeof ScheduleSummary>>().toExtend<views.JobSchedule>();
});
