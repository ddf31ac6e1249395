import { StepFailure } from '#jobs/failure.ts';
import type { StepContext } from '../../contract.ts';
import type { Route } from './carry.ts';
import { assertRoom, below } from './directories.ts';
import type { Files } from './files.ts';
import type { FileOptions } from './options.ts';
import { inParallel } from './parallel.ts';
import type { TransferReport } from './report.ts';
import type { Comparison } from './sync-compare.ts';
import type { Action } from './sync-plan.ts';
import { type Task, type Transferred, transferAll } from './transfer-all.ts';
import type { Found } from './walk.ts';

export interface Work extends Comparison {
  readonly step: StepContext;
  readonly route: Route;
  readonly right: string;
  readonly options: FileOptions;
  readonly report: TransferReport;
  readonly parts: Set<string>;
}

/** An action with its row's number, its place, and what is on either side. */
interface Entry {
  readonly action: Action;
  readonly number: number;
  readonly target: string;
  readonly source: Found | undefined;
  readonly old: Found | undefined;
}

/** What gives way goes first; then directories, files, links and attributes; what the left side lacks goes last, and only when all else succeeded. */
export async function apply(work: Work): Promise<Transferred> {
  const { actions, sources, targets, route, right, options } = work;
  const { to } = route;
  const entries = actions.map((action, index): Entry => {
    const { relative } = action;
    return { action, number: index + 1, target: below(right, relative), source: sources.get(relative), old: targets.get(relative) };
  });
  const failures: { path: string; failure: StepFailure }[] = [];
  const each = (what: Action['do'], width: number, act: (entry: Entry) => Promise<void>): Promise<void> =>
    inParallel(entries, width, async (entry) => {
      if (entry.action.do === what) await shown(work, entry, act, failures);
    });

  for (const entry of entries) await giveWay(to, entry);
  await each('directory', 1, ({ target }) => to.makeDirectory(target));
  const done = await transfer(work, entries);
  await each('link', 8, async ({ target, source }) => to.link(source?.linkTarget ?? '', target));
  await each('attributes', 32, async ({ target, source }) => {
    if (source === undefined) return;
    const { mode, mtime, kind } = source.facts;
    await to.change(target, { mode: options.preserve_permissions ? mode : undefined, mtime: kind === 'file' ? mtime : undefined });
  });
  const replaced = actions.filter(({ replaces }) => replaces === 'directory').map(({ relative }) => `${relative}/`);
  if (done.failures.length === 0 && failures.length === 0) {
    // One after the other where it is a directory: it comes after what was in it.
    const isDirectory = ({ old }: Entry): boolean => old?.facts.kind === 'directory';
    const isGone = ({ action }: Entry): boolean => replaced.some((directory) => action.relative.startsWith(directory));
    await each('delete', 32, async (entry) => {
      if (!isDirectory(entry) && !isGone(entry)) await to.remove(entry.target);
    });
    for (const entry of entries)
      if (entry.action.do === 'delete' && isDirectory(entry) && !isGone(entry)) await to.removeDirectory(entry.target);
  }
  if (options.preserve_permissions) {
    // From the innermost outwards, since one without write permission lets nothing in any more.
    for (const { action, target, source } of entries.toReversed()) {
      if (action.do === 'directory' && source !== undefined) await to.change(target, { mode: source.facts.mode });
    }
  }
  return { ...done, failures: [...done.failures, ...failures] };
}

async function transfer({ step, route, right, targets, options, report, parts }: Work, entries: readonly Entry[]): Promise<Transferred> {
  const tasks = entries.flatMap(({ action, number, target, source }): readonly Task[] => {
    if ((action.do !== 'new' && action.do !== 'update') || source === undefined) return [];
    const { path: sourcePath, facts } = source;
    const existing = targets.get(action.relative)?.facts ?? null;
    return [{ number, shown: route.shown(sourcePath, target, facts.size), sourcePath, targetPath: target, source: facts, existing }];
  });
  const sizes = tasks.map(({ source, existing }) => ({ size: source.size, replaced: existing?.size ?? null }));
  if (step.attempt === 1 && tasks.length > 0) await assertRoom(route.to, right, sizes);
  return transferAll(step, route, tasks, { ...options, preserve_times: true }, report, parts);
}

const OPERATIONS: { readonly [what: string]: 'directory' | 'link' | 'delete' } = { directory: 'directory', link: 'link', delete: 'delete' };

/** Does something with an entry and shows it in its row; what fails is kept for the end. */
async function shown(
  { route, report, step }: Work,
  entry: Entry,
  act: (entry: Entry) => Promise<void>,
  failures: { path: string; failure: StepFailure }[],
): Promise<void> {
  const { action, number, source, target } = entry;
  const way = route.shown(source?.path ?? '', target, action.size);
  const row = report.file(number, {
    ...way,
    local_path: way.local_path || null,
    operation_type: OPERATIONS[action.do] ?? way.operation_type,
  });
  try {
    await act(entry);
    row.ended('completed');
  } catch (error) {
    if (!(error instanceof StepFailure) || error.type === 'connection' || step.signal.aborted) throw error;
    row.ended('failed', { error: error.message });
    failures.push({ path: target, failure: error });
  }
  report.fileEnded();
}

/** Removes what stands, as another kind of entry, where this one is to be. */
async function giveWay(to: Files, { action, target }: Entry): Promise<void> {
  if (action.replaces === 'directory') await removeTree(to, target);
  // A file takes the place of a link or another file by itself.
  else if (action.replaces !== null && (action.do === 'directory' || action.do === 'link')) await to.remove(target);
}

async function removeTree(to: Files, directory: string): Promise<void> {
  for (const { name, kind } of await to.list(directory)) {
    if (kind === 'directory') await removeTree(to, below(directory, name));
    else await to.remove(below(directory, name));
  }
  await to.removeDirectory(directory);
}
