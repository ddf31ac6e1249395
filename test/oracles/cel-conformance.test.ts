import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkExpression } from '#jobs/expression/check.ts';
import { evaluate } from '#jobs/expression/evaluate.ts';
import { scope, variables } from '#jobs/expression/example-run.ts';
import type { Json } from '#jobs/json.ts';

type Row = readonly [name: string, source: string, wanted: { readonly value: Json } | { readonly fails: true }];
const rows: readonly Row[] = JSON.parse(readFileSync(new URL('cel-conformance.json', import.meta.url), 'utf8'));

/** What an expression here may not say though the language could, each with the words of its refusal. */
const NOT_OFFERED: readonly RegExp[] = [
  /^there is no function "/,
  /^unsigned integers are not offered/,
  /^bytes are not offered/,
  /^keys of an object are texts/,
  /^unexpected (character|token): /,
  /^expected (IDENTIFIER|RPAREN), got /,
  /^(exists|all|exists_one|map|filter) is written /,
  /stands inside another all, exists, map or filter/,
  /invalid predicate iteration variable$/,
  /^has\(\) invalid argument/,
  /takes no time zone, since zone data change/,
  /^the items of an empty list or object have no type/,
  /^(no function fits|no operator fits|there is no variable) /,
  /^(logical operator requires bool operands|ternary branches must have the same type), /,
];

/** Where the answer is another one here, and why. */
const OTHERWISE: { readonly [name: string]: string } = {
  'comparisons/lt_literal/not_lt_dyn_int_big_lossy_double': 'whole numbers beyond 2^53 never come in',
  'comparisons/gt_literal/not_gt_dyn_big_double_int': 'whole numbers beyond 2^53 never come in',
  'comparisons/lte_literal/lte_dyn_big_double_int': 'whole numbers beyond 2^53 never come in',
  'comparisons/gte_literal/gte_dyn_int_big_lossy_double': 'whole numbers beyond 2^53 never come in',
  'string_ext/trim/unicode_space_chars_1': 'trim takes away what JavaScript calls white space',
  'string_ext/trim/unicode_no_trim': 'trim takes away what JavaScript calls white space',
  'timestamps/timestamp_range/sub_time_duration_over': 'a span is as long as it is',
  'timestamps/timestamp_range/sub_time_duration_under': 'a span is as long as it is',
};

type Outcome = 'same' | 'refused' | 'not offered' | 'fails' | `${string}`;

function outcomeOf([, source, wanted]: Row): Outcome {
  const [refusal] = checkExpression(source, scope).filter(({ severity }) => severity === 'error');
  if (refusal) {
    if ('fails' in wanted) return 'refused';
    return NOT_OFFERED.some((words) => words.test(refusal.message)) ? 'not offered' : `refused: ${refusal.message}`;
  }
  let value: Json;
  try {
    value = evaluate(source, variables, 'oracle');
  } catch (error) {
    return 'fails' in wanted ? 'fails' : `threw ${String(error)}`;
  }
  if ('fails' in wanted) return `gave ${JSON.stringify(value)}`;
  return JSON.stringify(sorted(value)) === JSON.stringify(sorted(wanted.value)) ? 'same' : `gave ${JSON.stringify(value)}`;
}

const sorted = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, sorted(one)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
};

test('an expression that may be saved has the value the specification gives it, or fails where it fails', () => {
  const outcomes = rows.map((row) => [row[0], outcomeOf(row)] as const);
  const agreed = ['same', 'refused', 'not offered', 'fails'];
  const others = outcomes.filter(([, outcome]) => !agreed.includes(outcome));
  expect(others.filter(([name]) => OTHERWISE[name] === undefined)).toEqual([]);
  expect(others.map(([name]) => name).sort()).toEqual(Object.keys(OTHERWISE).sort());
  const same = outcomes.filter(([, outcome]) => outcome === 'same').length;
  expect({ of: rows.length, same }).toEqual({ of: 1500, same: 634 });
});
