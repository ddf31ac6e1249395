import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { ComparisonView as Answer } from '#api/views/comparison.ts';
import type { ComparedBrief, ComparisonView } from './views.ts';

// Proven by the type check: what the page reads is there; values of definitions are told by the API as any JSON.
test('what the page reads of a comparison is something the API promises', () => {
  expectTypeOf<z.output<typeof Answer>['a']>().toExtend<ComparedBrief>();
  expectTypeOf<z.output<typeof Answer>['steps'][number]['a']>().toExtend<ComparisonView['steps'][number]['a']>();
  expectTypeOf<z.output<typeof Answer>['equal_steps']>().toExtend<ComparisonView['equal_steps']>();
});
