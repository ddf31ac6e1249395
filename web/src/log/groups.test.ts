import { expect, test } from 'vitest';
import { groupedLines, hiddenBy, linesOfCommand } from './groups.ts';
import type { LogGroup } from './views.ts';

const group = (number: number, first_line: number, last_line: number | null, attempt = 1): LogGroup => ({
  attempt,
  number,
  command: `show ${number}`,
  exit_code: 0,
  executed_at: '2026-11-22T10:00:00Z',
  duration_ms: 5,
  first_line,
  last_line,
});

test('a command has its lines up to its last, or to the next command, or to the end while it runs', () => {
  const groups = groupedLines([group(2, 10, 30), group(1, 2, 8), group(3, 25, null)], 100);
  expect(groups.map(({ id, from, to }) => [id, from, to])).toEqual([
    ['1.1', 2, 8],
    ['1.2', 10, 24],
    ['1.3', 25, 100],
  ]);
});

test('folding leaves the line that shows the command', () => {
  const groups = groupedLines([group(1, 2, 8), group(2, 9, 9), group(3, 10, 20)], 20);
  expect(hiddenBy(groups, new Set(['1.1', '1.2', '9.9']))).toEqual([{ from: 3, to: 8 }]);
});

test('a command given again in a later attempt is another one', () => {
  const groups = groupedLines([group(1, 2, 8), group(1, 12, 18, 2)], 20);
  expect(linesOfCommand(groups, '2.1')).toEqual({ from: 12, to: 18 });
  expect(linesOfCommand(groups, '1.1')).toEqual({ from: 2, to: 8 });
  expect(linesOfCommand(groups, '1.7')).toBeNull();
  expect(linesOfCommand(groups, '')).toBeNull();
});

test('what is asked of the command that runs stays the same while its log grows', () => {
  const asked = (lines: number) => linesOfCommand(groupedLines([group(1, 2, 8), group(2, 9, null)], lines), '1.2');
  expect(asked(20)).toEqual({ from: 9, to: null });
  expect(asked(5000)).toEqual(asked(20));
});
