import { describe, expect, test } from 'vitest';
import { activityIdOf, START_TO_CLOSE_MS, stepOfActivity } from './activity-terms.ts';
import { parseDuration, writeDuration } from './duration.ts';
import {
  type ActivityStanding,
  activityUpdate,
  changedTerms,
  roomForMore,
  type StepTerms,
  type Surgery,
  sentenceOfChange,
  shownTerms,
  type TermsChange,
  whyRefused,
} from './step-surgery.ts';

const terms: StepTerms = { timeoutMs: 600_000, retry: { attempts: 3, delayMs: 1000, backoff: 2, maxDelayMs: 60_000, on: ['exit_code'] } };
const standing: ActivityStanding = {
  state: 'running',
  isUnderWay: true,
  attempt: 1,
  maximumAttempts: 8,
  startToCloseMs: START_TO_CLOSE_MS,
  heartbeatMs: 10_000,
};
const update = (change: TermsChange, now: Partial<ActivityStanding> = {}, reattaches = false) =>
  activityUpdate({ reattaches }, changedTerms(terms, change), change, { ...standing, ...now });

describe('what Temporal is told of a change', () => {
  test.each<[string, TermsChange, Partial<ActivityStanding>, object]>([
    ['a time needs no word, since the worker keeps it', { timeoutMs: 5_000 }, {}, {}],
    [
      'a limit that is in the way is raised together with the heartbeat that it may have clipped',
      { timeoutMs: 3_600_000 },
      { startToCloseMs: 635_000, heartbeatMs: 4_000 },
      { start_to_close_timeout: START_TO_CLOSE_MS, heartbeat_timeout: 4_000 },
    ],
    ['a heartbeat is told alone', { heartbeatMs: 30_000 }, {}, { heartbeat_timeout: 30_000 }],
    ['attempts are told with those to spare', { attempts: 5 }, {}, { 'retry_policy.maximum_attempts': 10 }],
    ['attempts never end with the one under way', { attempts: 1 }, { attempt: 7 }, { 'retry_policy.maximum_attempts': 8 }],
    [
      'the wait is told whole',
      { delayMs: 120_000 },
      {},
      { 'retry_policy.initial_interval': 120_000, 'retry_policy.backoff_coefficient': 2, 'retry_policy.maximum_interval': 120_000 },
    ],
  ])('%s', (_what, change, now, expected) => expect(update(change, now)).toEqual(expected));

  test('the wait of a type that takes work up is told by its failures, not by Temporal’s policy', () => {
    expect(update({ delayMs: 5 }, {}, true)).toEqual({});
    expect(update({ attempts: 2 }, {}, true)).toEqual({ 'retry_policy.maximum_attempts': 52 });
  });

  test.each([
    [1, 9, {}],
    [1, 8, { 'retry_policy.maximum_attempts': 9 }],
    [2, 8, { 'retry_policy.maximum_attempts': 10 }],
    [8, 8, { 'retry_policy.maximum_attempts': 16 }],
  ])('an attempt that is ended for another, the %ith of %i, leaves room for all executions', (attempt, maximumAttempts, expected) => {
    expect(roomForMore({}, terms, { ...standing, attempt, maximumAttempts })).toEqual(expected);
  });
});

describe('an operation', () => {
  const refused = (surgery: Surgery, now: Partial<ActivityStanding>, once = false, force = false, reattaches = false) =>
    whyRefused(surgery, 'one', { effect: once ? 'at-most-once' : 'at-least-once', reattaches }, { ...standing, ...now }, force);

  test.each<[Surgery, ActivityStanding['state'], boolean, RegExp | null]>([
    ['options', 'queued', false, /is queued; only a step that has begun can be changed/],
    ['options', 'running', true, null],
    ['options', 'retrying', false, null],
    ['options', 'paused', false, null],
    ['options', 'cancelling', true, /is being cancelled and cannot be changed/],
    ['pause', 'queued', false, /is queued/],
    ['pause', 'running', true, null],
    ['pause', 'retrying', false, null],
    ['pause', 'paused', false, /is paused already/],
    ['pause', 'cancelling', true, /is being cancelled/],
    ['resume', 'running', true, /is running; only a paused step can be resumed/],
    ['resume', 'retrying', false, /is retrying; only a paused step/],
    ['resume', 'paused', false, null],
    ['resume', 'paused', true, null],
    ['reset', 'queued', false, /is queued/],
    ['reset', 'running', true, null],
    ['reset', 'retrying', false, null],
    ['reset', 'paused', false, null],
    ['reset', 'cancelling', true, /is being cancelled/],
  ])('%s of a step that is %s (under way: %s)', (surgery, state, isUnderWay, expected) => {
    const why = refused(surgery, { state, isUnderWay });
    if (expected === null) expect(why).toBeNull();
    else expect(why).toMatch(expected);
  });

  test.each<[string, Surgery, Partial<ActivityStanding>, boolean, boolean, boolean]>([
    ['interrupting what must not happen twice', 'pause', {}, false, false, true],
    ['… by a reset', 'reset', {}, false, false, true],
    ['… when that is wanted all the same', 'pause', {}, true, false, false],
    ['… that is taken up again', 'pause', {}, false, true, false],
    ['… between two attempts', 'pause', { state: 'retrying', isUnderWay: false }, false, false, false],
    ['changing it', 'options', {}, false, false, false],
  ])('%s', (_what, surgery, now, force, reattaches, isRefused) => {
    expect(refused(surgery, now, true, force, reattaches) !== null).toBe(isRefused);
  });
});

test('what changed is one sentence', () => {
  const after = changedTerms(terms, { timeoutMs: 5_400_000, delayMs: 90_000 });
  expect(sentenceOfChange(shownTerms(terms, 10_000), shownTerms(after, 10_000))).toBe(
    'timeout 10m → 1h30m, delay 1s → 1m30s, max_delay 1m → 1m30s',
  );
});

test.each([0, 1, 999, 1000, 61_001, 90_061_001])('%i ms are written as they are read', (ms) => {
  expect(parseDuration(writeDuration(ms))).toBe(ms);
});

test.each([
  ['one', 0],
  ['one[12]', 0],
  ['a.b-c_d.compensate', 3],
])('the activity of %s after %i attempts names both', (key, attemptsBefore) => {
  expect(stepOfActivity(activityIdOf(key, attemptsBefore))).toEqual({ key, attemptsBefore });
});
