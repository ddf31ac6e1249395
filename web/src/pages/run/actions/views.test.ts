import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { RerunPreview } from '#api/views/rerun-preview.ts';
import type { SurgeryReport } from '#api/views/step-surgery.ts';
import type { Operated } from './moves.ts';
import type { RerunPreviewView } from './views.ts';

// Proven by the type check.
test('what the page reads of re-runs and operations is something the API promises', () => {
  expectTypeOf<z.output<typeof RerunPreview>>().toExtend<RerunPreviewView>();
  expectTypeOf<z.output<typeof SurgeryReport>>().toExtend<Operated>();
});
