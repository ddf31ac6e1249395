import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { STEP_SPECS } from '#activities/catalog.ts';
import { parseDefinition } from '#jobs/definition.ts';
import { HOSTILE } from './definitions.ts';

test('there are enough of them, and no two try the same', () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(60);
  expect(new Set(HOSTILE.map(([what]) => what)).size).toBe(HOSTILE.length);
});

test.each(HOSTILE)('%s is refused in words, with a place', (_, text) => {
  const { problems } = parseDefinition(text, STEP_SPECS);
  const errors = problems.filter(({ severity }) => severity === 'error');
  expect(errors.length).toBeGreaterThan(0);
  expect(problems.length).toBeLessThanOrEqual(100);
  for (const { message, pointer } of problems) {
    expect(message).toMatch(/\S/);
    expect(message.length).toBeLessThan(2_000);
    expect(pointer).toMatch(/^(\/|$)/);
  }
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('steps');
});

/** Long enough for a busy machine; a text that costs more than this does not end at all. */
const HANGS_MS = 60_000;

test('none of them takes more than 100 MB', { timeout: 2 * HANGS_MS }, async () => {
  const thread = new Worker(new URL('reader.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 100 } });
  const late = setTimeout(() => void thread.terminate(), HANGS_MS);
  const came: string[] = [];
  thread.on('message', (what: string) => came.push(what));
  await new Promise<void>((resolve) => thread.on('error', () => undefined).once('exit', () => resolve()));
  clearTimeout(late);
  expect(came).toEqual(HOSTILE.map(([what]) => what));
});
