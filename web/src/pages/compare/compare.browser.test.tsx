import { MemoryRouter, Route } from '@solidjs/router';
import { expect, test } from 'vitest';
import { draw, expectAccessible } from '../../testing/draw.tsx';
import { DefinitionFacts } from './DefinitionFacts.tsx';
import { RunFacts } from './RunFacts.tsx';
import { StepsCompared } from './StepsCompared.tsx';
import type { ComparisonView } from './views.ts';

const brief = (number: number, status: 'completed' | 'failed') => ({
  id: `r${number}`,
  number,
  job: 'edge',
  version: number,
  status,
  created_at: '2026-10-25T01:00:00Z',
  started_at: '2026-10-25T01:00:00Z',
  ended_at: '2026-10-25T01:00:10Z',
  execution_time_ms: number * 1_000,
  error_message: status === 'failed' ? '<img src=x onerror=alert(1)>' : null,
});
const side = (status: 'completed' | 'failed', duration_ms: number) => ({
  status,
  duration_ms,
  attempts: 1,
  kept_from: null,
  error: status === 'failed' ? { type: 'exit_code', message: 'ended with 3' } : null,
});

const found = (equal = 3): ComparisonView => ({
  a: brief(1, 'completed'),
  b: brief(2, 'failed'),
  definition: null,
  definition_known: true,
  parameters: [],
  target: null,
  steps: [
    {
      id: 'say',
      a: side('completed', 100),
      b: side('failed', 1_100),
      config: [{ pointer: '/environment/SITE', before: 'ber', after: 'fra' }],
      outputs: [],
      parts: null,
    },
  ],
  equal_steps: Array.from({ length: equal }, (_, n) => ({ id: `same${n}`, status: 'completed', duration_ms: { a: 1, b: 2 } })),
});

const show = (told: ComparisonView, all: boolean) =>
  draw(() => (
    <MemoryRouter>
      <Route
        path="*"
        component={() => (
          <>
            <RunFacts found={told} />
            <StepsCompared found={told} all={all} />
          </>
        )}
      />
    </MemoryRouter>
  ));

test('only steps that differ are shown, each opening on what differs, in both themes', async () => {
  const box = show(found(), false);
  expect(box.textContent).not.toContain('same0');
  expect(box.textContent).toContain('+1 s');
  expect(box.querySelector('img')).toBeNull();
  const details = box.querySelector<HTMLButtonElement>('button[aria-expanded]');
  details?.click();
  expect(details?.ariaExpanded).toBe('true');
  expect(box.textContent).toContain('ended with 3');
  expect(box.textContent).toContain('ber');
  await expectAccessible(box);
});

test('of thousands of equal steps only some are drawn, more when they are asked for', () => {
  const box = show(found(5_000), true);
  expect(box.querySelectorAll('[role=rowheader]')).toHaveLength(100);
  [...box.querySelectorAll('button')].find((one) => one.textContent === 'Show 500 more')?.click();
  expect(box.querySelectorAll('[role=rowheader]')).toHaveLength(600);
});

const facts = (told: Partial<ComparisonView>) =>
  draw(() => (
    <MemoryRouter>
      <Route path="*" component={() => <DefinitionFacts found={{ ...found(), ...told }} />} />
    </MemoryRouter>
  ));

test('a definition that is no longer stored is not said to be the same', () => {
  expect(facts({}).textContent).toBe('Both follow the same definition.');
  expect(facts({ definition_known: false }).textContent).toContain('is no longer stored');
});

test('of two definitions all that differs is shown by its place', async () => {
  const none = { removed: [], added: [], moved: [], changed: [] };
  const box = facts({
    definition: {
      fields: [{ pointer: '/priority', before: 3, after: { bytes: 3395, begins: '{"id"' } }],
      steps: { ...none, changed: [{ id: 'say', fields: [{ pointer: '/config/command', before: 'true', after: 'false' }] }] },
      on_failure: { ...none, added: [{ id: 'tell', at: 0, value: { type: 'http.request' } }] },
    },
  });
  expect([...box.querySelectorAll('th')].map(({ textContent }) => textContent)).toEqual([
    'priority',
    'steps.say.config.command',
    'on_failure.tell',
  ]);
  expect(box.textContent).toContain('{"id"… (3,395 bytes in all)');
  await expectAccessible(box);
});
