import { expect, onTestFinished, test, vi } from 'vitest';
import type { DiffRequest } from '../diff/diff.worker.ts';
import { createAsker } from './asker.ts';

const compare = () => new Worker(new URL('../diff/diff.worker.ts', import.meta.url), { type: 'module' });
const doing = (code: string) => () => new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));

const asking = (starts: readonly (() => Worker)[], longestMs?: number) => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  let started = 0;
  const start = () => (starts[started++] ?? compare)();
  const asker = createAsker<DiffRequest | null, readonly object[]>(start, longestMs);
  onTestFinished(() => {
    asker.stop();
    said.mockRestore();
  });
  return { ask: asker.ask, stop: asker.stop, said: () => said.mock.calls.map(String).join('\n'), started: () => started };
};
const TEXTS = { before: 'a', after: 'b' };

test('questions are answered in their order by one worker, and one that cannot be answered is said to be, alone', async () => {
  const { ask, said, started } = asking([]);
  const answers = await Promise.allSettled([ask(TEXTS), ask(null), ask(TEXTS)]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(said()).toContain('could not answer: TypeError');
  expect(started()).toBe(1);
});

test.each([
  ['cannot be loaded', () => new Worker('/nowhere.js', { type: 'module' }), /cannot be loaded/, undefined],
  ['throws', doing('onmessage = () => setTimeout(() => { throw new Error("boom") })'), /boom/, undefined],
  ['says nothing', doing('onmessage = () => undefined'), /it said nothing for 0.05 s/, 50],
])('of a worker that %s the page hears, and the next question is put to another', async (_how, broken, why, longestMs) => {
  const { ask, said, started } = asking([broken], longestMs);
  const lost = await Promise.allSettled([ask(TEXTS), ask(TEXTS)]);
  expect(lost).toMatchObject([{ reason: { message: expect.stringMatching(why) } }, { reason: { message: expect.stringMatching(why) } }]);
  expect(said()).toMatch(why);
  ask(TEXTS).catch(() => undefined);
  expect(started()).toBe(2);
});

test('what a worker is kept from is said, what cannot be read is no answer, and one that was ended is not heard any more', async () => {
  let first: Worker | undefined;
  const mute = () => {
    first = doing('onmessage = () => undefined')();
    return first;
  };
  const { ask, stop, said } = asking([mute]);
  const asked = ask(TEXTS);
  first?.dispatchEvent(new MessageEvent('message', { data: { kept: 'connect-src' } }));
  expect(said()).toContain('its policy forbids: connect-src');
  first?.dispatchEvent(new MessageEvent('messageerror'));
  await expect(asked).rejects.toThrow('cannot be read');
  expect(await ask(TEXTS)).toHaveLength(1);
  stop();
  first?.dispatchEvent(new ErrorEvent('error', { message: 'too late' }));
  expect(said()).not.toContain('too late');
});
