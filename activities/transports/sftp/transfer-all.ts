import { createHash } from 'node:crypto';
import { StepFailure, stepFailure } from '#jobs/failure.ts';
import type { Json } from '#jobs/json.ts';
import type { StepContext } from '../../contract.ts';
import { type Delivered, deliver } from './deliver.ts';
import type { Attributes, Facts, Files } from './files.ts';
import { Healer } from './healer.ts';
import type { FileOptions } from './options.ts';
import { inParallel, Places } from './parallel.ts';
import { partOf } from './part.ts';
import type { FileReport, FileShown, TransferReport } from './report.ts';
import { RESENT_BYTES } from './resume.ts';

/** A file to bring over. */
export interface Task {
  /** Number of its row. */
  readonly number: number;
  readonly shown: FileShown;
  readonly sourcePath: string;
  readonly targetPath: string;
  /** As it was when the step looked. */
  readonly source: Facts;
  /** What stands in its place; null for nothing. */
  readonly existing: Facts | null;
}

export interface Ends {
  readonly from: Files;
  readonly to: Files;
}

/** What became of the files, and where the next attempt may go on. */
export interface Transferred {
  readonly files: number;
  readonly bytes: number;
  readonly resumedFrom: number;
  readonly list: readonly { readonly path: string; readonly size: number; readonly sha256: string | null }[];
  readonly failures: readonly { readonly path: string; readonly failure: StepFailure }[];
}

/** Blocks under way, of all files together. */
const BLOCKS = 64;
const FILES = 256;
/** Of the files that could fill all blocks alone. */
const LARGE_FILES = 4;
const LISTED = 20;
const MOST_SWEPT = 1000;
/** A step with so many failed files is not going to end well. */
const MOST_FAILURES = 100;

type Step = Pick<StepContext, 'run' | 'attempt' | 'signal' | 'checkpoint' | 'resumeFrom' | 'log'>;

/**
 * Brings files over, many at a time. A file that fails does not stop the others; a connection that cannot be had again does, and so does the signal.
 * Parts under way are kept in `parts` for whoever clears them away.
 */
export async function transferAll(
  step: Step,
  { from, to }: Ends,
  tasks: readonly Task[],
  options: FileOptions,
  report: TransferReport,
  parts: Set<string>,
): Promise<Transferred> {
  const { signal } = step;
  const memory = new Memory(step, tasks);
  // What earlier attempts left, for whoever clears away; there need not be anything.
  if (step.attempt > 1) for (const { targetPath } of memory.left().slice(0, MOST_SWEPT)) parts.add(partOf(targetPath, step.run));
  const blocks = new Places(BLOCKS);
  const large = new Places(LARGE_FILES);
  const healer = new Healer(signal, (text) => void step.log.line('warn', text));
  const failures: { path: string; failure: StepFailure }[] = [];
  const list: { path: string; size: number; sha256: string | null }[] = [];
  let files = 0;
  let bytes = 0;
  let resumedFrom = 0;

  const bring = async (task: Task, row: FileReport): Promise<Delivered> =>
    healer.healed((tries) =>
      deliver(
        {
          from,
          to,
          sourcePath: task.sourcePath,
          targetPath: task.targetPath,
          run: step.run,
          verify: options.verify ?? 'sha256',
          attributes: (source) => attributesOf(options, source, task.existing),
        },
        { mayHavePart: step.attempt > 1 || tries > 1, fingerprint: memory.fingerprint(task) },
        blocks,
        signal,
        {
          begins: ({ part, size, resumedFrom: stands, refusal, fingerprint }) => {
            parts.add(part);
            row.begins(size, stands);
            if (stands > 0) void step.log.line('info', `${task.shown.remote_path} goes on at ${stands} of ${size} bytes`);
            if (refusal !== null) void step.log.line('warn', `${task.shown.remote_path} is sent anew: ${refusal}`);
            if (size > RESENT_BYTES) memory.began(task, fingerprint);
          },
          moved: (count) => {
            healer.progressed();
            row.moved(count);
          },
          placed: (part) => parts.delete(part),
        },
      ),
    );

  await inParallel(memory.left(), FILES, async (task) => {
    signal.throwIfAborted();
    const isLarge = task.source.size > RESENT_BYTES;
    if (isLarge) await large.take();
    const row = report.file(task.number, task.shown);
    try {
      const { size, sha256, resumedFrom: kept } = await bring(task, row);
      files += 1;
      bytes += size;
      resumedFrom += kept;
      if (list.length < LISTED) list.push({ path: task.shown.remote_path, size, sha256 });
      row.ended('completed', { sha256 });
      memory.done(task);
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      row.ended('failed', { error: error.message });
      if (signal.aborted || error.type === 'connection') throw error;
      failures.push({ path: task.shown.remote_path, failure: error });
      if (failures.length >= MOST_FAILURES) throw error;
    } finally {
      if (isLarge) large.give();
      report.fileEnded();
    }
  });
  return { files, bytes, resumedFrom, list, failures };
}

/** Which permissions and times a file gets. */
export const attributesOf = (
  { mode, preserve_permissions, preserve_times }: FileOptions,
  source: Facts,
  existing: Facts | null,
): Attributes => ({
  mode:
    mode !== undefined
      ? Number.parseInt(mode, 8)
      : preserve_permissions
        ? source.mode
        : existing?.kind === 'file'
          ? existing.mode
          : undefined,
  mtime: preserve_times ? source.mtime : undefined,
});

/** The failure of a step some of whose files failed: the only one's own, else one that counts and names them. */
export function filesFailure(failures: Transferred['failures'], total: number): StepFailure | null {
  const [first] = failures;
  if (first === undefined) return null;
  if (total === 1) return first.failure;
  const named = failures.slice(0, 5).map(({ failure }) => failure.message);
  const rest = failures.length > named.length ? `; and ${failures.length - named.length} more` : '';
  const types = new Set(failures.map(({ failure }) => failure.type));
  return stepFailure(
    types.size === 1 ? first.failure.type : 'assertion',
    `${failures.length} of ${total} files failed: ${named.join('; ')}${rest}`,
    {
      failed: failures.slice(0, 100).map(({ path }) => path),
    },
  );
}

/** What the next attempt needs to know, in the step's checkpoint. */
class Memory {
  readonly #step: Step;
  readonly #tasks: readonly Task[];
  readonly #list: string;
  readonly #fingerprints = new Map<string, string>();
  readonly #earlier: Remembered | null;
  readonly #done = new Set<Task>();
  #before: number;

  constructor(step: Step, tasks: readonly Task[]) {
    this.#step = step;
    this.#tasks = tasks;
    const hash = createHash('sha256');
    for (const { sourcePath, targetPath, source } of tasks) hash.update(`${sourcePath}\0${targetPath}\0${source.size}\0${source.mtime}\0`);
    this.#list = hash.digest('base64url');
    const earlier = remembered(step.resumeFrom());
    this.#earlier = earlier;
    this.#before = earlier?.list === this.#list ? earlier.done : 0;
  }

  /** What no earlier attempt has brought over. */
  left = (): readonly Task[] => this.#tasks.slice(this.#before);

  fingerprint = ({ targetPath }: Task): string | null => this.#fingerprints.get(targetPath) ?? this.#earlier?.parts[targetPath] ?? null;

  began({ targetPath }: Task, fingerprint: string): void {
    this.#fingerprints.set(targetPath, fingerprint);
    this.#keep();
  }

  done(task: Task): void {
    this.#done.add(task);
    this.#fingerprints.delete(task.targetPath);
    const before = this.#before;
    for (let next = this.#tasks[this.#before]; next !== undefined && this.#done.delete(next); next = this.#tasks[this.#before])
      this.#before += 1;
    if (this.#before > before) this.#keep();
  }

  #keep(): void {
    const state: Remembered = { list: this.#list, done: this.#before, parts: Object.fromEntries(this.#fingerprints) };
    this.#step.checkpoint(state as unknown as Json);
  }
}

interface Remembered {
  /** Which files it was about. */
  readonly list: string;
  /** So many of them, from the first, are in their places. */
  readonly done: number;
  /** Fingerprints of the sources of those under way, by where they go. */
  readonly parts: { readonly [targetPath: string]: string };
}

const remembered = (state: Json): Remembered | null =>
  typeof state === 'object' && state !== null && 'list' in state ? (state as unknown as Remembered) : null;
