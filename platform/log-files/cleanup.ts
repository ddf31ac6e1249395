import type { KeepPolicy, LogClass } from './classes.ts';
import { overEverywhere } from './dates.ts';
import type { LogFile } from './names.ts';

/** A file as it stands in the folder. */
export interface StandingFile extends LogFile {
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** A file that has had its time, and by which limit. */
export interface LeavingFile extends StandingFile {
  readonly reason: 'age' | 'size';
}

/** What was written to within a day may be written to again. */
const QUIET_MS = 86_400_000;

/** The moment from which on a file grows old: when its day was over, and of a run when it was last heard of. */
export const agesFrom = ({ date, modifiedAt }: StandingFile): number => (date === null ? modifiedAt : overEverywhere(date));

/** Whether nothing is added to a file any more: it is numbered, its day is over, its run was not heard of for a day. */
export const isClosed = (file: StandingFile, now: number): boolean =>
  file.number !== null || (file.date === null ? now - file.modifiedAt > QUIET_MS : now > overEverywhere(file.date));

/** Which files are to go, oldest first: those of a class that are older than it keeps them, then the oldest of what is left until that fits its size. One that is still written to stays. */
export function leavingFiles(
  files: readonly StandingFile[],
  policies: { readonly [name in LogClass]: KeepPolicy },
  now: number,
): readonly LeavingFile[] {
  const leaving = [...Map.groupBy(files, (file) => file.class)].flatMap(([name, ofClass]) => leavingOf(ofClass, policies[name], now));
  return leaving.sort(byAge);
}

function leavingOf(files: readonly StandingFile[], { keepMs, maxBytes }: KeepPolicy, now: number): LeavingFile[] {
  const closed = files.filter((file) => isClosed(file, now));
  const isOld = (file: StandingFile) => now - agesFrom(file) > keepMs;
  const leaving: LeavingFile[] = closed.filter(isOld).map((file) => ({ ...file, reason: 'age' }));
  if (maxBytes === null) return leaving;
  let over = sum(files) - sum(leaving) - maxBytes;
  for (const file of closed.filter((one) => !isOld(one)).sort(byAge)) {
    if (over <= 0) break;
    leaving.push({ ...file, reason: 'size' });
    over -= file.bytes;
  }
  return leaving;
}

const sum = (files: readonly StandingFile[]): number => files.reduce((total, { bytes }) => total + bytes, 0);
/** Of one day, those that were full first; the one without a number is the newest. */
const byAge = (a: StandingFile, b: StandingFile): number =>
  agesFrom(a) - agesFrom(b) || (a.number ?? Number.MAX_SAFE_INTEGER) - (b.number ?? Number.MAX_SAFE_INTEGER) || (a.name < b.name ? -1 : 1);
