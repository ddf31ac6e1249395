import { For } from 'solid-js';
import { expect, test } from 'vitest';
import { STATUS_LOOK, STEP_STATUSES } from '#jobs/run-state.ts';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { StatusBadge, StatusIcon } from './StatusBadge.tsx';

test('every status shows its word and its own shape, in its colour, readable in both themes', async () => {
  const box = draw(() => <For each={STEP_STATUSES}>{(status) => <StatusBadge status={status} />}</For>);
  document.documentElement.dataset.theme = 'light';
  const badges = [...box.children] as HTMLElement[];
  expect(badges.map((badge) => badge.textContent)).toEqual(STEP_STATUSES.map((status) => STATUS_LOOK[status].word));
  expect(new Set(badges.map((badge) => badge.querySelector('svg')?.innerHTML)).size).toBe(STEP_STATUSES.length);
  const red = getComputedStyle(badges[STEP_STATUSES.indexOf('failed')] as HTMLElement).color;
  expect(red).toBe('rgb(179, 38, 30)');
  await expectAccessible(box);
});

test('an icon alone carries the word as its name, with what is waited for and which attempt runs', async () => {
  const box = draw(() => (
    <>
      <StatusIcon status="waiting" waitingFor="approval" />
      <StatusIcon status="retrying" attempt={2} attemptsAllowed={5} />
    </>
  ));
  expect([...box.querySelectorAll('[role=img]')].map((icon) => icon.getAttribute('aria-label'))).toEqual([
    'Waiting: approval',
    'Retrying 2/5',
  ]);
  await expectAccessible(box);
});
