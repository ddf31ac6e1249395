import { expect, test } from 'vitest';
import { chosenOfNode, draftRows } from './rows.ts';

const step = (id: string, more: object = {}) => ({ id, type: 'a', config: {}, ...more });

test('steps follow what they need, else the one before; needs that name no step lead nowhere, and an id used twice is the first', () => {
  const steps = [
    step('one'),
    step('two'),
    step('two', { needs: ['one'] }),
    step('last', { needs: ['two', 'gone'] }),
    step('free', { needs: [] }),
    step('else', { else_of: 'one' }),
  ];
  const rows = draftRows({ name: 'x', steps }, 'none');
  expect(rows.map(({ key, needs }) => [key, needs])).toEqual([
    ['steps.0', []],
    ['steps.1', ['steps.0']],
    ['steps.2', ['steps.0']],
    ['steps.3', ['steps.1']],
    ['steps.4', []],
    ['steps.5', ['steps.4', 'steps.0']],
  ]);
});

test('what undoes a step hangs on it, handlers follow one another, and a clean-up is told from a step', () => {
  const undoing = { type: 'b', config: {} };
  const handlers = [step('tell'), { type: 'c', config: {} }];
  const steps = [step('one', { compensate: undoing }), step('two', { when: 'always' })];
  const rows = draftRows({ name: 'x', steps, on_failure: handlers, on_cancel: [step('gone')] }, 'none');
  expect(rows.map(({ key, name, phase, needs }) => [key, name, phase, needs])).toEqual([
    ['steps.0', 'one', 'main', []],
    ['steps.1', 'two', 'clean_up', ['steps.0']],
    ['steps.0.undo', 'b', 'undo', ['steps.0']],
    ['on_failure.0', 'tell', 'on_failure', []],
    ['on_failure.1', 'c', 'on_failure', ['on_failure.0']],
    ['on_cancel.0', 'gone', 'on_cancel', []],
  ]);
  expect(rows.map(({ key }) => chosenOfNode(key)).slice(1, 4)).toEqual(['steps.1', 'steps.0', 'on_failure.0']);
});
