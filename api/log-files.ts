import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { findLogFiles } from '#db/queries/log-files/follow.ts';
import { readLogFileName } from '#platform/log-files/names.ts';
import { troubleWithFiles } from '#platform/logging.ts';
import { conflict, notFound } from './problem.ts';
import type { Services } from './services.ts';

/** How log files are, in words that anybody may read; `problem` when they are not written. */
export async function logFilesStanding({
  config,
  database,
}: Pick<Services, 'config' | 'database'>): Promise<{ readonly problem: string | null; readonly detail: string }> {
  const own = troubleWithFiles();
  if (own !== null) return { problem: `this process cannot write its own: ${withoutPlaces(own)}`, detail: '' };
  const row = await findLogFiles(database.sql);
  if (row?.problem) return { problem: `not written since ${row.problem_since}, runs go on: ${withoutPlaces(row.problem)}`, detail: '' };
  if (config.logging.dir === undefined) return { problem: null, detail: row?.holder ? 'written by workers' : 'off' };
  const isHeld = row?.held_until != null && Date.parse(row.held_until) > Date.now();
  return { problem: isHeld ? null : 'no worker writes them: none runs, or none has logging.dir', detail: 'written' };
}

/** What the system says of an error, without the file it was about. */
const withoutPlaces = (problem: string): string => problem.split(',')[0] ?? '';

/** The folder of log files as this process sees it. Throws a conflict where it has none. */
export function logFolder({ config }: Pick<Services, 'config'>): string {
  const { dir } = config.logging;
  if (dir === undefined) throw conflict('there are no log files here: logging.dir is not set for the API');
  return path.resolve(dir);
}

/** A log file as it was when it was opened. */
interface OpenedLogFile {
  readonly name: string;
  readonly isPacked: boolean;
  /** As it lies on the disk. */
  readonly bytes: number;
  /** Its bytes, unpacked when `unpacked` is asked for; reading it to its end or leaving it closes the file. */
  stream(unpacked: boolean): ReadableStream<Uint8Array>;
}

/** Opens the file of this name. Throws NotFound for what is none, whatever it would lead to. */
export async function openLogFile(dir: string, name: string): Promise<OpenedLogFile> {
  const file = readLogFileName(name);
  const handle = file && (await opened(path.join(dir, file.name)));
  if (!file || !handle) throw notFound(`no log file ${JSON.stringify(name.slice(0, 200))}`);
  const seen = await handle.stat();
  if (!seen.isFile()) {
    await handle.close();
    throw notFound(`${file.name} is no file`);
  }
  return {
    name: file.name,
    isPacked: file.isPacked,
    bytes: seen.size,
    stream: (unpacked) => {
      // What is added meanwhile belongs to the next answer, or the last line might come in half.
      const bytes = seen.size === 0 ? Readable.from([]) : handle.createReadStream({ end: seen.size - 1 });
      const out = unpacked && file.isPacked ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
      out.once('close', () => void handle.close().catch(() => undefined));
      return Readable.toWeb(out) as ReadableStream<Uint8Array>;
    },
  };
}

async function opened(place: string): Promise<FileHandle | null> {
  try {
    return await open(place, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
