import { expect, test } from 'vitest';
import { draw, expectAccessible } from '../../../testing/draw.tsx';
import type { MomentView } from '../views.ts';
import { MomentsTable } from './MomentsTable.tsx';

const moment = (at: string, local: string, abbreviation: string, more: Partial<MomentView> = {}): MomentView => ({
  at,
  wall: `${local.slice(0, 11)}02:30`,
  local: { time: local, abbreviation },
  viewer: { time: '2026-10-24T20:30:00-04:00', abbreviation: 'EDT' },
  marks: [],
  starts: true,
  reason: null,
  ...more,
});

const OCTOBER = [
  moment('2026-10-25T00:30:00.000Z', '2026-10-25T02:30:00+02:00', 'CEST', { marks: ['fold-first'] }),
  moment('2026-10-25T01:30:00.000Z', '2026-10-25T02:30:00+01:00', 'CET', { marks: ['fold-second'] }),
  moment('2027-03-28T01:30:00.000Z', '2027-03-28T03:30:00+02:00', 'CEST', { marks: ['gap-skipped'], starts: false, reason: 'dst' }),
];

test('a moment says its own clock, the reader’s and the instant, and below which policy made it particular', async () => {
  const box = draw(() => (
    <MomentsTable moments={OCTOBER} zone="Europe/Berlin" viewer="America/New_York" policies={{ dst: { gap: 'skip', fold: 'both' } }} />
  ));
  const rows = [...box.querySelectorAll('tbody')].map((row) => row.innerText.replaceAll(/\s+/g, ' '));
  expect(rows[0]).toContain('Sun 25 Oct 2026 02:30 CEST Sat 24 Oct 2026 20:30 EDT 2026-10-25 00:30Z');
  expect(rows[0]).toContain('this is the first (fold: both)');
  expect(rows[1]).toContain('02:30 CET');
  expect(rows[2]).toContain('skipped: the clocks leave 02:30 out (gap: skip)');
  expect(box.querySelectorAll('.line-through')).toHaveLength(2);
  await expectAccessible(box);
});

test('a reader in the zone of the schedule sees one clock', () => {
  const box = draw(() => <MomentsTable moments={OCTOBER} zone="Europe/Berlin" viewer="Europe/Berlin" policies={{}} />);
  expect([...box.querySelectorAll('th')].map((head) => head.textContent)).toEqual(['Its clock (Europe/Berlin)', 'Instant (UTC)']);
});
