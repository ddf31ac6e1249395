import { expect, test } from 'vitest';
import { EventReader } from './events.ts';

const read = (...chunks: string[]) => {
  const seen: unknown[] = [];
  const reader = new EventReader({
    onProgress: (percent, message) => seen.push({ percent, message }),
    onResult: (data) => seen.push({ data }),
    onUnreadable: (line) => seen.push({ unreadable: line }),
  });
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  reader.end();
  return seen;
};

test('events are read line by line, also when split, also without a last newline', () => {
  expect(read('{"progress": 5', '0, "message": "half"}\n\n{"result_data": {"a"', ': null}}')).toEqual([
    { percent: 50, message: 'half' },
    { data: { a: null } },
  ]);
});

test('one line may tell progress and result', () => {
  expect(read('{"progress":100,"result_data":[]}\n')).toEqual([{ percent: 100, message: undefined }, { data: [] }]);
});

test.each(['nonsense', '[1]', '7', '{"progress":"50"}', '{}'])('%s is told as unreadable', (line) => {
  expect(read(`${line}\n`)).toEqual([{ unreadable: line }]);
});

test('a line without an end is given up before it fills the memory', () => {
  const seen = read(...Array.from({ length: 20 }, () => 'x'.repeat(100_000)));
  expect(seen.length).toBeGreaterThan(5);
});
