import { type FailureType, StepFailure } from '#jobs/failure.ts';
import type { StepContext } from '../../contract.ts';
import { assertRoom, below, ensureDirectory, existing, nameOf, parentOf } from './directories.ts';
import { fileFailure } from './failure.ts';
import type { Files } from './files.ts';
import type { FileOptions } from './options.ts';
import { type FileShown, sizeWords, TransferReport } from './report.ts';
import { filesFailure, type Task, transferAll } from './transfer-all.ts';
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

/** Brings items over to `destination`: a tree becomes it; a file becomes it too, unless that is a directory, is written with a slash at its end, or takes several. */
export async function carry(
  step: StepContext,
  route: Route,
  found: { readonly items: readonly Item[]; readonly isTree: boolean },
  destination: string,
  options: CarryOptions,
) {
  const { to } = route;
  const target = await to.absolute(destination);
  const { items } = found;
  const isInto = found.isTree || items.length > 1 || destination.endsWith('/') || (await to.look(target, 'follow'))?.kind === 'directory';
  const directory = isInto ? target : parentOf(target);
  const mayCreate = options.create_directories === true;
  if (found.isTree && !mayCreate) await ensureDirectory(to, parentOf(directory), false);
  await ensureDirectory(to, directory, mayCreate || found.isTree);

  const place = ({ relative }: Item): string => (isInto ? below(directory, relative) : target);
  const directories = items.filter(({ facts }) => facts.kind === 'directory');
  const files = items.filter(({ facts }) => facts.kind === 'file');
  for (const item of directories) await to.makeDirectory(place(item));
  for (const parent of new Set(files.map((item) => parentOf(place(item)))))
    if (parent !== directory) await ensureDirectory(to, parent, true);

  const there = await existing(to, files.map(place));
  const tasks = files.map((item, index): Task => {
    const targetPath = place(item);
    const { path: sourcePath, facts: source } = item;
    return {
      number: index + 1,
      shown: route.shown(sourcePath, targetPath, source.size),
      sourcePath,
      targetPath,
      source,
      existing: there.get(targetPath) ?? null,
    };
  });
  const bytes = files.reduce((sum, { facts }) => sum + facts.size, 0);
  const report = new TransferReport(step, { files: tasks.length, bytes });
  const wanted = tasks.filter((task) => options.overwrite !== false || task.existing === null);
  const kept = new Set(tasks).difference(new Set(wanted));
  for (const task of kept) report.file(task.number, task.shown).ended('skipped');
  // What an earlier attempt left is room already taken.
  if (step.attempt === 1)
    await assertRoom(
      to,
      directory,
      wanted.map(({ source, existing: old }) => ({ size: source.size, replaced: old?.size ?? null })),
    );

  const done = await sweeping(step, route, (parts) => transferAll(step, route, wanted, options, report, parts));
  for (const item of directories.toReversed()) {
    const { preserve_permissions, preserve_times } = options;
    const attributes = { mode: preserve_permissions ? item.facts.mode : undefined, mtime: preserve_times ? item.facts.mtime : undefined };
    if (preserve_permissions || preserve_times) await to.change(place(item), attributes);
  }
  route.count({ files: done.files, bytes: done.bytes - done.resumedFrom });
  await step.log.line('info', `${done.files} files, ${sizeWords(done.bytes)} in ${report.durationMs} ms`);
  for (const { failure } of done.failures) await step.log.line('error', failure.message);
  const failure = filesFailure(done.failures, wanted.length);
  if (failure !== null) throw failure;
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

/** Ends after which an attempt may follow that goes on where this one stopped. */
const TAKEN_UP: readonly FailureType[] = ['connection', 'timeout', 'lost', 'internal'];

/** Runs a transfer and, when it fails for good, clears away its parts. */
export async function sweeping<T>(
  step: StepContext,
  { sweeper }: Pick<Route, 'sweeper'>,
  act: (parts: Set<string>) => Promise<T>,
): Promise<T> {
  const parts = new Set<string>();
  try {
    return await act(parts);
  } catch (error) {
    const type =
      step.signal.aborted && step.signal.reason instanceof StepFailure
        ? step.signal.reason.type
        : error instanceof StepFailure
          ? error.type
          : 'internal';
    if (parts.size > 0 && !TAKEN_UP.includes(type)) await sweep(sweeper(), parts);
    throw error;
  }
}

async function sweep(files: Files, parts: ReadonlySet<string>): Promise<void> {
  for (const part of parts) await files.remove(part).catch(() => undefined);
  files.close();
}
