import { readTzif } from './tzif.ts';
import type { ZoneData } from './zone.ts';
import { zoneOf } from './zone-of.ts';

/** One release of the zone data as its source has it: TZif files by the name of their zone, and other names of zones. */
export interface Release {
  /** As IANA calls it, e.g. `2026f`. */
  readonly version: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What each alias stands for. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** The zones of a release, each read at its first use and then kept. */
export function zoneDataOf({ version, files, aliases }: Release): ZoneData {
  const read = new Map<string, ReturnType<typeof readTzif>>();
  const zones = new Map<string, ReturnType<typeof zoneOf>>();
  const clocksOf = (name: string): ReturnType<typeof readTzif> | null => {
    const known = read.get(name);
    if (known) return known;
    const file = files.get(name);
    if (!file) return null;
    const clocks = readTzif(file);
    read.set(name, clocks);
    return clocks;
  };
  return {
    version,
    aliases,
    zone(name) {
      const known = zones.get(name);
      if (known) return known;
      const clocks = clocksOf(aliases.get(name) ?? name);
      if (!clocks) return null;
      const zone = zoneOf(name, clocks);
      zones.set(name, zone);
      return zone;
    },
  };
}
