import { formatDuration } from '#jobs/duration.ts';
import type { StepContext } from '../../contract.ts';

/** What of a file its row shows from the beginning. */
export interface FileShown {
  readonly operation_type: 'upload' | 'download' | 'copy' | 'delete' | 'link' | 'directory';
  readonly local_path: string | null;
  readonly remote_path: string;
  readonly file_size: number | null;
}

const EVERY_MS = 250;
/** Smaller files are over before anyone could read that they have begun. */
const SHOWN_AT_ONCE = 1024 * 1024;
/** Files that get a row; of more there are only sums. */
export const MOST_ROWS = 10_000;

/** Shows how the files of a step get on: a row each, and what all together have come to. */
export class TransferReport {
  readonly #step: Pick<StepContext, 'transfer' | 'progress'>;
  readonly #total: { readonly files: number; readonly bytes: number };
  readonly #began = performance.now();
  #shownAt = Number.NEGATIVE_INFINITY;
  #moved = 0;
  #bytes = 0;
  #files = 0;

  constructor(step: Pick<StepContext, 'transfer' | 'progress'>, total: { readonly files: number; readonly bytes: number }) {
    this.#step = step;
    this.#total = total;
  }

  /** Bits a second of what was moved since the beginning. */
  get rate(): number {
    return rateOf(this.#moved, performance.now() - this.#began);
  }

  get durationMs(): number {
    return Math.round(performance.now() - this.#began);
  }

  file(number: number, shown: FileShown): FileReport {
    const tell = (row: Told) => {
      if (number <= MOST_ROWS) this.#step.transfer({ number, ...shown, ...row });
    };
    return new FileReport(tell, (bytes, moved) => this.#advance(bytes, moved));
  }

  /** What need not be moved, or was before. */
  stands(bytes: number): void {
    this.#advance(bytes, 0);
  }

  /** One file more is done with. */
  fileEnded(): void {
    this.#files += 1;
    this.#advance(0, 0);
  }

  #advance(bytes: number, moved: number): void {
    this.#bytes += bytes;
    this.#moved += moved;
    const now = performance.now();
    if (now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    const { files, bytes: all } = this.#total;
    const share = all === 0 ? this.#files / Math.max(1, files) : this.#bytes / all;
    const perMs = this.#moved / Math.max(1, now - this.#began);
    const left = perMs > 0 && all > this.#bytes ? `, ${formatDuration(Math.ceil((all - this.#bytes) / perMs / 1000) * 1000)} left` : '';
    const count = files > 1 ? `${this.#files} of ${files} files, ` : '';
    this.#step.progress(
      Math.min(99, share * 100),
      `${count}${sizeWords(this.#bytes)} of ${sizeWords(all)}, ${sizeWords(perMs * 1000)}/s${left}`,
    );
  }
}

interface Told {
  readonly bytes_transferred: number;
  readonly transfer_rate_bps: number | null;
  readonly status: 'running' | 'completed' | 'failed' | 'skipped';
  readonly started_at: string;
  readonly completed_at: string | null;
  readonly error_message: string | null;
  readonly resumed_from: number;
  readonly sha256: string | null;
}

/** The row of one file. */
export class FileReport {
  readonly #tell: (row: Told) => void;
  readonly #count: (bytes: number, moved: number) => void;
  #startedAt = new Date();
  #began = performance.now();
  #toldAt = performance.now();
  #resumedFrom = 0;
  #moved = 0;

  constructor(tell: (row: Told) => void, count: (bytes: number, moved: number) => void) {
    this.#tell = tell;
    this.#count = count;
  }

  get resumedFrom(): number {
    return this.#resumedFrom;
  }

  /** It goes on from the bytes that stand there, or anew. */
  begins(size: number, resumedFrom: number): void {
    this.#count(resumedFrom - this.#resumedFrom - this.#moved, 0);
    this.#resumedFrom = resumedFrom;
    this.#moved = 0;
    if (size >= SHOWN_AT_ONCE) this.#say('running');
  }

  moved(bytes: number): void {
    this.#moved += bytes;
    this.#count(bytes, bytes);
    if (performance.now() - this.#toldAt >= EVERY_MS) this.#say('running');
  }

  ended(
    status: 'completed' | 'failed' | 'skipped',
    { sha256 = null, error = null }: { sha256?: string | null; error?: string | null } = {},
  ): void {
    this.#say(status, sha256, error);
  }

  #say(status: Told['status'], sha256: string | null = null, error: string | null = null): void {
    const now = performance.now();
    this.#toldAt = now;
    this.#tell({
      status,
      bytes_transferred: status === 'skipped' ? 0 : this.#resumedFrom + this.#moved,
      transfer_rate_bps: this.#moved === 0 ? null : rateOf(this.#moved, now - this.#began),
      started_at: this.#startedAt.toISOString(),
      completed_at: status === 'running' ? null : new Date().toISOString(),
      error_message: error,
      resumed_from: this.#resumedFrom,
      sha256,
    });
  }
}

const rateOf = (bytes: number, ms: number): number => Math.round((bytes * 8000) / Math.max(1, ms));

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `1.5 GiB`, for people. */
export function sizeWords(bytes: number): string {
  let at = 0;
  let value = bytes;
  for (; value >= 1024 && at < UNITS.length - 1; at += 1) value /= 1024;
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[at]}`;
}
