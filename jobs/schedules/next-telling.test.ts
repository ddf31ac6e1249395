import { expect, test } from 'vitest';
import type { OverlapPolicy } from './definition.ts';
import { type Asked, nextTelling } from './next-telling.ts';

const free = { running: [], waiting: 0, isBehind: false };
const busy = { ...free, running: ['other'] };
const plain: Asked = {
  by: 'person',
  overlap: 'skip',
  isAgain: false,
  workflowId: 'own',
  wasTold: false,
  twin: free,
  isBusy: false,
  isOvertaken: false,
};
const done = (over: Partial<Asked>) => nextTelling({ ...plain, ...over }).do;

test('Temporal is told of a start that nothing is in the way of', () => {
  for (const by of ['person', 'clock'] as const) expect(done({ by })).toBe('tell');
});

test('what Temporal does not know, or would not start beside the same moment, is started without it', () => {
  expect(done({ twin: null })).toBe('start');
  expect(done({ twin: null, isBusy: true, overlap: 'allow_all' })).toBe('start');
  expect(done({ twin: { ...free, running: ['own'] }, overlap: 'allow_all' })).toBe('start');
  expect(done({ isAgain: true, overlap: 'allow_all' })).toBe('start');
  expect(done({ isAgain: true })).toBe('tell');
});

test.each<[OverlapPolicy, Partial<Asked>, string]>([
  ['skip', { twin: busy, isBusy: true }, 'drop'],
  ['skip', { twin: busy }, 'wait'],
  ['skip', { isBusy: true }, 'drop'],
  ['buffer_one', { twin: busy }, 'tell'],
  ['buffer_one', { twin: { ...busy, waiting: 1 } }, 'drop'],
  ['buffer_one', { twin: { ...busy, waiting: 1 }, wasTold: true }, 'wait'],
  ['buffer_all', { twin: { ...busy, waiting: 7 } }, 'tell'],
  ['buffer_all', { twin: { ...busy, waiting: 7 }, wasTold: true }, 'wait'],
  ['cancel_other', { twin: busy }, 'tell'],
  ['terminate_other', { twin: busy, wasTold: true }, 'wait'],
  ['allow_all', { twin: busy, isBusy: true }, 'tell'],
  ['cancel_other', { twin: null, isBusy: true }, 'wait'],
])('a person who asks by %s under %j: %s', (overlap, over, expected) => {
  expect(done({ overlap, ...over })).toBe(expected);
});

test('a moment that was not met waits until nothing is in its way, by any policy but allow_all', () => {
  for (const overlap of ['skip', 'buffer_one', 'buffer_all', 'cancel_other', 'terminate_other'] as const) {
    expect(done({ by: 'clock', overlap, twin: busy })).toBe('wait');
    expect(done({ by: 'clock', overlap, isBusy: true })).toBe('wait');
  }
  expect(done({ by: 'clock', overlap: 'allow_all', twin: busy })).toBe('tell');
  expect(done({ by: 'clock', overlap: 'cancel_other', isOvertaken: true })).toBe('drop');
});

test('Temporal is not reminded of moments that it has yet to come to, and does at once what a person asks for', () => {
  const twin = { ...free, isBehind: true };
  expect([done({ by: 'clock', twin }), done({ by: 'person', twin })]).toEqual(['wait', 'tell']);
});
