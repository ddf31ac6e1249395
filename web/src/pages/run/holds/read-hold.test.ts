import { expect, test } from 'vitest';
import type { JsonObject } from '#jobs/json.ts';
import type { WaitingFor } from '#jobs/run-state.ts';
import { plainHold } from './plain-hold.ts';
import { readHold } from './read-hold.ts';

const saying = (hold: JsonObject | null, waiting_for: WaitingFor = 'signal'): string | null => {
  const read = readHold({ status: 'waiting', waiting_for, hold });
  return read && plainHold(read);
};

test.each([
  [{ kind: 'approval', approvers: ['netops', 'role:admin'], count: 1, answers: [] }, 'waits for approval by netops, role:admin'],
  [
    { kind: 'approval', approvers: [], count: 2, answers: [{ actor: 'bob', decision: 'approved', at: null }] },
    'waits for approval by whoever may steer the run: 1 of 2',
  ],
  [{ kind: 'timer', until: '2026-10-25T01:00:00Z' }, 'waits for its time'],
  [{ kind: 'rate', resource: 'api', until: null }, 'waits for its turn at api'],
  [{ kind: 'window', target: 'edge-1', opens_at: '2026-10-25T01:00:00Z' }, 'waits for a maintenance window of edge-1'],
  [{ kind: 'signal', name: 'go', until: null }, 'waits for the signal go'],
  [{ kind: 'webhook', until: null }, 'waits for a call of its webhook'],
  [{ kind: 'lock', key: 'core', position: 2, held_by: [12] }, 'waits for the lock core, 2nd in line, blocked by run #12'],
  [{ kind: 'run', run: 'x', number: 7, job: 'child', until: null }, 'waits for run #7 of child'],
  [{ kind: 'intervention', until: null }, 'waits for a person to retry, skip or cancel it'],
] as const)('%o is told in words', (hold, words) => {
  expect(saying(hold as JsonObject)).toBe(words);
});

test('a step that waits for a person without end has no hold, and is told of all the same', () => {
  expect(saying(null, 'intervention')).toBe('waits for a person to retry, skip or cancel it');
});

test('what the page does not know, or cannot read, is left out instead of breaking it', () => {
  expect(saying({ kind: 'moon' })).toBeNull();
  expect(saying({ kind: 'constructor' })).toBeNull();
  expect(
    readHold({ status: 'waiting', waiting_for: 'approval', hold: { kind: 'approval', answers: 'no', approvers: [1, null, 'ann'] } }),
  ).toMatchObject({
    answers: [],
    approvers: ['ann'],
    count: 1,
  });
});
