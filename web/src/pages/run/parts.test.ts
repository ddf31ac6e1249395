import { expect, test } from 'vitest';
import type { StepView } from '../../api/views.ts';
import { partsWords } from './parts.ts';

test('how far parts are is said in counts', () => {
  const of = (parts_by_status: StepView['parts_by_status']) => partsWords({ parts: 40, targets: null, parts_by_status });
  expect(of({ completed: 11, failed: 1, running: 3 })).toBe('12 of 40, 1 failed');
  expect(of({ waiting: 2, cancelled: 1, skipped: 4 })).toBe('5 of 40, 1 cancelled, 4 skipped, 2 waiting');
  expect(of({})).toBe('0 of 40');
  expect(of({ completed: 38, failed: 2 })).toBe('2 of 40 failed');
  expect(of({ completed: 37, failed: 2, cancelled: 1 })).toBe('40 of 40, 2 failed, 1 cancelled');
  expect(partsWords({ parts: null, targets: null, parts_by_status: null })).toBeNull();
});
