import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { WorkerView } from '#api/routes/workers.ts';
import type * as credentials from '#api/views/credential.ts';
import type * as jobs from '#api/views/job.ts';
import type * as lineages from '#api/views/lineage.ts';
import type * as people from '#api/views/person.ts';
import type * as preferences from '#api/views/preferences.ts';
import type * as remote from '#api/views/remote-work.ts';
import type * as runs from '#api/views/run.ts';
import type * as steps from '#api/views/step.ts';
import type * as summaries from '#api/views/step-summary.ts';
import type { SentSummary } from './step-summary.ts';
import type * as views from './views.ts';

type Answer<S extends z.ZodType> = z.output<S>;
type Chosen<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };

// Proven by the type check: the page's own declarations must accept whatever the API's schemas promise.
test('everything the page reads is something the API promises', () => {
  expectTypeOf<Answer<typeof runs.RunSummary>>().toExtend<views.RunSummary>();
  expectTypeOf<Answer<typeof runs.RunView>>().toExtend<views.RunView>();
  expectTypeOf<Answer<typeof runs.RunPage>>().toExtend<views.Page<views.RunSummary>>();
  expectTypeOf<Answer<typeof steps.StepView>>().toExtend<views.StepView>();
  expectTypeOf<Answer<typeof summaries.StepSummary>>().toExtend<SentSummary>();
  expectTypeOf<Answer<typeof steps.HistoryEntry>>().toExtend<views.HistoryEntry>();
  expectTypeOf<Answer<typeof lineages.Lineage>>().toExtend<views.Lineage>();
  expectTypeOf<Answer<typeof steps.LogPage>>().toExtend<views.LogPage>();
  expectTypeOf<Answer<typeof jobs.JobPage>>().toExtend<views.Page<views.ListedJob>>();
  expectTypeOf<Answer<typeof jobs.JobView>>().toExtend<views.JobView>();
  expectTypeOf<Answer<typeof credentials.CredentialView>>().toExtend<views.CredentialView>();
  expectTypeOf<Chosen<Answer<typeof preferences.Preferences>>>().toExtend<views.Preferences>();
  expectTypeOf<views.Preferences['run_tab']>().toExtend<Chosen<Answer<typeof preferences.Preferences>>['run_tab']>();
  expectTypeOf<Answer<typeof remote.CommandView>>().toExtend<views.CommandView>();
  expectTypeOf<Answer<typeof remote.TransferView>>().toExtend<views.TransferView>();
  expectTypeOf<Answer<typeof remote.SessionView>>().toExtend<views.ConnectionView>();
  expectTypeOf<Answer<typeof WorkerView>>().toExtend<views.WorkerView>();
  expectTypeOf<Answer<typeof people.Me>>().toExtend<views.SessionView>();
});
