import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { TargetsChanged } from '#api/routes/targets.ts';
import type * as checks from '#api/views/check.ts';
import type * as targets from '#api/views/target.ts';
import type * as shared from '../../api/views.ts';
import type * as views from './views.ts';

test('what the pages of targets read is something the API promises', () => {
  expectTypeOf<z.output<typeof targets.TargetView>>().toExtend<shared.Target>();
  expectTypeOf<z.output<typeof targets.TargetSummary>>().toExtend<shared.ListedTarget>();
  expectTypeOf<z.output<typeof checks.CheckView>>().toExtend<views.Check>();
  expectTypeOf<z.output<typeof checks.ChecksReport>>().toExtend<views.ChecksReport>();
  expectTypeOf<z.output<typeof checks.ScanView>>().toExtend<views.Scan>();
  expectTypeOf<z.output<typeof TargetsChanged>>().toExtend<views.ChangedTargets>();
});
