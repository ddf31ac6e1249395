import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type * as jobs from '#api/views/job.ts';
import type * as plans from '#api/views/plan.ts';
import type * as types from '#api/views/step-type.ts';
import type * as views from './views.ts';

// Proven by the type check.
test('everything the builder reads is something the API promises', () => {
  expectTypeOf<z.output<typeof types.StepType>>().toExtend<views.StepTypeView>();
  expectTypeOf<z.output<typeof jobs.Validation>>().toExtend<views.ValidationView>();
  expectTypeOf<z.output<typeof plans.DraftPlanView>>().toExtend<views.DraftPlanView>();
  expectTypeOf<z.output<typeof jobs.JobTemplates>['items'][number]>().toExtend<views.TemplateView>();
});
