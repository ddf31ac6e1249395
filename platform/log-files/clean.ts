import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { KeepPolicy, LogClass } from './classes.ts';
import { type LeavingFile, leavingFiles, type StandingFile } from './cleanup.ts';
import { standingFiles } from './standing-files.ts';

/** What a cleanup removes, or would; `failed` names those that could not be. */
export interface Cleanup {
  readonly files: readonly LeavingFile[];
  readonly bytes: number;
  readonly failed: readonly { readonly name: string; readonly why: string }[];
}

/** Removes the files that have had their time, and folders that are empty then; a dry run finds the same files and touches none. */
export async function cleanLogFiles(
  dir: string,
  policies: { readonly [name in LogClass]: KeepPolicy },
  { now, isDry }: { readonly now: number; readonly isDry: boolean },
): Promise<Cleanup> {
  const standing: StandingFile[] = [];
  for await (const file of standingFiles(dir)) standing.push(file);
  const leaving = leavingFiles(standing, policies, now);
  const failed: { name: string; why: string }[] = [];
  for (const { name } of isDry ? [] : leaving) {
    try {
      await rm(path.join(dir, name));
      await removeEmpty(dir, path.dirname(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        failed.push({ name, why: error instanceof Error ? error.message : String(error) });
    }
  }
  const kept = new Set(failed.map(({ name }) => name));
  const files = leaving.filter(({ name }) => !kept.has(name));
  return { files, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), failed };
}

/** Folders of zones, years and months; those of the classes stay. */
async function removeEmpty(dir: string, folder: string): Promise<void> {
  for (let at = folder; at.includes('/'); at = path.dirname(at)) {
    try {
      await rmdir(path.join(dir, at));
    } catch {
      return;
    }
  }
}
