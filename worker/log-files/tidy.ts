import { writeAudit } from '#db/audit.ts';
import type { Sql } from '#db/client.ts';
import { type Follower, isTimeTo } from '#db/queries/log-files/follow.ts';
import type { KeepPolicy, LogClass } from '#platform/log-files/classes.ts';
import { cleanLogFiles } from '#platform/log-files/clean.ts';
import { packing } from '#platform/log-files/pack.ts';
import type { Logger } from '#platform/logging.ts';

export interface TidyOptions {
  readonly sql: Sql;
  readonly follower: Follower;
  readonly policies: { readonly [name in LogClass]: KeepPolicy };
  readonly log: Logger;
}

const PACK_EVERY_S = 600;
const CLEAN_EVERY_S = 86_400;
/** How long files are packed before lines are written again: for less than the files stay ours without a word. */
const PACKED_FOR_MS = 3_000;

/** Packs what is closed, every ten minutes, and removes what has had its time, once a day; to be called by the worker that writes the files, between writes. */
export function createTidy({ sql, follower, policies, log }: TidyOptions): () => Promise<void> {
  let walk: ReturnType<typeof packing> | null = null;
  const packSome = async (files: ReturnType<typeof packing>): Promise<boolean> => {
    for (const until = Date.now() + PACKED_FOR_MS; Date.now() < until; ) {
      const { done, value } = await files.next();
      if (done) return false;
      if (value.problem !== null) log.warn({ name: value.name }, `a log file cannot be packed: ${value.problem}`);
    }
    return true;
  };
  return async () => {
    if (!walk && (await isTimeTo(sql, follower, 'tidied_at', PACK_EVERY_S))) walk = packing(follower.dir, Date.now());
    if (walk && !(await packSome(walk))) walk = null;
    if (!(await isTimeTo(sql, follower, 'cleaned_at', CLEAN_EVERY_S))) return;
    const { files, bytes, failed } = await cleanLogFiles(follower.dir, policies, { now: Date.now(), isDry: false });
    for (const { name, why } of failed) log.warn({ name }, `a log file that has had its time cannot be removed: ${why}`);
    if (files.length === 0) return;
    log.info({ files: files.length, bytes }, 'log files that had their time were removed');
    await writeAudit(
      sql,
      { actor: 'system', request_id: null, reason: 'kept as long as the settings say' },
      { action: 'log-files.clean', subject_kind: 'log-files', subject: follower.dir, after: { files: files.length, bytes } },
    );
  };
}
