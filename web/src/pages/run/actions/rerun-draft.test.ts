import { expect, test } from 'vitest';
import type { StepSummary } from '../../../api/views.ts';
import { askOf, changedValues, draftOf, failedCount, formOf, removedNames, secretsIn, tolerated } from './rerun-draft.ts';

const step = (key: string, status: StepSummary['status'], parts: StepSummary['parts_by_status'] = null) => ({
  key,
  status,
  parent_key: null,
  parts_by_status: parts,
});

test('only what a person changed is sent, and what was emptied has its default again', () => {
  const schemas = { site: { type: 'string' }, note: { type: 'string', default: 'none' }, list: { type: 'array' }, key: { secret: true } };
  const earlier = { site: 'ber', note: 'old', list: [1, 2] };
  expect(changedValues(earlier, undefined, schemas)).toEqual({});
  expect(changedValues(earlier, { site: 'ber', note: 'old', list: [1, 2] }, schemas)).toEqual({});
  expect(changedValues(earlier, { site: 'fra', list: [1, 2], key: 's' }, schemas)).toEqual({ site: 'fra', note: 'none', key: 's' });
});

test('what was emptied and has no default is named as taken away, secrets and what the version no longer has aside', () => {
  const schemas = { site: { type: 'string' }, note: { default: 'none' }, why: { visible_if: 'true' }, key: { secret: true } };
  const earlier = { site: 'ber', note: 'old', why: 'so', key: null, gone: 1 };
  expect(removedNames(earlier, undefined, schemas)).toEqual([]);
  expect(removedNames(earlier, { site: 'ber' }, schemas)).toEqual(['why']);
  expect(askOf(draftOf('same'), { status: 'failed' }, [], 3, {}, ['why'])).toMatchObject({ without: ['why'] });
});

test('a parameter without a default has to be given unless it is only asked for sometimes', () => {
  const schemas = { site: { type: 'string' }, note: { default: '' }, why: { type: 'string', visible_if: 'parameters.note != ""' } };
  expect(formOf(schemas)).toMatchObject({ type: 'object', required: ['site'] });
  expect(secretsIn({ ...schemas, key: { secret: true } })).toEqual(['key']);
});

test('retrying what failed names the steps that had tolerated it, and nothing where the run itself failed', () => {
  const steps = [step('read', 'completed'), step('show', 'completed', { completed: 3, failed: 2 })];
  expect(tolerated(steps)).toEqual(['show']);
  expect(askOf(draftOf('failed'), { status: 'completed' }, steps, 3, {})).toMatchObject({ from: ['show'], failed_items_only: true });
  expect(askOf(draftOf('failed'), { status: 'failed' }, steps, 3, {})).toMatchObject({
    from: null,
    failed_items_only: true,
    everything: false,
  });
});

test('a re-run says whether everything runs, from which step and at which version', () => {
  expect(askOf(draftOf('same'), { status: 'failed' }, [], 3, {})).toMatchObject({ everything: true, from: null, version: null });
  const draft = { ...draftOf({ from: 'store' }), version: 'newest' } as const;
  expect(askOf(draft, { status: 'failed' }, [], 3, { a: 1 })).toEqual({
    everything: false,
    from: ['store'],
    failed_items_only: false,
    version: 3,
    parameters: { a: 1 },
    without: [],
  });
});

test('what failed is counted in parts where a step has them', () => {
  expect(failedCount([step('a', 'failed'), step('b', 'failed', { completed: 18, failed: 1, timed_out: 1 }), step('c', 'completed')])).toBe(
    3,
  );
});
