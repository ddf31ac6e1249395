import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { unpacked } from '#jobs/zones/container.ts';
import { zoneDataOf } from '#jobs/zones/release.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';

let loaded: ZoneData | undefined;

/** The zone data that the product carries, the only ones its times are reckoned by; read at their first use, each zone at its own. */
export function zoneData(): ZoneData {
  loaded ??= zoneDataOf(unpacked(brotliDecompressSync(readFileSync(new URL('zone-data/iana.br', import.meta.url)))));
  return loaded;
}
