import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A file system of its own that is full after a few hundred kilobytes. */
export interface SmallDisk {
  readonly place: string;
  /** Takes away, and gives back, the right to write. */
  remount(how: 'ro' | 'rw'): void;
  remove(): void;
}

/** Why no small disk can be made here; null: it can. */
export const smallDiskMissing = process.getuid?.() === 0 ? null : 'only root can mount a small disk';

/** Mounts one; null where that is not allowed. Whoever does removes it. */
export function mountSmallDisk(size = '256k'): SmallDisk | null {
  const place = mkdtempSync(path.join(tmpdir(), 'capstan-disk-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', place]).status !== 0) {
    rmSync(place, { recursive: true });
    return null;
  }
  return {
    place,
    remount: (how) => void execFileSync('mount', ['-o', `remount,${how}`, place]),
    remove: () => {
      execFileSync('umount', ['-l', place]);
      rmSync(place, { recursive: true });
    },
  };
}
