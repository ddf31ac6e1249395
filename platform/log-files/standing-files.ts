import { lstat, opendir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { LOG_CLASSES } from './classes.ts';
import type { StandingFile } from './cleanup.ts';
import { type LogFile, readLogFileName } from './names.ts';

/** The log files in a folder, or in those folders of it, in the order of their names, strictly after one; whatever else lies there is passed over, and links are. */
export async function* logFileNames(dir: string, after = '', folders: readonly string[] = LOG_CLASSES): AsyncGenerator<LogFile> {
  for (const folder of [...folders].sort()) yield* below(dir, folder, after);
}

/** Files looked at together: one after the other a million takes minutes. */
const AT_ONCE = 64;

/** As `logFileNames`, each with its size; one that is gone meanwhile is left out. */
export async function* standingFiles(dir: string, after = '', folders: readonly string[] = LOG_CLASSES): AsyncGenerator<StandingFile> {
  const names: LogFile[] = [];
  const looked = async () => (await Promise.all(names.splice(0).map((file) => standingFile(dir, file)))).filter((file) => file !== null);
  for await (const file of logFileNames(dir, after, folders)) {
    names.push(file);
    if (names.length === AT_ONCE) yield* await looked();
  }
  yield* await looked();
}

/** A file with its size; null when it is not there. */
export async function standingFile(dir: string, file: LogFile): Promise<StandingFile | null> {
  try {
    const seen = await lstat(path.join(dir, file.name));
    return seen.isFile() ? { ...file, bytes: seen.size, modifiedAt: seen.mtimeMs } : null;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

async function* below(dir: string, folder: string, after: string): AsyncGenerator<LogFile> {
  // All names below sort before what follows the folder's own.
  if (`${folder}0` <= after) return;
  for (const [at, entry] of (await entriesOf(path.join(dir, folder))).entries()) {
    if (at % BREATH === BREATH - 1) await setImmediate();
    const name = `${folder}/${entry}`;
    if (entry.endsWith('/')) yield* below(dir, name.slice(0, -1), after);
    else if (name > after) {
      const file = readLogFileName(name);
      if (file) yield file;
    }
  }
}

/** Names after which whatever else the process does has its turn: a month may hold a million runs. */
const BREATH = 500;

/** Files, and folders with the `/` that they sort by. */
async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    const entries: string[] = [];
    for await (const entry of await opendir(folder, { bufferSize: BREATH })) {
      if (entry.isDirectory()) entries.push(`${entry.name}/`);
      else if (entry.isFile()) entries.push(entry.name);
    }
    return entries.sort();
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

const isGone = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
