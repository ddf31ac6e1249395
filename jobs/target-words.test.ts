import { expect, test } from 'vitest';
import type { TargetChoice } from './target-choice.ts';
import { readTargetWords, targetWords } from './target-words.ts';

test.each<readonly [string, Exclude<TargetChoice, string>]>([
  ['core-1', ['core-1']],
  ['core-1,core-2', ['core-1', 'core-2']],
  ['edge-*', { names: ['edge-*'] }],
  ['core-1,edge-*', { names: ['core-1', 'edge-*'] }],
  ['tag:edge', { tags: ['edge'] }],
  ['tag:edge,tag:prod,tag:!lab', { tags: ['edge', 'prod'], not_tags: ['lab'] }],
  ['tag:ber|fra', { any_tags: ['ber', 'fra'] }],
  ['kind:device,site=ber', { kind: 'device', site: 'ber' }],
  ['url=a=b', { url: 'a=b' }],
  ['edge-*,site=ber', { names: ['edge-*'], site: 'ber' }],
])('%s is %j, and is written so', (words, choice) => {
  expect(readTargetWords(words)).toEqual(choice);
  expect(readTargetWords(targetWords(choice))).toEqual(choice);
});

test.each([
  ['', 'nothing between two commas'],
  ['a,,b', 'nothing between two commas'],
  ['tag:', '"tag:" names no tag'],
  ['tag:!', '"tag:!" names no tag'],
  ['kind:', '"kind:" names no kind'],
])('%j is refused', (words, message) => {
  expect(() => readTargetWords(words)).toThrow(message);
});
