import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Release } from '#jobs/zones/release.ts';
import { unzip } from '../unzip.ts';

/** A release of the zone data from the wheel of PyPI's tzdata, or from a folder of TZif files with their `tzdata.zi`, such as /usr/share/zoneinfo. */
export function readRelease(place: string): Release {
  const fileOf = statSync(place).isDirectory() ? inFolder(place) : inWheel(place);
  const lines = fileOf('tzdata.zi').toString('utf8').split('\n');
  const version = /^# version (\S+)/.exec(lines[0] ?? '')?.[1];
  if (version === undefined) throw new Error(`${place}: the first line of tzdata.zi names no version`);
  const words = (kind: string): readonly string[][] => lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.split(/\s+/));
  const names = words('Z').map(([, name = '']) => name);
  return {
    version,
    files: new Map(names.sort().map((name) => [name, fileOf(name)])),
    aliases: new Map(
      words('L')
        .map(([, of = '', alias = '']) => [alias, of] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}

const inFolder =
  (folder: string) =>
  (name: string): Buffer =>
    readFileSync(path.join(folder, name));

function inWheel(wheel: string): (name: string) => Buffer {
  const files = unzip(readFileSync(wheel));
  return (name) => {
    const file = files.get(`tzdata/zoneinfo/${name}`);
    if (!file) throw new Error(`${wheel} has no tzdata/zoneinfo/${name}`);
    return file;
  };
}
