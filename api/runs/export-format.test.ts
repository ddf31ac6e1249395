import { expect, test } from 'vitest';
import type { Json } from '#jobs/json.ts';
import { RUN_EXPORTS } from './export-format.ts';

async function* pages(...all: (readonly (readonly Json[])[])[]) {
  yield* all;
}

const written = async (format: keyof typeof RUN_EXPORTS, ...all: (readonly (readonly Json[])[])[]) => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of RUN_EXPORTS[format].write(['number', 'message'], pages(...all)))
    text += decoder.decode(bytes, { stream: true });
  return text;
};

test('no cell is a formula, and what would end a cell stands in quotes', async () => {
  const rows = ['=1+1', '+1', '-1', '@x', 'a,b', 'say "no"', 'two\nlines', null, 'plain'].map((message, at): readonly Json[] => [
    at,
    message,
  ]);
  expect(await written('csv', rows)).toBe(
    ['number,message', "0,'=1+1", "1,'+1", "2,'-1", "3,'@x", '4,"a,b"', '5,"say ""no"""', '6,"two\nlines"', '7,', '8,plain', ''].join(
      '\r\n',
    ),
  );
});

test('JSON is one list, whatever pages it came in, and an empty one is a list too', async () => {
  expect(
    JSON.parse(
      await written(
        'json',
        [
          [1, 'a'],
          [2, null],
        ],
        [],
        [[3, { deep: ['=x'] }]],
      ),
    ),
  ).toEqual([
    { number: 1, message: 'a' },
    { number: 2, message: null },
    { number: 3, message: { deep: ['=x'] } },
  ]);
  expect(JSON.parse(await written('json', []))).toEqual([]);
});
