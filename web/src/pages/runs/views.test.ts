import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type * as bulk from '#api/routes/bulk.ts';
import type * as preview from '#api/routes/bulk-preview.ts';
import type * as lists from '#api/routes/run-lists.ts';
import type * as saved from '#api/routes/saved-views.ts';
import type * as runs from '#api/views/run.ts';
import type * as views from './views.ts';

test('what the list of runs reads is what the API answers', () => {
  expectTypeOf<z.output<typeof runs.RunPage>>().toExtend<views.RunsPage>();
  expectTypeOf<z.output<typeof lists.RunsCount>>().toExtend<views.RunsCount>();
  expectTypeOf<z.output<typeof lists.Histogram>>().toExtend<views.RunsHistogram>();
  expectTypeOf<z.output<typeof saved.SavedView>>().toExtend<views.SavedView>();
  expectTypeOf<z.output<typeof preview.Preview>>().toExtend<views.BulkPreview>();
  expectTypeOf<z.output<typeof bulk.BulkView>>().toExtend<views.BulkView>();
  expectTypeOf<z.output<typeof bulk.BulkItemView>>().toExtend<views.BulkItem>();
});
