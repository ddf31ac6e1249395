import { describe, expect, test } from 'vitest';
import type { StepError } from '#jobs/failure.ts';
import { reapedError } from './reaped-error.ts';

const CANCELLED: StepError = { type: 'cancelled', message: 'cancelled' };
const LOST: StepError = { type: 'lost', message: 'the worker stopped answering' };
const NOTHING = { ended: true, tier: null, signals: [], pids: [], left: [] };
const KILLED = { ended: true, tier: 'marker', signals: ['TERM', 'KILL'], pids: [7, 8], left: [] };

describe('a step that ended without its worker’s word', () => {
  test('is cancelled with the proof, where its run was to stop', () => {
    expect(reapedError(LOST, KILLED, 'core', true)).toEqual({
      type: 'cancelled',
      message: 'cancelled; its processes on core were ended by TERM, then KILL: 7, 8',
      details: { target: 'core', tier: 'marker', signals: ['TERM', 'KILL'], pids: [7, 8], left: [] },
    });
  });

  test('stays what it was in a run that goes on', () => {
    expect(reapedError(LOST, KILLED, 'core', false)).toMatchObject({
      type: 'lost',
      message: 'the worker stopped answering; its processes on core were ended by TERM, then KILL: 7, 8',
    });
  });

  test('is plainly cancelled when it never began', () => {
    expect(reapedError(CANCELLED, NOTHING, 'core', true)).toEqual(CANCELLED);
  });

  test('tells when nothing of it ran any more', () => {
    const found = { ...NOTHING, tier: 'cgroup' };
    expect(reapedError(CANCELLED, found, 'core', true).message).toBe('cancelled; nothing of it was left on core');
  });

  test('names what lives on, and whose it is', () => {
    const found = { ...KILLED, ended: false, left: [{ pid: 9, owner: 'root' }] };
    expect(reapedError(CANCELLED, found, 'core', true)).toMatchObject({
      type: 'cancelled',
      message: 'cancelled; cancel incomplete: processes on core could not be ended: 9 of root',
      details: { left: [{ pid: 9, owner: 'root' }] },
    });
  });

  test('shows what it ended by itself beside what was found', () => {
    const own: StepError = {
      type: 'cancelled',
      message: 'cancelled; its processes on core were ended by TERM: 6, 7',
      details: { signals: ['TERM'], pids: [6, 7] },
    };
    expect(reapedError(own, { ...KILLED, signals: ['KILL'] }, 'core', true)).toMatchObject({
      message: 'cancelled; its processes on core were ended by TERM, then KILL: 6, 7, 8',
      details: { signals: ['TERM', 'KILL'], pids: [6, 7, 8] },
    });
    expect(reapedError(own, { unreached: 'no way' }, 'core', true)).toEqual(own);
  });

  test('tells when its target could not be reached', () => {
    expect(reapedError(CANCELLED, { unreached: 'core refused the connection' }, 'core', true)).toEqual({
      type: 'cancelled',
      message: 'cancelled; what runs of it on core could not be ended yet: core refused the connection',
      details: { target: 'core', unreached: 'core refused the connection' },
    });
  });
});
