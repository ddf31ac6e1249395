import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { isClosed, type StandingFile } from './cleanup.ts';
import { type LogFileName, numbered, packed } from './names.ts';
import { nextNumber } from './rotation.ts';
import { logFileNames, standingFile } from './standing-files.ts';

/** Whoever has a file open that was closed meanwhile notices before this. */
const SETTLED_MS = 10 * 60_000;

/** Packs closed files with gzip, one before each answer, which says why where one could not be. A crash on the way leaves the file, packed or not, and nothing twice. */
export async function* packing(dir: string, now: number): AsyncGenerator<{ readonly name: LogFileName; readonly problem: string | null }> {
  for await (const name of logFileNames(dir)) {
    if (name.isPacked) continue;
    const file = await standingFile(dir, name);
    if (!file || file.bytes === 0 || !isClosed(file, now) || now - file.modifiedAt < SETTLED_MS) continue;
    yield { name: file.name, problem: await pack(dir, file).then(() => null, problemOf) };
  }
}

/** A file that was removed meanwhile is no problem. */
const problemOf = (error: unknown): string | null =>
  (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : error instanceof Error ? error.message : String(error);

async function pack(dir: string, file: StandingFile): Promise<void> {
  const place = path.join(dir, file.name);
  const target = path.join(dir, packed(file.name));
  if (await exists(target)) {
    if (await isPackedTo(place, target)) return rm(place);
    // Its day or run was heard of again after it had been packed.
    await rename(place, path.join(dir, await freeNumber(dir, file)));
    return;
  }
  const half = `${target}.part`;
  await pipeline(createReadStream(place), createGzip(), createWriteStream(half, { mode: 0o640 }));
  await utimes(half, file.modifiedAt / 1_000, file.modifiedAt / 1_000);
  const written = await open(half);
  await written.datasync().finally(() => written.close());
  const after = await standingFile(dir, file);
  if (after?.bytes !== file.bytes || after.modifiedAt !== file.modifiedAt) return rm(half);
  await rename(half, target);
  await rm(place);
}

async function freeNumber(dir: string, { base }: StandingFile): Promise<LogFileName> {
  return numbered(base, nextNumber(path.basename(base), await readdir(path.dirname(path.join(dir, base)))));
}

async function exists(place: string): Promise<boolean> {
  return lstat(place).then(
    () => true,
    () => false,
  );
}

async function isPackedTo(plain: string, gz: string): Promise<boolean> {
  const [file, unpacked] = [createReadStream(plain), createReadStream(gz).pipe(createGunzip())].map((stream) =>
    stream[Symbol.asyncIterator](),
  );
  if (!file || !unpacked) return false;
  let [left, right]: readonly Buffer[] = [Buffer.alloc(0), Buffer.alloc(0)];
  try {
    for (;;) {
      if (left?.length === 0) left = (await file.next()).value ?? undefined;
      if (right?.length === 0) right = (await unpacked.next()).value ?? undefined;
      if (!left || !right) return left === right;
      const length = Math.min(left.length, right.length);
      if (!left.subarray(0, length).equals(right.subarray(0, length))) return false;
      left = left.subarray(length);
      right = right.subarray(length);
    }
  } catch {
    return false;
  } finally {
    await Promise.all([file.return?.(), unpacked.return?.()]);
  }
}
