import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { LogGroups as Groups, LogMatches as Sent } from '#api/views/step-log.ts';
import type { LogGroups, LogMatches } from './views.ts';

test('the API promises what the log reads of it', () => {
  expectTypeOf<z.infer<typeof Sent>>().toExtend<LogMatches>();
  expectTypeOf<z.infer<typeof Groups>>().toExtend<LogGroups>();
});
