import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { Weight } from '#api/routes/queues.ts';
import type * as queues from '#api/views/queue.ts';
import type { Page } from '../../api/views.ts';
import type * as views from './views.ts';

type Answer<S extends z.ZodType> = z.output<S>;

// Proven by the type check: the page's own declarations must accept whatever the API's schemas promise.
test('everything the pages of queues read is something the API promises', () => {
  expectTypeOf<Answer<typeof queues.QueuePage>>().toExtend<Page<views.QueueView>>();
  expectTypeOf<Answer<typeof Weight>>().toExtend<views.WeightView>();
  expectTypeOf<Answer<typeof queues.QueueDetail>>().toExtend<views.QueueDetail>();
});
