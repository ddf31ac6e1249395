import { isGlob } from '#jobs/glob.ts';
import { byName, isMeant, type SelectableTarget } from '#jobs/select-targets.ts';
import type { TargetChoice, TargetSelector } from '#jobs/target-choice.ts';
import type { Queryable } from '../client.ts';

/** A target that was chosen; one that is not enabled must not be used, and a windowed one not at any time. */
export interface ChosenTarget extends Pick<SelectableTarget, 'name' | 'enabled'> {
  readonly windowed: boolean;
}

/** Names that were asked for and that no target has. */
export class UnknownTargets extends Error {
  override readonly name = 'UnknownTargets';
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    super(`there is no target ${names.map((name) => JSON.stringify(name)).join(', ')}`);
    this.names = names;
  }
}

/**
 * The targets that a choice stands for, by name, each once, those that are switched off too. Throws UnknownTargets for a plain name that nobody has;
 * a glob or selector may match none. What is meant is said by jobs/select-targets.ts; here targets_name and targets_tags leave out what cannot be.
 */
export const resolveTargets = async (sql: Queryable, project: string, choice: TargetChoice): Promise<readonly ChosenTarget[]> => {
  const selector = selectorOf(choice);
  const { names, kind, tags } = selector;
  const plain = [...new Set(names?.filter((name) => !isGlob(name)))];
  const isNamed = names?.every((name) => !isGlob(name)) ?? false;
  const rows = await sql<(SelectableTarget & ChosenTarget)[]>`
    select name, kind, tags, attributes, enabled, maintenance <> '{}' as windowed from targets
    where project = ${project}
      ${isNamed ? sql`and name = any(${plain}::text[])` : sql``}
      ${kind === undefined ? sql`` : sql`and kind = ${kind}`}
      ${tags === undefined ? sql`` : sql`and tags @> ${[...tags]}::text[]`}`;
  const chosen = rows.filter((target) => isMeant(target, selector)).sort((a, b) => byName(a.name, b.name));
  await requireKnown(sql, project, plain, chosen);
  return chosen.map(({ name, enabled, windowed }) => ({ name, enabled, windowed }));
};

/** A name that exists but does not fit the rest of its selector is no mistake; one that nobody has is. */
async function requireKnown(sql: Queryable, project: string, plain: readonly string[], chosen: readonly ChosenTarget[]): Promise<void> {
  const missing = plain.filter((name) => !chosen.some((target) => target.name === name));
  if (missing.length === 0) return;
  const rows = await sql<{ name: string }[]>`select name from targets where project = ${project} and name = any(${missing}::text[])`;
  const unknown = missing.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) throw new UnknownTargets(unknown);
}

const selectorOf = (choice: TargetChoice): TargetSelector => {
  if (typeof choice === 'string') return { names: [choice] };
  return isNames(choice) ? { names: choice } : choice;
};

const isNames = (choice: Exclude<TargetChoice, string>): choice is readonly string[] => Array.isArray(choice);
