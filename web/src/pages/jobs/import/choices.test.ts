import { expect, test } from 'vitest';
import { BUNDLE_FORMAT_NAMES } from '#jobs/exchange/bundle.ts';
import { FOREIGN_FORMS } from '#jobs/foreign/read-foreign.ts';
import { formatOfFile, IMPORT_FORMATS, importSearch, joined } from './choices.ts';

test('every form that can be read is offered', () => {
  expect([...IMPORT_FORMATS].toSorted()).toEqual([...BUNDLE_FORMAT_NAMES, ...FOREIGN_FORMS].toSorted());
});

test('several files become one text, divided as their form wants', () => {
  expect(joined(['name: a', 'name: b\n'], 'yaml')).toBe('name: a\n---\nname: b\n');
  expect(joined(['{"a":1}', '{"b":1}'], 'ndjson')).toBe('{"a":1}\n{"b":1}\n');
  expect(joined(['as it is'], 'yaml')).toBe('as it is');
});

test('a file’s name speaks for its form', () => {
  expect(['a.yaml', 'b.JSONL', 'c.ndjson', 'd.json'].map(formatOfFile)).toEqual(['yaml', 'ndjson', 'ndjson', 'yaml']);
});

test('what becomes of unknown steps is asked of foreign forms only', () => {
  const choices = { conflict: 'skip', unknown: 'leave_out' } as const;
  expect(importSearch({ format: 'yaml', ...choices }, true)).toBe('format=yaml&on_conflict=skip&dry_run=true');
  expect(importSearch({ format: 'config-style', ...choices }, false)).toContain('unknown_steps=leave_out');
});
