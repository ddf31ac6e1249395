const LOCALES = ['en-GB', 'en-US', 'en-AU', 'en-CA'] as const;

const formatters = new Map<string, Intl.DateTimeFormat>();
const formatter = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formatters.set(key, known);
  return known;
};

/** The zone's short name at that instant, `CET`, `EST`; where English has none, its offset: `UTC+5:30`. */
export const zoneName = (at: Date, zone: string): string => {
  for (const locale of LOCALES) {
    const part = formatter(locale, { timeZone: zone, timeZoneName: 'short' })
      .formatToParts(at)
      .find((one) => one.type === 'timeZoneName')?.value;
    if (part && !part.startsWith('GMT')) return part;
    if (part === 'GMT' && zone.startsWith('Europe/')) return part;
  }
  const offset = formatter('en-GB', { timeZone: zone, timeZoneName: 'shortOffset' })
    .formatToParts(at)
    .find((one) => one.type === 'timeZoneName')?.value;
  return (offset ?? 'GMT').replace('GMT', 'UTC');
};

/** `02:00:03`, in a zone. */
export const clockTime = (at: Date, zone: string): string =>
  formatter('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(at);

/** `2026-10-25`, the day the zone's calendar shows. */
export const day = (at: Date, zone: string): string => formatter('en-CA', { timeZone: zone, dateStyle: 'short' }).format(at);

/** `24 Oct`, with the year when it is another one than now. */
export const shortDay = (at: Date, now: Date, zone: string): string => {
  const sameYear = day(at, zone).slice(0, 4) === day(now, zone).slice(0, 4);
  return formatter('en-GB', { timeZone: zone, day: 'numeric', month: 'short', ...(!sameYear && { year: 'numeric' }) }).format(at);
};

/** `02:00:03 CET`; on another day `24 Oct 02:00:03 CET`, with the year when it is another one. */
export const instantText = (iso: string, now: Date, zone: string): string => {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const time = `${clockTime(at, zone)} ${zoneName(at, zone)}`;
  return day(at, zone) === day(now, zone) ? time : `${shortDay(at, now, zone)} ${time}`;
};

/** Every way to say the instant: the reader's zone, the run's own if it has one, UTC as ISO. */
export const instantTitle = (iso: string, zone: string, other: string | null): string => {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const zones = other && other !== zone ? [zone, other] : [zone];
  return [...zones.map((one) => `${day(at, one)} ${clockTime(at, one)} ${zoneName(at, one)} (${one})`), at.toISOString()].join('\n');
};
