import type { Sql } from '#db/client.ts';
import { committedEvents } from '#db/queries/log-files/committed-events.ts';
import {
  advanceLogFiles,
  claimLogFiles,
  type Follower,
  leaveLogFiles,
  noteTroubleWithLogFiles,
  type Span,
} from '#db/queries/log-files/follow.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import { Appender } from '#platform/log-files/append.ts';
import type { LogFileName } from '#platform/log-files/names.ts';
import type { Logger } from '#platform/logging.ts';
import { eventIn, linesOf } from './lines.ts';

export interface FollowOptions {
  readonly sql: Sql;
  readonly follower: Follower;
  readonly zones: ZoneData;
  readonly rotateBytes: number;
  /** How long a transaction may hold up what is behind it before that is told. */
  readonly patienceMs?: number;
  readonly log: Logger;
}

/** Transactions looked at in one go, and events. */
const WIDEST = 20_000;
const MOST_EVENTS = 2_000;
/** A position that nothing happened behind is noted now and then. */
const NOTED_MS = 15_000;
/** How long the files may be thought of as ours without asking. */
const SURE_MS = 5_000;
const PATIENCE_MS = 300_000;

/**
 * Writes what was committed into files. Where they are is noted after they were written, so what a crash cut short is read again; lines that stand in
 * their file by then are not written twice. Of several workers one does this; one that is not heard of for fifteen seconds is followed by another.
 */
export class LogFollower {
  readonly #options: FollowOptions;
  readonly #appender: Appender;
  /** How far the files are, as far as we know by ourselves; null: somebody may have written since. */
  #last: number | null = null;
  /** What was committed below this may stand in the files already. */
  #unsureBelow = 0;
  #width = WIDEST;
  #notedAt = 0;
  #problem: string | null = null;
  /** The oldest transaction that is open, and since when we have seen it. */
  #oldest = { number: 0, since: 0 };

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#appender = new Appender({ dir: options.follower.dir, rotateBytes: options.rotateBytes });
  }

  /** Writes what there is now, with `isLast` as much as a few seconds are enough for; true when the files are ours. Throws when Postgres is away; a disk that takes nothing is said once. */
  async round({ isLast = false } = {}): Promise<boolean> {
    const { sql, follower, log } = this.#options;
    for (;;) {
      const askedAt = Date.now();
      const span = await claimLogFiles(sql, follower);
      if (!span) {
        await this.#forget();
        return false;
      }
      if (span.wasReset)
        log.warn('the database is another one or an older one than log files were written from: they go on with what happens now');
      if (span.position !== this.#last) this.#unsureBelow = span.horizon;
      this.#last = span.position;
      if ((await this.#writeUpTo(span.horizon, span.since, askedAt + SURE_MS)) || isLast) {
        if (this.#last !== null) await this.#tellOfOldest(span);
        return this.#last !== null;
      }
    }
  }

  /** Writes what is left, as far as a process that is to end may take its time, and gives the files up. */
  async stop(): Promise<void> {
    try {
      await this.round({ isLast: true });
      await leaveLogFiles(this.#options.sql, this.#options.follower, null);
    } finally {
      await this.#forget();
    }
  }

  /** True when there is nothing more to do now, false when it took so long that the files may be another's. */
  async #writeUpTo(horizon: number, since: string, sureUntil: number): Promise<boolean> {
    const { sql, follower } = this.#options;
    while (this.#last !== null && this.#last < horizon) {
      if (Date.now() > sureUntil) return false;
      const from = this.#last;
      const to = Math.min(horizon, from + this.#width);
      const isNarrow = to - from === 1;
      const events = await committedEvents(sql, { from, to, since }, isNarrow ? Number.MAX_SAFE_INTEGER - 1 : MOST_EVENTS);
      if (events === null) {
        this.#width = Math.max(1, Math.floor((to - from) / 2));
        continue;
      }
      if (events.length < MOST_EVENTS / 4) this.#width = Math.min(this.#width * 2, WIDEST);
      if (events.length === 0 && to === horizon && Date.now() - this.#notedAt < NOTED_MS) return true;
      // Until it is noted that they are, lines that are written may be met again.
      this.#last = null;
      try {
        await this.#write(
          events.flatMap((event) => linesOf(event, this.#options.zones)),
          from,
        );
      } catch (error) {
        await this.#giveUp(error);
        return true;
      }
      if (events.length > 0) this.#recovered();
      this.#last = (await advanceLogFiles(sql, follower, { from, to, hasWritten: events.length > 0 })) ? to : null;
      this.#notedAt = Date.now();
    }
    return true;
  }

  async #write(filed: readonly { readonly file: LogFileName; readonly line: string }[], from: number): Promise<void> {
    const idOf = (line: string) => {
      const event = eventIn(line);
      return event && event.tx >= from ? event.id : null;
    };
    for (const [file, lines] of Map.groupBy(filed, (one) => one.file)) {
      await this.#appender.append({
        file,
        lines: lines.map(({ line }) => line),
        safely: file.startsWith('audit/'),
        ...(from < this.#unsureBelow && { mayStand: idOf }),
      });
    }
  }

  /** Nothing is lost: what could not be written is read again. */
  async #giveUp(error: unknown): Promise<void> {
    const { sql, follower, log } = this.#options;
    const problem = error instanceof Error ? error.message : String(error);
    if (problem !== this.#problem) {
      log.error({ dir: follower.dir, problem }, `log files of runs, zones and audit cannot be written, and runs go on: ${problem}`);
    }
    this.#problem = problem;
    await this.#forget();
    await leaveLogFiles(sql, follower, problem);
  }

  /** What nobody ends would stop all files in silence. */
  async #tellOfOldest({ horizon, newest }: Span): Promise<void> {
    const { sql, follower, log, patienceMs = PATIENCE_MS } = this.#options;
    if (horizon !== this.#oldest.number || horizon === newest) this.#oldest = { number: horizon, since: Date.now() };
    const ms = Date.now() - this.#oldest.since;
    if (horizon === newest || ms < patienceMs || this.#problem !== null) return;
    this.#problem = `lines wait for a transaction that has been open for ${Math.round(ms / 60_000)} minutes (pg_stat_activity or pg_prepared_xacts show it as ${horizon})`;
    log.warn(this.#problem);
    await noteTroubleWithLogFiles(sql, follower, this.#problem);
  }

  #recovered(): void {
    if (this.#problem !== null) this.#options.log.info({ dir: this.#options.follower.dir }, 'log files are written again');
    this.#problem = null;
  }

  async #forget(): Promise<void> {
    this.#last = null;
    await this.#appender.close();
  }
}
