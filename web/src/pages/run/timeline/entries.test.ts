import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STEP_STATUSES } from '#jobs/run-state.ts';
import { planned, step } from '../../../testing/steps.ts';
import { stepRows } from '../rows.ts';
import { type Entry, entriesOf, type Look } from './entries.ts';

const look: Look = { problems: false, filter: '', chosen: undefined, opened: new Set() };
const says = (entries: readonly Entry[]) =>
  entries.map((entry) => {
    if (entry.kind === 'fold') return `${entry.count} completed`;
    return entry.kind === 'phase' ? `-- ${entry.phase}` : entry.row.key;
  });
const parts = (count: number, statuses: { readonly [n: number]: (typeof STEP_STATUSES)[number] } = {}) =>
  stepRows(
    [planned('ping')],
    [
      step('ping', Object.values(statuses).includes('running') ? 'running' : 'completed', { parts: count }),
      ...Array.from({ length: count }, (_, n) => step(`ping[${n}]`, statuses[n] ?? 'completed')),
    ],
  );

test('completed parts between those that failed are a line each, which opens', () => {
  const rows = parts(60, { 30: 'failed' });
  expect(says(entriesOf(rows, look))).toEqual(['ping', '30 completed', 'ping[30]', '29 completed']);
  const open = entriesOf(rows, { ...look, opened: new Set(['fold ping[31]']) });
  expect(open).toHaveLength(4 + 29);
  expect(open.at(-1)?.id).toBe('ping[59]');
});

test('while a step goes on its lines move only every twenty parts', () => {
  expect(says(entriesOf(parts(48, { 47: 'running' }), look)).slice(0, 3)).toEqual(['ping', '40 completed', 'ping[40]']);
  expect(says(entriesOf(parts(10, { 9: 'running' }), look))).toHaveLength(11);
});

test('the chosen step is never folded away', () => {
  expect(says(entriesOf(parts(60), { ...look, chosen: 'ping[25]' }))).toEqual(['ping', '25 completed', 'ping[25]', '34 completed']);
});

test('phases stand apart', () => {
  const plan = [planned('a'), planned('a.compensate', { phase: 'undo' }), planned('tidy', { phase: 'clean_up' })];
  const rows = stepRows(plan, [step('a', 'failed'), step('a.compensate', 'completed')]);
  expect(says(entriesOf(rows, look))).toEqual(['a', '-- undo', 'a.compensate', '-- clean_up', 'tidy']);
});

test('problems only leaves what failed, waits or is tried again, and the steps that such parts belong to', () => {
  const plan = [planned('fetch'), planned('ping'), planned('ask')];
  const steps = [
    step('fetch', 'completed'),
    step('ping', 'running', { parts: 3 }),
    step('ping[0]', 'completed'),
    step('ping[1]', 'retrying', { attempt: 2 }),
    step('ping[2]', 'lost'),
    step('ask', 'waiting'),
  ];
  expect(says(entriesOf(stepRows(plan, steps), { ...look, problems: true }))).toEqual(['ping', 'ping[1]', 'ping[2]', 'ask']);
});

test('a filter finds steps and parts by name, host and type; a step that matches keeps its parts', () => {
  const plan = [planned('fetch', { type: 'http.request' }), planned('ping')];
  const steps = [
    step('fetch', 'completed'),
    step('ping', 'completed', { parts: 2 }),
    step('ping[0]', 'completed', { target: 'Core-Fra' }),
    step('ping[1]', 'completed', { target: 'edge-ber' }),
  ];
  const found = (filter: string) => says(entriesOf(stepRows(plan, steps), { ...look, filter }));
  expect(found('core-fra')).toEqual(['ping', 'ping[0]']);
  expect(found('http')).toEqual(['fetch']);
  expect(found('ping')).toEqual(['ping', 'ping[0]', 'ping[1]']);
  expect(found('nothing')).toEqual([]);
});

test('whatever happens to parts, each is a line or counted in one, and lines keep their order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...STEP_STATUSES), { maxLength: 80 }), fc.nat(90), (statuses, chosen) => {
      const rows = stepRows([planned('p')], [step('p', 'running', { parts: 80 }), ...statuses.map((one, n) => step(`p[${n}]`, one))]);
      const entries = entriesOf(rows, { ...look, chosen: `p[${chosen}]` });
      const drawn = entries.flatMap((entry) => (entry.kind === 'row' && entry.row.isPart ? [Number(/\d+/.exec(entry.id)?.[0])] : []));
      const folded = entries.reduce((sum, entry) => sum + (entry.kind === 'fold' ? entry.count : 0), 0);
      expect(drawn.length + folded).toBe(statuses.length);
      expect(drawn).toEqual(drawn.toSorted((one, other) => one - other));
      expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    }),
    { numRuns: 100 },
  );
});
