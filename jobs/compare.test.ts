import { describe, expect, test } from 'vitest';
import { type ComparedRun, type ComparedStep, compareRuns } from './compare.ts';
import type { JobDefinition } from './definition.ts';

const definition: JobDefinition = { name: 'nightly', steps: [{ id: 'a', type: 'local.exec', config: { command: 'true' } }] };
const step = (key: string, over: Partial<ComparedStep> = {}): ComparedStep => ({
  key,
  parent_key: null,
  step_number: 1,
  target: null,
  status: 'completed',
  duration_ms: 100,
  attempt: 1,
  kept_from: null,
  config: { command: 'true' },
  outputs: { exit_code: 0 },
  error: null,
  ...over,
});
const run = (over: Partial<ComparedRun> = {}): ComparedRun => ({ definition, parameters: {}, target: null, steps: [step('a')], ...over });

describe('two runs', () => {
  test('that went alike have only equal steps, however long those took', () => {
    expect(compareRuns(run(), run({ steps: [step('a', { duration_ms: 900 })] }))).toEqual({
      definition: null,
      definition_known: true,
      parameters: [],
      target: null,
      steps: [],
      equal_steps: [{ id: 'a', status: 'completed', duration_ms: { a: 100, b: 900 } }],
    });
  });

  test('of which one followed what is no longer stored are not said to have followed the same', () => {
    expect(compareRuns(run(), run({ definition: null }))).toMatchObject({ definition: null, definition_known: false });
  });

  test('differ in parameters, target and definition by place', () => {
    const changed: JobDefinition = { ...definition, priority: 1, steps: [{ id: 'a', type: 'local.exec', config: { command: 'false' } }] };
    const found = compareRuns(
      run({ parameters: { site: 'ber', n: 1 }, target: 'x' }),
      run({ parameters: { site: 'fra', n: 1 }, definition: changed }),
    );
    expect(found.parameters).toEqual([{ pointer: '/site', before: 'ber', after: 'fra' }]);
    expect(found.target).toEqual({ a: 'x', b: null });
    expect(found.definition).toMatchObject({
      fields: [{ pointer: '/priority', after: 1 }],
      steps: { changed: [{ id: 'a', fields: [{ pointer: '/config/command', before: 'true', after: 'false' }] }] },
    });
  });

  test.each<readonly [string, Partial<ComparedStep>]>([
    ['status', { status: 'failed' }],
    ['attempts', { attempt: 2 }],
    ['config', { config: { command: 'false' } }],
    ['outputs', { outputs: { exit_code: 1 } }],
    ['error', { error: { type: 'timeout', message: 'took too long' } }],
  ])('differ in a step by its %s', (_, over) => {
    const found = compareRuns(run(), run({ steps: [step('a', over)] }));
    expect(found.steps.map(({ id }) => id)).toEqual(['a']);
    expect(found.equal_steps).toEqual([]);
  });

  test('do not differ by a result that one kept and the other had', () => {
    expect(compareRuns(run(), run({ steps: [step('a', { attempt: 0, kept_from: 'r1' })] })).steps).toEqual([]);
  });

  test('show a step that only one of them has', () => {
    const found = compareRuns(run(), run({ steps: [step('a'), step('b', { step_number: 2 })] }));
    expect(found.steps).toMatchObject([{ id: 'b', a: null, b: { status: 'completed' } }]);
  });

  test('are compared part by part, by the targets of the parts, and only the first of many are told', () => {
    const parts = (count: number, over: (n: number) => Partial<ComparedStep>) => [
      step('f', { outputs: null }),
      ...Array.from({ length: count }, (_, n) => step(`f[${n}]`, { parent_key: 'f', target: `edge-${n}`, ...over(n) })),
    ];
    const shifted = parts(3, (n) => ({ target: `edge-${n + 1}` }));
    const found = compareRuns(run({ steps: parts(3, () => ({})) }), run({ steps: shifted })).steps[0];
    expect(found?.parts).toMatchObject({
      equal: 2,
      different: 2,
      items: [
        { target: 'edge-3', a: null },
        { target: 'edge-0', b: null },
      ],
    });
    const many = compareRuns(run({ steps: parts(500, () => ({})) }), run({ steps: parts(500, () => ({ status: 'failed' })) })).steps[0];
    expect(many?.parts).toMatchObject({ equal: 0, different: 500 });
    expect(many?.parts?.items).toHaveLength(50);
  });

  test('are compared item by item, wherever each stands in its list', () => {
    const items = (names: readonly string[]) =>
      run({ steps: [step('f'), ...names.map((item, n) => step(`f[${n}]`, { parent_key: 'f', item, config: { command: item } }))] });
    const found = compareRuns(items(['a', 'b', 'c']), items(['b', 'c', 'd'])).steps[0];
    expect(found?.parts).toMatchObject({
      equal: 2,
      different: 2,
      items: [
        { key: 'f[2]', item: 'd', a: null },
        { key: 'f[0]', item: 'a', b: null },
      ],
    });
    expect(compareRuns(items(['a', 'a']), items(['a', 'b'])).steps[0]?.parts).toMatchObject({ equal: 1, different: 1 });
  });

  test('that differ in very much tell of the last steps only how they ended', () => {
    const many = (word: string) =>
      run({
        steps: Array.from({ length: 400 }, (_, n) =>
          step(`s${n}`, {
            step_number: n,
            outputs: Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`f${at}`, word.repeat(50)])),
          }),
        ),
      });
    const found = compareRuns(many('a'), many('b'));
    expect(found.steps).toHaveLength(400);
    expect(found.steps[0]?.outputs).toHaveLength(40);
    expect(found.steps.at(-1)).toMatchObject({ id: 's399', a: { status: 'completed' }, outputs: [], left_out: true });
    expect(JSON.stringify(found).length).toBeLessThan(1_200_000);
  });

  test('tell no secret, and of large values only how they begin', () => {
    const secret: JobDefinition = { ...definition, parameters: { token: { type: 'string', secret: true } } };
    const found = compareRuns(
      run({ definition: secret, parameters: { token: 'one' } }),
      run({ definition: secret, parameters: { token: 'two' }, steps: [step('a', { outputs: { text: 'x'.repeat(100_000) } })] }),
    );
    expect(JSON.stringify(found)).not.toMatch(/"one"|"two"/);
    expect(found.parameters).toMatchObject([{ pointer: '/token' }]);
    expect(JSON.stringify(found).length).toBeLessThan(5_000);
    expect(found.steps[0]?.outputs).toMatchObject([{ pointer: '/exit_code' }, { pointer: '/text', after: { bytes: 100_002 } }]);
  });
});
