import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '../canonical.ts';
import type { JobDefinition } from '../definition.ts';
import type { Json } from '../json.ts';
import { applyDiff, diffDefinitions } from './diff-definitions.ts';
import { diffLines, type Hunk } from './diff-lines.ts';
import { MASK, maskedDiff, maskedSource, secretParameters } from './mask.ts';

const step = (id: string, command: string, more: object = {}) => ({ id, type: 'local.exec', config: { command }, ...more });
const job = (steps: readonly object[], more: object = {}) => ({ name: 'backup', steps, ...more }) as unknown as JobDefinition;

const value: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>('a', 'b', 1, 2, true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('x', 'y', 'a/b', '~', '0', '__proto__'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

const named = (list: fc.Arbitrary<string>) =>
  fc.uniqueArray(fc.record({ id: list, type: fc.constantFrom('t', 'u'), config: fc.dictionary(fc.constantFrom('c', 'd'), value) }), {
    selector: ({ id }) => id,
    maxLength: 8,
  });

const definition = fc
  .record(
    {
      name: fc.constantFrom('j', 'k'),
      steps: named(fc.constantFrom(...'abcdefghij')),
      on_failure: fc.array(fc.record({ type: fc.constantFrom('t', 'u'), config: value }), { maxLength: 3 }),
      parameters: fc.dictionary(fc.constantFrom('p', 'q'), value),
      limits: value,
      tags: fc.array(fc.constantFrom('x', 'y')),
    },
    { requiredKeys: ['name', 'steps'] },
  )
  .map((made) => made as unknown as JobDefinition);

const exact = (it: JobDefinition) => canonical(it as unknown as Json);

describe('the difference of two definitions', () => {
  test('applied to the one gives exactly the other', () => {
    fc.assert(
      fc.property(definition, definition, (a, b) => {
        expect(exact(applyDiff(diffDefinitions(a, b), a))).toBe(exact(b));
      }),
      { numRuns: 1_000 },
    );
  });

  test('is nothing between equal ones, whatever the order of their keys', () => {
    const a = job([step('one', 'id', { timeout: '1m' })], { title: 'T', limits: { timeout: '1h', concurrency: { key: 'k', max: 2 } } });
    const b = job([{ config: { command: 'id' }, timeout: '1m', type: 'local.exec', id: 'one' }], {
      limits: { concurrency: { max: 2, key: 'k' }, timeout: '1h' },
      title: 'T',
    });
    expect(diffDefinitions(a, b)).toEqual({ fields: [] });
  });

  test('names steps that came, went, moved and changed, each by its id and place', () => {
    const a = job([step('fetch', 'get'), step('check', 'test'), step('load', 'put'), step('old', 'rm')], { limits: { timeout: '1h' } });
    const b = job([step('load', 'put', { timeout: '5m' }), step('fetch', 'get'), step('new', 'ls'), step('check', 'test -f')], {
      limits: { timeout: '2h' },
      title: 'Backup',
    });
    expect(diffDefinitions(a, b)).toEqual({
      fields: [
        { pointer: '/limits/timeout', before: '1h', after: '2h' },
        { pointer: '/title', after: 'Backup' },
      ],
      steps: {
        removed: [{ id: 'old', at: 3, value: step('old', 'rm') }],
        added: [{ id: 'new', at: 2, value: step('new', 'ls') }],
        moved: [{ id: 'load', from: 2, to: 0 }],
        changed: [
          { id: 'load', fields: [{ pointer: '/timeout', after: '5m' }] },
          { id: 'check', fields: [{ pointer: '/config/command', before: 'test', after: 'test -f' }] },
        ],
      },
    });
  });

  test('moves as few steps as can be, however many stand elsewhere for it', () => {
    const ids = Array.from({ length: 500 }, (_, at) => `s${at}`);
    const a = job(ids.map((id) => step(id, id)));
    const b = job([...ids.slice(1), 's0'].map((id) => step(id, id)));
    expect(diffDefinitions(a, b).steps?.moved).toEqual([{ id: 's0', from: 0, to: 499 }]);
  });

  test('says that the default of a secret parameter changed, and never what it was or is', () => {
    const secret = (value: string) => job([step('a', 'id')], { parameters: { pin: { type: 'string', secret: true, default: value } } });
    const [a, b] = [secret('canary-1'), secret('canary-2')];
    const shown = (from: JobDefinition, to: JobDefinition) => maskedDiff(diffDefinitions(from, to), secretParameters(from, to));
    expect(shown(a, b).fields).toEqual([{ pointer: '/parameters/pin/default', before: MASK, after: MASK }]);
    const open = job([step('a', 'id')], { parameters: { pin: { type: 'string', default: 'canary-1' } } });
    for (const [from, to] of [
      [a, b],
      [job([step('a', 'id')]), a],
      [a, job([step('a', 'id')], { parameters: {} })],
      [open, a],
      [a, open],
    ] as const) {
      expect(shown(from, to).fields.length).toBeGreaterThan(0);
      expect(JSON.stringify(shown(from, to))).not.toContain('canary');
    }
  });
});

describe('the text of a definition with secret defaults covered', () => {
  const pin = new Set(['pin']);
  test.each([
    ['plain', 'parameters:\n  pin: { type: string, default: canary }\n  other: { default: seen }\n'],
    ['quoted', 'parameters:\n  pin:\n    default: "canary \\" # 1"\n    type: string # seen\n'],
    ['several lines', 'parameters:\n  pin:\n    default: |\n      canary\n      canary two\n    type: string\nsteps: [seen]\n'],
    ['a list', 'parameters:\n  pin:\n    enum:\n      - canary\n      - canary two\n    title: seen\n'],
    ['an alias', 'description: &d canary\nparameters:\n  pin: { default: *d }\nsteps: [seen]\n'],
    ['behind an alias', 'steps: [{ config: &p { pin: { default: canary } } }, seen]\nparameters: *p\n'],
    ['JSON with tabs', '{\n\t"parameters": {\n\t\t"pin": {\n\t\t\t"default":\t"canary" } },\n\t"title": "seen"\n}'],
  ])('%s', (_what, source) => {
    const masked = maskedSource(source, pin);
    expect(masked).not.toContain('canary');
    expect(masked).toContain(MASK);
    expect(masked).toContain('seen');
  });

  test('is as written where nothing is secret', () => {
    expect(maskedSource('a: 1 # kept\n', new Set())).toBe('a: 1 # kept\n');
  });
});

/** The newer text, from the older and the difference. */
function patched(before: string, hunks: readonly Hunk[]): string {
  const lines = before === '' ? [] : before.replace(/\n$/, '').split('\n');
  const out: string[] = [];
  let at = 0;
  for (const { from, lines: shown } of hunks) {
    out.push(...lines.slice(at, from - 1));
    at = from - 1;
    for (const { kind, text } of shown) {
      if (kind !== '+') expect(lines[at++]).toBe(text);
      if (kind !== '-') out.push(text);
    }
  }
  return [...out, ...lines.slice(at)].join('\n');
}

describe('the difference of two texts', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 }).map((lines) => lines.map((line) => `${line}\n`).join(''));

  test('applied to the one gives the other, in as few lines as can be', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const hunks = diffLines(a, b);
        expect(patched(a, hunks)).toBe(b.replace(/\n$/, ''));
        const edits = hunks.flatMap(({ lines }) => lines).filter(({ kind }) => kind !== ' ').length;
        expect(edits).toBe(fewest(a === '' ? [] : a.slice(0, -1).split('\n'), b === '' ? [] : b.slice(0, -1).split('\n')));
      }),
      { numRuns: 1_000 },
    );
  });

  test('shows three lines around each change, with the numbers of both texts', () => {
    const before = Array.from({ length: 30 }, (_, at) => `line ${at + 1}`);
    const after = before.with(4, 'changed').toSpliced(20, 0, 'new');
    const hunks = diffLines(before.join('\n'), after.join('\n'));
    expect(hunks.map(({ from, to, lines }) => [from, to, lines.map(({ kind }) => kind).join('')])).toEqual([
      [2, 2, '   -+   '],
      [18, 18, '   +   '],
    ]);
  });

  test('of texts that have nothing in common replaces the one by the other, without looking for long', () => {
    const lines = (word: string) => Array.from({ length: 60_000 }, (_, at) => `${word} ${at}`).join('\n');
    const before = process.threadCpuUsage();
    const [hunk] = diffLines(lines('a'), lines('b'));
    expect(hunk?.lines.length).toBe(120_000);
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1_000_000).toBeLessThan(3);
  });
});

/** Edits by the longest common subsequence, found the plain way. */
function fewest(a: readonly string[], b: readonly string[]): number {
  const rows = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const common = a[i - 1] === b[j - 1] ? (rows[i - 1]?.[j - 1] ?? 0) + 1 : Math.max(rows[i - 1]?.[j] ?? 0, rows[i]?.[j - 1] ?? 0);
      (rows[i] as number[])[j] = common;
    }
  }
  return a.length + b.length - 2 * (rows[a.length]?.[b.length] ?? 0);
}
