import { expect, test } from 'vitest';
import { exported } from './quote.ts';

test('a variable that would take the place of the command, or of its marker, is refused by name', () => {
  for (const name of ['c_text', 'c_stdin', 'CAPSTAN_MARK']) expect(() => exported({ [name]: 'x' })).toThrow(`environment: ${name}`);
  expect(exported({ TEXT: `it's` })).toBe(`TEXT='it'\\''s'; export TEXT\n`);
});
