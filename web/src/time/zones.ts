/** A time zone as the server knows it, with its clocks of now. */
export interface ZoneView {
  readonly name: string;
  readonly alias_of: string | null;
  readonly offset_minutes: number;
  readonly abbreviation: string;
}

/** All names of zones by the zone data of the product. */
export interface ZonesView {
  readonly version: string;
  readonly items: readonly ZoneView[];
}

/** `UTC+05:30`, `UTC−03:00`, `UTC`. */
export const offsetText = (minutes: number): string => {
  if (minutes === 0) return 'UTC';
  const whole = Math.abs(Math.round(minutes));
  const two = (n: number) => String(n).padStart(2, '0');
  return `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
};

const plain = (text: string): string => text.toLowerCase().replaceAll('_', ' ').replaceAll('−', '-').trim();

/** How well a zone answers to a text, 0 best; null: not at all. */
const rank = (zone: ZoneView, wanted: string): number | null => {
  const name = plain(zone.name);
  const city = name.slice(name.lastIndexOf('/') + 1);
  const place = name === wanted ? 0 : city.startsWith(wanted) ? 1 : name.startsWith(wanted) ? 2 : name.includes(wanted) ? 3 : null;
  if (place !== null) return place * 2 + (zone.alias_of === null ? 0 : 1);
  const clocks = [plain(zone.abbreviation), plain(offsetText(zone.offset_minutes))];
  const other = zone.alias_of === null ? '' : plain(zone.alias_of);
  if (clocks.includes(wanted) || clocks.includes(`utc${wanted}`)) return zone.alias_of === null ? 8 : 9;
  return other.includes(wanted) ? 10 : null;
};

/** The zones that a text means, by city, region, abbreviation or offset, the likeliest first; for no text the reader's own, UTC, then all by name. */
export const searchZones = (zones: readonly ZoneView[], text: string, own: string): readonly ZoneView[] => {
  const wanted = plain(text);
  if (wanted === '') {
    const first = [own, 'UTC'].flatMap((name, at, all) => (all.indexOf(name) === at ? zones.filter((one) => one.name === name) : []));
    return [...first, ...zones.filter((one) => one.alias_of === null && !first.includes(one))];
  }
  return zones
    .flatMap((zone) => {
      const place = rank(zone, wanted);
      return place === null ? [] : [{ zone, place }];
    })
    .toSorted((one, other) => one.place - other.place || one.zone.name.localeCompare(other.zone.name))
    .map(({ zone }) => zone);
};
