import { expect, test } from 'vitest';
import type { ScheduleDefinition } from './definition.ts';
import { scheduleOfTwin, twinIdOf } from './twin-id.ts';
import { markOf, twinNote } from './twin-note.ts';

const definition: ScheduleDefinition = {
  name: 'nightly',
  job: 'backup',
  cron: '0 2 * * *',
  timezone: 'Asia/Tokyo',
  jitter: '5m',
  dst: { fold: 'both' },
};
const note = (source: string, held: string | null = null) =>
  twinNote({ name: 'nightly', version: 7, definition, source, held, link: 'https://capstan.example.org/api/v1/schedules/nightly' });

test('the note in Temporal says whose schedule it is, where it is changed, its zone and policies, and its text', () => {
  expect(note('cron: 0 2 * * *\n')).toBe(`${markOf('nightly', 7)}; change it there: https://capstan.example.org/api/v1/schedules/nightly
zone Asia/Tokyo, gap shift, fold both, overlap skip, catch-up 10m, jitter 5m; the moments here are UTC

cron: 0 2 * * *`);
  expect(note('', 'paused by ann: a move').split('\n')[1]).toBe('paused by ann: a move');
});

test('a long text is cut between two characters, below what the server bears', () => {
  for (const shift of [0, 1, 2]) {
    const cut = note(`${'x'.repeat(shift)}${'月'.repeat(5_000)}`);
    expect(Buffer.byteLength(cut)).toBeLessThan(2_000);
    expect(cut).toMatch(/月…$/);
  }
});

test('a schedule of Temporal is one of ours by its id', () => {
  const id = '01999999-0000-7000-8000-000000000000';
  expect(scheduleOfTwin(twinIdOf(id))).toBe(id);
  expect([scheduleOfTwin('capstan-janitor'), scheduleOfTwin('schedule:nightly')]).toEqual([null, null]);
});
