import type { Sql } from '#db/client.ts';
import { listChunkExtents } from '#db/queries/log-chunks.ts';
import type { NumberedLine } from '#db/queries/read-log.ts';
import { type LineFilter, mayHold } from './line-filter.ts';
import type { ChunkCount, ChunkToScan } from './scan.ts';
import { type Asker, Left, type Scanners } from './scanners.ts';

/** How long one request looks on; what it did not get to, the next one goes on with. */
const BUDGET_MS = 2_000;
/** Chunks that one thread looks through before it takes the next request's. */
const SLICE = 100;
/** Text that one answer holds, about: of longer lines there are fewer in it. */
const MOST_BYTES = 2_000_000;
/** Filters whose counts are kept, those asked for last. */
const KEPT = 100;
/** The last chunks of a log may grow or be replaced, so they are looked at again. */
const LOOSE = 3;

/** A chunk of a log, with how many of its lines are meant once that is known. */
interface CountedChunk extends ChunkToScan {
  readonly matches: number | null;
}

/** Where to begin: at the so-manieth line that is meant, from the end when negative; at the first from a line on; or at the nearest one after or before a line. */
export type Position = { readonly from: number } | { readonly line: number } | { readonly after: number } | { readonly before: number };

/** Some lines that are meant, and how many there are. */
export interface Found {
  readonly items: readonly NumberedLine[];
  /** Place of the first item among all that are meant, from 1; 0 without items. */
  readonly first: number;
  /** How many lines are meant, as far as was looked: exact once `complete`. */
  readonly matches: number;
  /** Lines of the log, and how far it was looked through. */
  readonly total: number;
  readonly scanned: number;
  readonly complete: boolean;
}

/** Counts the lines of logs that filters mean, chunk by chunk, and remembers the counts, so that a log that grows is not looked through again. */
export class LineIndex {
  readonly #sql: Sql;
  readonly #scanners: Scanners;
  readonly #budgetMs: number;
  readonly #known = new Map<string, readonly CountedChunk[]>();
  readonly #underway = new Map<string, Promise<readonly CountedChunk[]>>();

  constructor(sql: Sql, scanners: Scanners, budgetMs: number = BUDGET_MS) {
    this.#sql = sql;
    this.#scanners = scanners;
    this.#budgetMs = budgetMs;
  }

  /** Finds up to `limit` lines of a step's log, fewer when they are long; whoever leaves has it looked through no further. Throws a 422 for a pattern that is not RE2. */
  async find(run: string, key: string, filter: LineFilter, position: Position, limit: number, asker: Asker): Promise<Found> {
    const chunks = await unlessLeft(this.#counted(run, key, filter, asker), asker.signal);
    const reached = chunks.findIndex(({ matches }) => matches === null);
    const done = reached < 0 ? chunks : chunks.slice(0, reached);
    const matches = done.reduce((sum, chunk) => sum + (chunk.matches ?? 0), 0);
    const standing = { matches, total: endOf(chunks), scanned: endOf(done), complete: reached < 0 };
    const below = (line: number) => this.#countBelow(run, key, filter, done, line, asker);
    const first = await placeOf(position, matches, below);
    if (first < 1 || first > matches) return { ...standing, items: [], first: 0 };
    const wanted = 'after' in position || 'before' in position ? 1 : limit;
    const last = Math.min(matches, first + wanted - 1);
    // Of the last lines, the very last are those to have.
    const fromEnd = 'from' in position && position.from < 0;
    const items = await this.#read(run, key, filter, done, { first, last, fromEnd }, asker);
    if (items.length === 0) return { ...standing, items, first: 0 };
    return { ...standing, items, first: fromEnd ? last - items.length + 1 : first };
  }

  /** Chunks with their counts; requests of the same filter wait for each other, so that nothing is counted twice. */
  async #counted(run: string, key: string, filter: LineFilter, asker: Asker): Promise<readonly CountedChunk[]> {
    const name = JSON.stringify([
      run,
      key,
      filter.text,
      filter.regexp,
      filter.match_case,
      filter.streams,
      filter.level,
      filter.attempt,
      filter.from_line,
      filter.to_line,
    ]);
    const before = this.#underway.get(name);
    const counting = (async () => {
      await before?.catch(() => undefined);
      const known = this.#known.get(name) ?? [];
      if (asker.signal?.aborted) return known;
      const chunks = await this.#count(run, key, filter, known, asker);
      this.#known.delete(name);
      this.#known.set(name, chunks);
      for (const [oldest] of this.#known) if (this.#known.size > KEPT) this.#known.delete(oldest);
      return chunks;
    })();
    this.#underway.set(name, counting);
    try {
      return await counting;
    } finally {
      if (this.#underway.get(name) === counting) this.#underway.delete(name);
    }
  }

  async #count(
    run: string,
    key: string,
    filter: LineFilter,
    known: readonly CountedChunk[],
    asker: Asker,
  ): Promise<readonly CountedChunk[]> {
    const giveUpAt = performance.now() + this.#budgetMs;
    const chunks = [...(await this.#refreshed(run, key, filter, known))];
    const places = chunks.flatMap(({ matches }, place) => (matches === null ? [place] : []));
    const slices = Array.from({ length: Math.ceil(places.length / SLICE) }, (_, at) => places.slice(at * SLICE, (at + 1) * SLICE));
    const work = async () => {
      for (let slice = slices.shift(); slice; slice = slices.shift()) {
        const own = slice.map((place) => placeIn(chunks[place] as CountedChunk));
        const counts = await this.#scanners.do({ does: 'count', run, key, filter, chunks: own }, asker).catch(noneOnceLeft);
        for (const [at, { matches, line_count }] of counts.entries()) {
          const place = slice[at] as number;
          const chunk = chunks[place] as CountedChunk;
          chunks[place] = { ...chunk, line_count: line_count ?? chunk.line_count, matches };
        }
        if (counts.length < slice.length) slices.unshift(slice.slice(counts.length));
        if (performance.now() > giveUpAt || asker.signal?.aborted) return;
      }
    };
    await Promise.all(Array.from({ length: this.#scanners.atOnce }, work));
    return chunks;
  }

  /** What is known of the chunks that have not changed, and those that are new; what cannot hold such lines counts none without a look. */
  async #refreshed(run: string, key: string, filter: LineFilter, known: readonly CountedChunk[]): Promise<readonly CountedChunk[]> {
    const firm = known.slice(0, Math.max(0, known.length - LOOSE));
    const loose = new Map(known.slice(firm.length).map((chunk) => [chunk.first_line, chunk]));
    const chunks = [...firm];
    let after = endOf(firm);
    for (const { first_line, line_count, attempt } of await listChunkExtents(this.#sql, run, key, (firm.at(-1)?.first_line ?? 0) + 1)) {
      const was = loose.get(first_line);
      const isSame = was?.line_count === line_count && was.attempt === attempt && was.after === after;
      const matches = isSame ? was.matches : mayHold(filter, { first_line, line_count, attempt }) ? null : 0;
      chunks.push({ first_line, line_count, attempt, after, matches });
      after = Math.max(after, first_line + line_count - 1);
    }
    return chunks;
  }

  async #countBelow(
    run: string,
    key: string,
    filter: LineFilter,
    chunks: readonly CountedChunk[],
    line: number,
    asker: Asker,
  ): Promise<number> {
    const place = chunks.findLastIndex(({ first_line }) => first_line < line);
    const chunk = chunks[place];
    if (!chunk) return 0;
    const before = chunks.slice(0, place).reduce((sum, one) => sum + (one.matches ?? 0), 0);
    if (!chunk.matches || line > endOf([chunk])) return before + (chunk.matches ?? 0);
    const [own] = await this.#scanners.do({ does: 'count', run, key, filter, chunks: [placeIn(chunk)], below: line }, asker);
    return before + (own?.matches ?? 0);
  }

  async #read(
    run: string,
    key: string,
    filter: LineFilter,
    chunks: readonly CountedChunk[],
    { first, last, fromEnd }: { readonly first: number; readonly last: number; readonly fromEnd: boolean },
    asker: Asker,
  ): Promise<readonly NumberedLine[]> {
    const holding: ChunkToScan[] = [];
    let passed = 0;
    let before = 0;
    for (const chunk of chunks) {
      const matches = chunk.matches ?? 0;
      if (matches > 0 && passed + matches >= first) {
        if (holding.length === 0) before = first - 1 - passed;
        holding.push(placeIn(chunk));
      }
      passed += matches;
      if (passed >= last) break;
    }
    const skip = fromEnd ? passed - last : before;
    const limit = last - first + 1;
    return this.#scanners.do({ does: 'read', run, key, filter, chunks: holding, skip, limit, bytes: MOST_BYTES, from_end: fromEnd }, asker);
  }
}

/** What was to be had, or `Left` as soon as nobody waits for it. */
async function unlessLeft<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return answer;
  const leaving = Promise.withResolvers<never>();
  const leave = () => leaving.reject(new Left());
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([answer, leaving.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

const noneOnceLeft = (error: unknown): readonly ChunkCount[] => {
  if (error instanceof Left) return [];
  throw error;
};

const placeIn = ({ first_line, line_count, attempt, after }: ChunkToScan): ChunkToScan => ({ first_line, line_count, attempt, after });

const endOf = (chunks: readonly Pick<CountedChunk, 'first_line' | 'line_count'>[]): number => {
  const last = chunks.at(-1);
  return last ? last.first_line + last.line_count - 1 : 0;
};

async function placeOf(position: Position, matches: number, below: (line: number) => Promise<number>): Promise<number> {
  if ('from' in position) return position.from < 0 ? Math.max(1, matches + position.from + 1) : Math.max(1, position.from);
  if ('line' in position) return (await below(position.line)) + 1;
  if ('after' in position) return (await below(position.after + 1)) + 1;
  return below(position.before);
}
