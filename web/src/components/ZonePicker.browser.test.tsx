import { QueryClient, QueryClientProvider } from '@tanstack/solid-query';
import { createSignal } from 'solid-js';
import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { Field } from './Field.tsx';
import { ZonePicker } from './ZonePicker.tsx';

const names = ['America/New_York', 'Asia/Tokyo', 'Europe/Berlin', 'Europe/Oslo', 'UTC'];

const show = () => {
  const queries = new QueryClient();
  const items = names.map((name) => ({ name, alias_of: null, offset_minutes: 60, abbreviation: 'CET' }));
  queries.setQueryData(['timezones'], { version: '2026f', items });
  const [zone, setZone] = createSignal('UTC');
  const box = draw(() => (
    <QueryClientProvider client={queries}>
      <Field label="Time zone">{(ties) => <ZonePicker ties={ties()} value={zone()} onChange={setZone} />}</Field>
    </QueryClientProvider>
  ));
  const input = box.querySelector('input') as HTMLInputElement;
  return { box, input, zone, options: () => [...box.querySelectorAll('[role=option]')].map((one) => one.textContent) };
};

test('a zone is found by part of its name and chosen with the keyboard', async () => {
  const { box, input, zone, options } = show();
  await userEvent.click(input);
  expect(options().length).toBe(names.length);
  await userEvent.keyboard('euro');
  expect(options()).toEqual([expect.stringContaining('Europe/Berlin'), expect.stringContaining('Europe/Oslo')]);
  await expectAccessible(box);
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect([zone(), input.value, options()]).toEqual(['Europe/Oslo', 'Europe/Oslo', []]);
});

test('Escape takes back what was typed; a text that is no zone is handed on for the server to judge', async () => {
  const { input, zone } = show();
  await userEvent.click(input);
  await userEvent.keyboard('tok{Escape}');
  expect([zone(), input.value]).toEqual(['UTC', 'UTC']);
  await userEvent.fill(input, 'Europe/Berln');
  await userEvent.tab();
  expect(zone()).toBe('Europe/Berln');
  await userEvent.fill(input, 'asia/tokyo');
  await userEvent.tab();
  expect(zone()).toBe('Asia/Tokyo');
});

test('a zone is chosen with the mouse', async () => {
  const { box, input, zone } = show();
  await userEvent.click(input);
  await userEvent.click(box.querySelectorAll('[role=option]')[1] as HTMLElement);
  expect(names).toContain(zone());
  expect(zone()).not.toBe('UTC');
});
