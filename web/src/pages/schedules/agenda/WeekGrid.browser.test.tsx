import { createSignal } from 'solid-js';
import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { draw, expectAccessible } from '../../../testing/draw.tsx';
import type { AgendaHour } from './views.ts';
import { WeekGrid } from './WeekGrid.tsx';

const HOUR_MS = 3_600_000;
const monday = Date.parse('2027-03-21T23:00:00Z');
const changed = Date.parse('2027-03-28T01:00:00Z');

// The last week of March in Berlin, on whose Sunday 02:00 is left out.
const HOURS: readonly AgendaHour[] = Array.from({ length: 167 }, (_, index) => {
  const from = monday + index * HOUR_MS;
  const offset = from < changed ? 1 : 2;
  const local = `${new Date(from + offset * HOUR_MS).toISOString().slice(0, 19)}+0${offset}:00`;
  const counts = local.startsWith('2027-03-23T02') ? { planned: 2, missed: 1, left_out: 4 } : {};
  return { from: new Date(from).toISOString(), to: new Date(from + HOUR_MS).toISOString(), local, counts };
});

test('the week is walked with arrow keys, an hour is chosen, and the hour that the clocks leave out says so', async () => {
  const [chosen, setChosen] = createSignal('');
  const box = draw(() => (
    <WeekGrid
      monday="2027-03-22"
      zone="Europe/Berlin"
      hours={HOURS}
      now={monday}
      chosen={chosen()}
      choose={(hour) => setChosen(hour.from)}
    />
  ));
  expect(box.querySelectorAll('[data-cell][tabindex="0"]')).toHaveLength(1);
  expect(box.querySelectorAll('thead th')[7]?.textContent).toContain('has 23 hours');
  await expectAccessible(box);

  box.querySelector<HTMLElement>('[data-cell="0-0"]')?.focus();
  await userEvent.keyboard('{ArrowRight}{ArrowDown}{ArrowDown}');
  expect(document.activeElement?.querySelector('.sr-only')?.textContent).toBe('Tue 23 Mar 2027 02:00: 2 to start, 1 missed, 4 left out');
  await userEvent.keyboard('{Enter}');
  expect(chosen()).toBe('2027-03-23T01:00:00.000Z');
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}');
  expect(document.activeElement?.getAttribute('aria-label')).toBe('The clocks leave this hour out.');
});
