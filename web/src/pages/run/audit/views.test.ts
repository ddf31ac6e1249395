import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { AuditEntry } from '#api/routes/audit.ts';
import type { AuditEntryView } from './views.ts';

// Proven by the type check.
test('what the page reads of the audit is what the API promises', () => {
  expectTypeOf<z.output<typeof AuditEntry>>().toExtend<AuditEntryView>();
});
