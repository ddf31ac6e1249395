import { setImmediate } from 'node:timers/promises';
import type { Audit } from '#db/audit.ts';
import { importJobs, type JobImportPlan } from '#db/queries/import-jobs.ts';
import { type CheckedJob, isSameDefinition, type JobChange, type LockedJob } from '#db/queries/save-job.ts';
import type { OwnedKey } from '#db/queries/take-key.ts';
import type { BundledJob } from '#jobs/exchange/bundle.ts';
import { LIMITS } from '#jobs/limits.ts';
import { errorAt, InvalidInput, type Problem } from '#jobs/problem.ts';
import { renamedSource } from '#jobs/rename-source.ts';
import { checkDefinition, prepareDefinition, withPlan } from './definitions.ts';
import { HttpProblem } from './problem.ts';
import { PROJECT } from './project.ts';
import type { Services } from './services.ts';
import { IMPORT_ACTIONS, type JobImportReport } from './views/job.ts';

/** What becomes of a definition whose name a job has already. */
export const ON_CONFLICT = ['fail', 'skip', 'update', 'rename'] as const;
export type OnConflict = (typeof ON_CONFLICT)[number];

export interface ImportOptions {
  readonly dryRun: boolean;
  readonly onConflict: OnConflict;
}

type Item = JobImportReport['items'][number];

/** What a definition of the text is by itself: ready to be saved, or with what is wrong with it. */
interface Entry {
  readonly bundled: BundledJob;
  readonly name: string;
  readonly job: CheckedJob | null;
  readonly problems: readonly Problem[];
}

/** An import must be checked within this, so that it is answered before its caller gives up. */
const CHECK_MS = 40_000;

/** Takes definitions over, all or nothing, once for a key of a request; a dry run only says what would happen. */
export async function importBundle(
  { database }: Pick<Services, 'database'>,
  bundled: readonly BundledJob[],
  { dryRun, onConflict }: ImportOptions,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<JobImportReport> {
  if (bundled.length === 0) throw new HttpProblem(422, 'the text holds no definition');
  if (bundled.length > LIMITS.importJobs) {
    throw new HttpProblem(413, `the text holds ${bundled.length} definitions; at most ${LIMITS.importJobs} are taken at once`);
  }
  const entries = await readEntries(bundled);
  const names = [...new Set(entries.flatMap(({ job, name }) => (job ? [name] : [])))];
  const decide = (existing: ReadonlyMap<string, LockedJob>, taken: ReadonlySet<string>) => planOf(entries, onConflict, existing, taken);
  const { report, isSaved } = await importJobs(database.sql, PROJECT, names, decide, dryRun, audit, key);
  const count = (action: Item['action']) => report.filter((item) => item.action === action).length;
  const counts = Object.fromEntries(IMPORT_ACTIONS.map((action) => [action, count(action)])) as JobImportReport['counts'];
  return { dry_run: dryRun, saved: isSaved, counts, items: [...report] };
}

async function readEntries(bundled: readonly BundledJob[]): Promise<readonly Entry[]> {
  const giveUpAt = Date.now() + CHECK_MS;
  const entries: Entry[] = [];
  for (const one of bundled) {
    if (Date.now() > giveUpAt) {
      throw new HttpProblem(413, `of ${bundled.length} definitions ${entries.length} could be checked in time; import fewer at once`);
    }
    entries.push(readEntry(one));
    // Others are answered meanwhile.
    await setImmediate();
  }
  return entries;
}

function readEntry(bundled: BundledJob): Entry {
  const { definition, problems } = checkDefinition(bundled);
  const found = [...(bundled.problems ?? []), ...problems];
  const isBad = found.some(({ severity }) => severity === 'error');
  const placed = found.map((problem) => (problem.line === undefined ? problem : { ...problem, line: problem.line + bundled.lines_before }));
  return { bundled, name: definition.name, job: isBad ? null : withPlan(bundled, definition), problems: placed };
}

/** What becomes of each definition over the jobs that stand there now. */
function planOf(
  entries: readonly Entry[],
  onConflict: OnConflict,
  existing: ReadonlyMap<string, LockedJob>,
  taken: ReadonlySet<string>,
): JobImportPlan<readonly Item[]> {
  const changes: JobChange[] = [];
  const used = new Set([...taken, ...entries.map(({ name }) => name)]);
  const firstLine = new Map<string, number>();
  const items = entries.map((entry): Item => {
    const decided = decide(entry, onConflict, existing.get(entry.name), firstLine.get(entry.name), used);
    const { bundled, name, problems } = entry;
    if (entry.job && !firstLine.has(name)) firstLine.set(name, bundled.line);
    if (decided.change) changes.push(decided.change);
    if (decided.savedAs !== null) used.add(decided.savedAs);
    return {
      name,
      line: bundled.line,
      action: decided.action,
      saved_as: decided.savedAs,
      problems: [...problems, ...(decided.problems ?? [])],
      report: [...(bundled.report ?? [])],
    };
  });
  return { changes, report: items, isBad: items.some(({ action }) => action === 'bad') };
}

interface Decision {
  readonly action: Item['action'];
  readonly savedAs: string | null;
  readonly change?: JobChange;
  readonly problems?: readonly Problem[];
}

const bad = (...problems: readonly Problem[]): Decision => ({ action: 'bad', savedAs: null, problems });

function decide(
  { name, job, bundled }: Entry,
  onConflict: OnConflict,
  current: LockedJob | undefined,
  earlier: number | undefined,
  used: ReadonlySet<string>,
): Decision {
  if (!job) return bad();
  if (earlier !== undefined && onConflict !== 'rename') return bad(errorAt('/name', `"${name}" stands in line ${earlier} already`));
  if (!current && earlier === undefined) return { action: 'created', savedAs: name, change: { job, expected: null } };
  if (onConflict === 'fail') return bad({ ...errorAt('/name', `there is already a job named "${name}"`), expected: TAKEN });
  if (onConflict === 'rename') return renamed(bundled, freeName(name, used));
  if (onConflict === 'skip' || !current) return { action: 'skipped', savedAs: null };
  if (isSameDefinition(current.definition, job.definition)) return { action: 'same', savedAs: name };
  return { action: 'updated', savedAs: name, change: { job, expected: current.row.version } };
}

/** What a name that is taken was expected to be; by it a refusal is known to be about nothing else. */
const TAKEN = 'a name that no job has, or another on_conflict';

/** True when nothing is wrong but that names are taken. */
export const onlyNamesTaken = ({ items }: JobImportReport): boolean =>
  items.every(({ action, problems }) => action !== 'bad' || problems.every(({ expected }) => expected === TAKEN));

function renamed(bundled: BundledJob, name: string): Decision {
  try {
    const job = prepareDefinition({ ...bundled, source: renamedSource(bundled.source, name) });
    return { action: 'renamed', savedAs: name, change: { job, expected: null } };
  } catch (error) {
    if (error instanceof InvalidInput) return bad(...error.problems);
    throw error;
  }
}

/** Longest name of a job. */
const LONGEST = 100;

function freeName(name: string, used: ReadonlySet<string>): string {
  for (let number = 2; ; number++) {
    const suffix = `-${number}`;
    const candidate = name.slice(0, LONGEST - suffix.length) + suffix;
    if (!used.has(candidate)) return candidate;
  }
}
