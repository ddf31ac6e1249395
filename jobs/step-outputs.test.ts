import { expect, test } from 'vitest';
import { outputsOf } from './step-outputs.ts';

test('declared outputs are picked from the result and keep their types', () => {
  const result = { exit_code: 0, result_data: { files: [1, 2] } };
  expect(outputsOf({ files: '${{ result.result_data.files }}', text: 'code ${{ result.exit_code }}' }, result)).toEqual({
    files: [1, 2],
    text: 'code 0',
  });
});

test('without declared outputs the result itself is handed on, long texts by their end', () => {
  expect(outputsOf({}, { exit_code: 0, stdout: `${'x'.repeat(5000)}end` })).toEqual({ exit_code: 0, stdout: `${'x'.repeat(4093)}end` });
});

test('without declared outputs a result over 16 KiB loses its largest fields, not its small ones', () => {
  const body = Array.from({ length: 2000 }, (_, index) => ({ index }));
  expect(outputsOf({}, { status: 200, body })).toEqual({ status: 200 });
});

test('declared outputs over 16 KiB are refused with their size', () => {
  expect(() => outputsOf({ all: '${{ result.text }}' }, { text: 'x'.repeat(20_000) })).toThrow(/outputs: 20\d\d\d bytes.*16384/);
});

test('a part of a step hands on no more unasked than its share', () => {
  expect(outputsOf({}, { exit_code: 0, stdout: `${'x'.repeat(5000)}end` }, 2048)).toEqual({
    exit_code: 0,
    stdout: `${'x'.repeat(509)}end`,
  });
  const list = Array.from({ length: 500 }, (_, n) => n);
  expect(outputsOf({}, { status: 200, list }, 1024)).toEqual({ status: 200 });
});
