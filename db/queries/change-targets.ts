import type { Audit } from '../audit.ts';
import type { Sql } from '../client.ts';
import type { TargetRow } from '../schema/targets.ts';
import { saveAllVersioned } from '../versioned.ts';
import { changeOnce } from './change-once.ts';
import { lockInventory, TARGETS } from './save-target.ts';
import type { OwnedKey } from './take-key.ts';

/** More targets than this are not changed at once. */
export const MOST_CHANGED = 2_000;

/** Why a target stays as it is: nobody has it, it is so already, or there is no room for a tag more. */
export const LEFT_AS_IT_WAS = ['unknown', 'so_already', 'full'] as const;
type LeftAsItWas = (typeof LEFT_AS_IT_WAS)[number];

/** What is set on many targets: whether they are in use, or one tag. */
export interface TargetsChange {
  readonly enabled?: boolean | undefined;
  readonly add_tag?: string | undefined;
  readonly remove_tag?: string | undefined;
}

/** The names of the targets that change, and of the others with why they do not. */
export interface ChangedTargets {
  readonly changed: readonly string[];
  readonly left_alone: readonly { readonly because: LeftAsItWas; readonly targets: readonly string[] }[];
}

const MOST_TAGS = 50;

/** Sets one thing on targets by name, all of those that do not have it yet or none; with `dryRun` says only which they would be. Once for a key; throws IdempotencyConflict. Served by targets_name. */
export const changeTargets = (
  sql: Sql,
  project: string,
  names: readonly string[],
  change: TargetsChange,
  dryRun: boolean,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<ChangedTargets> =>
  changeOnce(sql, key, async (tx) => {
    await lockInventory(tx, project);
    const rows = await tx<
      TargetRow[]
    >`select * from targets where project = ${project} and name = any(${[...names]}::text[]) order by name`;
    const known = new Set(rows.map(({ name }) => name));
    const judged = rows.map((row) => ({ row, because: whyLeft(row, change) }));
    const changes = judged.flatMap(({ row, because }) =>
      because === null ? [{ values: { name: row.name, ...changed(row, change) }, expected: row.version }] : [],
    );
    if (!dryRun) await saveAllVersioned(tx, TARGETS, project, changes, audit);
    const left = new Map<LeftAsItWas, readonly string[]>([
      ['unknown', names.filter((name) => !known.has(name))],
      ...(['so_already', 'full'] as const).map(
        (why) => [why, judged.flatMap(({ row, because }) => (because === why ? [row.name] : []))] as const,
      ),
    ]);
    return {
      changed: changes.map(({ values }) => values.name),
      left_alone: LEFT_AS_IT_WAS.flatMap((because) => {
        const targets = left.get(because) ?? [];
        return targets.length > 0 ? [{ because, targets }] : [];
      }),
    };
  });

function whyLeft({ enabled, tags }: TargetRow, change: TargetsChange): LeftAsItWas | null {
  if (change.enabled !== undefined) return enabled === change.enabled ? 'so_already' : null;
  if (change.remove_tag !== undefined) return tags.includes(change.remove_tag) ? null : 'so_already';
  if (tags.includes(change.add_tag ?? '')) return 'so_already';
  return tags.length >= MOST_TAGS ? 'full' : null;
}

const changed = ({ tags }: TargetRow, { enabled, add_tag, remove_tag }: TargetsChange) => {
  if (enabled !== undefined) return { enabled };
  return { tags: add_tag === undefined ? tags.filter((tag) => tag !== remove_tag) : [...tags, add_tag] };
};
