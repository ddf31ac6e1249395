import type { Moved, MovedZone } from '#jobs/zones/moved.ts';

/** What a release of the zone data changes, a line a zone and a line a stretch of time, for people. */
export const movedText = (zones: readonly MovedZone[]): string => zones.map(zoneText).join('');

const zoneText = ({ names, moved }: MovedZone): string => `${names.join(', ')}\n${moved.map(stretchText).join('')}`;

const stretchText = ({ from, to, before, after }: Moved): string => {
  if (before === null) return '  is new\n';
  if (after === null) return '  is gone: whatever names it is refused\n';
  return `  ${instant(from)} to ${instant(to)}: ${shown(before)} becomes ${shown(after)}\n`;
};

const instant = (moment: number): string => `${new Date(moment).toISOString().slice(0, 16)}Z`;

function shown({ offsetMs, abbreviation }: NonNullable<Moved['before']>): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const two = (count: number): string => String(count).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)} (${abbreviation})`;
}
