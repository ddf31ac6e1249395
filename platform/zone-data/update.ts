/**
 * Compares the zone data that the product carries with another release, the wheel of PyPI's tzdata or a folder such as /usr/share/zoneinfo, and lists whose clocks
 * move within the next years; with --apply it then takes the release up. Run it after `pip download --no-deps tzdata==2026.6`:
 * node platform/zone-data/update.ts tzdata-2026.6-py2.py3-none-any.whl [--years 5] [--apply]
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { packed, unpacked } from '#jobs/zones/container.ts';
import { movedZones } from '#jobs/zones/moved.ts';
import type { Release } from '#jobs/zones/release.ts';
import { movedText } from './moved-text.ts';
import { namesModule } from './names-module.ts';
import { readRelease } from './read-release.ts';

const CARRIED = new URL('iana.br', import.meta.url);
const NAMES = new URL('../../jobs/zones/names.ts', import.meta.url);

const { values, positionals } = parseArgs({
  options: { years: { type: 'string', default: '5' }, apply: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [place] = positionals;
const years = Number(values.years);
if (place === undefined || !(years > 0 && years <= 100)) {
  console.error('usage: node platform/zone-data/update.ts <wheel of tzdata, or a folder with tzdata.zi> [--years 5] [--apply]');
  process.exit(2);
}

const release = readRelease(place);
if (existsSync(CARRIED)) compare(unpacked(brotliDecompressSync(readFileSync(CARRIED))));
if (values.apply) apply();

function compare(carried: Release): void {
  const now = new Date();
  const until = Date.UTC(now.getUTCFullYear() + years, now.getUTCMonth(), now.getUTCDate());
  const zones = movedZones(carried, release, now.getTime(), until);
  console.log(
    `${release.version} against ${carried.version}, which the product carries, until ${new Date(until).toISOString().slice(0, 10)}:`,
  );
  process.stdout.write(zones.length === 0 ? 'no clock moves\n' : movedText(zones));
}

function apply(): void {
  const whole = packed(release);
  const small = brotliCompressSync(whole, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: whole.length },
  });
  writeFileSync(CARRIED, small);
  writeFileSync(NAMES, namesModule(release));
  console.log(`taken up: ${release.files.size} zones and ${release.aliases.size} aliases of ${release.version}, ${small.length} bytes`);
}
