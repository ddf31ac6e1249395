import { StepFailure } from '#jobs/failure.ts';
import type { StepContext } from '../../contract.ts';
import { assertRoom, below, ensureDirectory, existing, nameOf, parentOf } from './directories.ts';
import { fileFailure } from './failure.ts';
import type { Files } from './files.ts';
import type { FileOptions } from './options.ts';
import { inParallel } from './parallel.ts';
import { type FileShown, sizeWords, TransferReport } from './report.ts';
import { filesFailure, type Task, type Transferred, transferAll } from './transfer-all.ts';
import { type Found, walk } from './walk.ts';

/** From where to where, and how to reach the destination again to clear away after the step was stopped. */
export interface Route {
  readonly from: Files;
  readonly to: Files;
  sweeper(): Files;
  shown(sourcePath: string, targetPath: string, size: number): FileShown;
  /** Tells the sessions what went over them. */
  count(done: { readonly files: number; readonly bytes: number }): void;
}

export interface CarryOptions extends FileOptions {
  readonly recursive?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
}

/** A file, or a directory to make, with its place below the destination; '' is the destination itself. */
export interface Item extends Pick<Found, 'path' | 'facts' | 'relative'> {}

/** What stands at a path: a file alone, or a directory with all below it when that was asked for. */
export async function itemsAt(
  files: Files,
  path: string,
  recursive: boolean,
): Promise<{ readonly items: readonly Item[]; readonly isTree: boolean }> {
  const facts = await files.look(path, 'keep');
  const spot = { where: files.where, stage: 'open', path } as const;
  if (facts === null) throw fileFailure('invalid_input', spot, 'there is no such file or directory');
  if (facts.kind === 'file') return { items: [{ path, facts, relative: nameOf(path) }], isTree: false };
  if (facts.kind !== 'directory') throw fileFailure('invalid_input', spot, `is a ${facts.kind}, not a file`);
  if (!recursive) throw fileFailure('invalid_input', spot, 'is a directory; recursive: true brings it over with all it holds');
  return { items: await walk(files, path, { links: 'skip', wants: () => true }), isTree: true };
}

/** What was found at a source: of a tree all that is in it. */
export interface FoundItems {
  readonly items: readonly Item[];
  readonly isTree: boolean;
}

/** Brings items over to `destination`: a tree becomes it; a file becomes it too, unless that is a directory, is written with a slash at its end, or takes several. */
export async function carry(step: StepContext, route: Route, found: FoundItems, destination: string, options: CarryOptions) {
  const { to } = route;
  const place = await placing(to, found, destination, options);
  const files = found.items.filter(({ facts }) => facts.kind === 'file');
  const there = await existing(to, files.map(place.of));
  const tasks = files.map((item, index): Task => {
    const { path: sourcePath, facts: source } = item;
    const targetPath = place.of(item);
    const shown = route.shown(sourcePath, targetPath, source.size);
    return { number: index + 1, shown, sourcePath, targetPath, source, existing: there.get(targetPath) ?? null };
  });
  const wanted = tasks.filter((task) => options.overwrite !== false || task.existing === null);
  const bytes = wanted.reduce((sum, { source }) => sum + source.size, 0);
  const report = new TransferReport(step, { files: wanted.length, bytes });
  for (const task of new Set(tasks).difference(new Set(wanted))) report.file(task.number, task.shown).ended('skipped');
  const sizes = wanted.map(({ source, existing: old }) => ({ size: source.size, replaced: old?.size ?? null }));
  // What an earlier attempt left is room already taken.
  if (step.attempt === 1 && wanted.length > 0) await assertRoom(to, place.directory, sizes);

  const done = await sweeping(step, route, wanted.length, (parts) => transferAll(step, route, wanted, options, report, parts));
  await dress(to, found.items, place.of, options);
  route.count({ files: done.files, bytes: done.bytes - done.resumedFrom });
  await step.log.line('info', `${done.files} files, ${sizeWords(done.bytes)} in ${report.durationMs} ms`);
  return {
    files: done.files,
    skipped: tasks.length - wanted.length,
    bytes: done.bytes,
    resumed_from: done.resumedFrom,
    duration_ms: report.durationMs,
    transfer_rate_bps: report.rate,
    list: done.list,
  };
}

interface Placing {
  readonly directory: string;
  of(item: Item): string;
}

/** Says where each item goes, and makes the directories that takes. */
async function placing(
  to: Files,
  { items, isTree }: FoundItems,
  destination: string,
  { create_directories = false }: CarryOptions,
): Promise<Placing> {
  const target = await to.absolute(destination);
  const isInto = isTree || items.length > 1 || destination.endsWith('/') || (await to.look(target, 'follow'))?.kind === 'directory';
  const directory = isInto ? target : parentOf(target);
  // The last directory of a tree's way is the tree itself.
  if (isTree) await ensureDirectory(to, parentOf(directory), create_directories);
  await ensureDirectory(to, directory, create_directories || isTree);
  const of = ({ relative }: Item): string => (isInto ? below(directory, relative) : target);
  const needed = new Set(items.map((item) => (item.facts.kind === 'directory' ? of(item) : parentOf(of(item)))));
  needed.delete(directory);
  const depthOf = (path: string): number => path.split('/').length;
  for (const [, level] of [...Map.groupBy(needed, depthOf)].toSorted(([a], [b]) => a - b)) {
    await inParallel(level, 16, (path) => ensureDirectory(to, path, true));
  }
  return { directory, of };
}

/** Gives directories what their sources have; last, since one without write permission lets nothing in any more. */
async function dress(to: Files, items: readonly Item[], placeOf: (item: Item) => string, options: CarryOptions): Promise<void> {
  const { preserve_permissions = false, preserve_times = false } = options;
  if (!preserve_permissions && !preserve_times) return;
  for (const item of items.toReversed()) {
    const { kind, mode, mtime } = item.facts;
    if (kind !== 'directory') continue;
    await to.change(placeOf(item), { mode: preserve_permissions ? mode : undefined, mtime: preserve_times ? mtime : undefined });
  }
}

/** Runs a transfer of so many files; one that ends without all of them throws, and clears away its parts unless another attempt may go on with them. */
export async function sweeping(
  step: StepContext,
  { sweeper }: Pick<Route, 'sweeper'>,
  total: number,
  act: (parts: Set<string>) => Promise<Transferred>,
): Promise<Transferred> {
  const parts = new Set<string>();
  try {
    const done = await act(parts);
    for (const { failure } of done.failures) await step.log.line('error', failure.message);
    const failure = filesFailure(done.failures, total);
    if (failure !== null) throw failure;
    return done;
  } catch (error) {
    const stopped = step.signal.aborted && step.signal.reason instanceof StepFailure ? step.signal.reason : error;
    const type = stopped instanceof StepFailure ? stopped.type : 'internal';
    if (!step.isFollowed(type)) await sweep(sweeper(), parts);
    throw error;
  }
}

async function sweep(files: Files, parts: ReadonlySet<string>): Promise<void> {
  for (const part of parts) await files.remove(part).catch(() => undefined);
  files.close();
}
