import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packed, unpacked } from '#jobs/zones/container.ts';
import { tzifOf } from '#jobs/zones/tzif.fixture.ts';
import { namesModule } from './names-module.ts';
import { readRelease } from './read-release.ts';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const carried = unpacked(brotliDecompressSync(readFileSync(here('iana.br'))));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'capstan-zones-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder as systems have them, of the zones of the release that is carried, but these. */
function otherRelease(version: string, others: ReadonlyMap<string, Uint8Array>): string {
  const files = new Map([...carried.files, ...others]);
  const lines = [...files.keys()].map((name) => `Z ${name} 0 - UTC`).concat([...carried.aliases].map(([alias, of]) => `L ${of} ${alias}`));
  for (const [name, file] of files) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), file);
  }
  writeFileSync(path.join(folder, 'tzdata.zi'), `# version ${version}\n${lines.join('\n')}\n`);
  return folder;
}

const update = (...words: readonly string[]) => spawnSync(process.execPath, [here('update.ts'), ...words], { encoding: 'utf8' });

test('the product carries one release of all zones in at most 250 kB', () => {
  expect(carried.version).toMatch(/^20\d\d[a-z]$/);
  expect([carried.files.size, carried.aliases.size].map((count) => count > 200)).toEqual([true, true]);
  expect(readFileSync(here('iana.br')).length).toBeLessThan(250_000);
});

test('the names that pure rooms know are those of that release', () => {
  expect(readFileSync(here('../../jobs/zones/names.ts'), 'utf8')).toBe(namesModule(carried));
});

test('a release comes out of its container as it went in', () => {
  const again = unpacked(packed(carried));
  expect(again).toMatchObject({ version: carried.version, aliases: carried.aliases });
  expect([...again.files].filter(([name, file]) => Buffer.compare(file, carried.files.get(name) ?? Buffer.alloc(0)) !== 0)).toEqual([]);
  expect([...again.files.keys()]).toEqual([...carried.files.keys()]);
});

test('a container that was cut off is refused', () => {
  expect(() => unpacked(packed(carried).subarray(0, -1))).toThrow('the zone data list');
  expect(() => unpacked(new Uint8Array(10))).toThrow('no list of their zones');
});

test('another release is compared zone by zone, and not taken up unasked', () => {
  const before = readFileSync(here('iana.br'));
  const without = tzifOf({ types: [[3600, 'CET']], transitions: [], footer: 'CET-1' });
  const place = otherRelease('2099a', new Map([['Europe/Berlin', without]]));
  expect(readRelease(place)).toMatchObject({ version: '2099a', aliases: carried.aliases });
  const { status, stdout, stderr } = update(place, '--years', '2');
  expect([status, stderr]).toEqual([0, '']);
  const [head, names, ...stretches] = stdout.trimEnd().split('\n');
  expect(head).toContain(`2099a against ${carried.version}`);
  expect(names).toContain('Europe/Berlin');
  for (const line of stretches)
    expect(line).toMatch(/^ {2}\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z to .*: \+02:00 \(CEST\) becomes \+01:00 \(CET\)$/);
  expect(stretches.length).toBeGreaterThan(1);
  expect(readFileSync(here('iana.br')).equals(before)).toBe(true);
});

test('what is no release is refused with what was expected', () => {
  const empty = mkdtempSync(path.join(folder, 'empty-'));
  expect(update().status).toBe(2);
  expect(update(empty).stderr).toContain('tzdata.zi');
  writeFileSync(path.join(empty, 'tzdata.zi'), 'something else\n');
  expect(() => readRelease(empty)).toThrow('names no version');
});
