import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SABOTAGES } from './safeguards.ts';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

test.each(SABOTAGES)('$safeguard ($broken): the text to break stands once in its file, and the test that notices is there', (sabotage) => {
  expect(read(sabotage.file).split(sabotage.from)).toHaveLength(2);
  expect(sabotage.to).not.toBe(sabotage.from);
  expect(read(sabotage.red.file).replaceAll('\\', '')).toContain(sabotage.red.title);
});
