import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from './compile.ts';
import { type JobDefinition, parseDefinition, type StepDefinition } from './definition.ts';
import { definitions } from './definitions.fixture.ts';
import type { PlannedStep } from './plan.ts';
import { TEST_SPECS } from './specs.fixture.ts';

const planned = (step: Omit<StepDefinition, 'id'>, job: Partial<JobDefinition> = {}): PlannedStep | undefined =>
  compile({ name: 'x', ...job, steps: [{ id: 'a', ...step }] }, TEST_SPECS).steps[0];

test('a step that says nothing takes everything from its type', () => {
  expect(planned({ type: 'test.get', config: { url: 'u' } })).toEqual({
    id: 'a',
    number: 1,
    name: 'a',
    type: 'test.get',
    needs: [],
    if: null,
    enabled: true,
    queue: 'http',
    effect: 'idempotent',
    needsTarget: false,
    target: null,
    config: { url: 'u' },
    code: [],
    outputs: {},
    secrets: {},
    timeoutMs: 30_000,
    retry: {
      attempts: 3,
      delayMs: 2000,
      backoff: 3,
      maxDelayMs: 60_000,
      on: ['connection', 'timeout', 'exit_code', 'assertion', 'lost', 'internal'],
    },
    inline: false,
    continueOnFailure: false,
    onError: 'fail',
    priority: null,
  });
});

test('what a step says stands before its type, and the rest of a retry policy is kept', () => {
  const step = planned({
    type: 'test.get',
    name: 'Look',
    if: '${{ run.job == "x" }}',
    timeout: '1h30m',
    retry: { attempts: 7 },
    inline: true,
    continue_on_failure: true,
    on_error: 'wait',
    enabled: false,
    priority: 1,
    secrets: { A: 'b.c' },
    outputs: { o: '${{ result.body }}' },
  });
  expect(step).toMatchObject({
    name: 'Look',
    if: 'run.job == "x"',
    timeoutMs: 5_400_000,
    retry: { attempts: 7, delayMs: 2000, backoff: 3, maxDelayMs: 60_000 },
    inline: true,
    continueOnFailure: true,
    onError: 'wait',
    enabled: false,
    priority: 1,
    secrets: { A: 'b.c' },
    outputs: { o: '${{ result.body }}' },
  });
});

test('a condition may stand bare', () => {
  expect(planned({ type: 'test.send', if: ' parameters.on ' })?.if).toBe('parameters.on');
});

test('config fields with a default are filled in, and given ones kept', () => {
  expect(planned({ type: 'test.exec', config: { command: 'ls', mode: 'loud' } })?.config).toEqual({
    command: 'ls',
    lines: 100,
    mode: 'loud',
  });
});

test('a step keeps its own target and leaves the default to the run, which may start with another than the job’s', () => {
  const config = { command: 'ls' };
  expect(planned({ type: 'test.exec', config, target: 'own' }, { target: 'job' })?.target).toBe('own');
  expect(planned({ type: 'test.exec', config }, { target: 'job' })?.target).toBeNull();
  expect(planned({ type: 'test.exec', config })?.target).toBeNull();
  expect(planned({ type: 'test.get' }, { target: 'job' })?.target).toBeNull();
});

test.each<[string, string, StepDefinition['retry'], readonly string[]]>([
  [
    'what may be repeated: all that another try can mend',
    'test.get',
    undefined,
    ['connection', 'timeout', 'exit_code', 'assertion', 'lost', 'internal'],
  ],
  ['what its type chose', 'test.send', undefined, ['connection', 'lost']],
  [
    'every failure, when the author asks for attempts and names none',
    'test.send',
    { attempts: 9 },
    ['connection', 'timeout', 'exit_code', 'assertion', 'lost', 'internal'],
  ],
  ['what must not happen twice: only what never began', 'test.exec', undefined, ['connection']],
  [
    'the same with more attempts: also what surely ended',
    'test.exec',
    { attempts: 3 },
    ['connection', 'timeout', 'exit_code', 'assertion'],
  ],
  ['what the author chose, in one order', 'test.exec', { attempts: 3, on: ['assertion', 'connection'] }, ['connection', 'assertion']],
  [
    'an unknown end, when the author says that the work may happen twice',
    'test.exec',
    { attempts: 3, on: ['lost', 'exit_code'] },
    ['exit_code', 'lost'],
  ],
  ['nothing, when the author chose nothing', 'test.get', { on: [] }, []],
])('another execution is worth: %s', (_, type, retry, on) => {
  expect(planned({ type, ...(retry && { retry }) })?.retry.on).toEqual(on);
});

test('the longest wait is never below the first', () => {
  expect(planned({ type: 'test.get', retry: { delay: '5m' } })?.retry).toMatchObject({ delayMs: 300_000, maxDelayMs: 300_000 });
});

test('a plan carries the job’s limits, zone, priority and outputs', () => {
  const steps = [{ id: 'a', type: 'test.send' }];
  expect(compile({ name: 'x', steps }, TEST_SPECS)).toMatchObject({ job: 'x', timeoutMs: null, timezone: null, priority: 5, outputs: {} });
  const job = {
    name: 'x',
    steps,
    limits: { timeout: '2h' },
    timezone: 'Europe/Berlin',
    priority: 2,
    outputs: { o: '${{ steps.a.status }}' },
  };
  expect(compile(job, TEST_SPECS)).toMatchObject({
    timeoutMs: 7_200_000,
    timezone: 'Europe/Berlin',
    priority: 2,
    outputs: { o: '${{ steps.a.status }}' },
  });
});

test('an unknown step type does not compile', () => {
  expect(() => planned({ type: 'toString' })).toThrow('step a: no step type toString');
});

test('the same definition gives the same plan, steps in the order written and needs resolved, and JSON holds all of it', () => {
  fc.assert(
    fc.property(definitions, (definition) => {
      const plan = compile(definition, TEST_SPECS);
      const again = compile(parseDefinition(JSON.stringify(definition), TEST_SPECS).definition, TEST_SPECS);
      expect(JSON.stringify(again)).toBe(JSON.stringify(plan));
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      expect(plan.steps.map(({ id, number }) => [id, number])).toEqual(definition.steps.map(({ id }, at) => [id, at + 1]));
      for (const [at, step] of plan.steps.entries())
        expect(step.needs).toEqual(definition.steps[at]?.needs ?? (at === 0 ? [] : [plan.steps[at - 1]?.id]));
    }),
  );
});
