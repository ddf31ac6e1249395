import type { Json } from '#jobs/json.ts';
import type { TargetChoice, TargetSelector } from '#jobs/target-choice.ts';
import { globPattern, isGlob } from '#jobs/target-glob.ts';
import { jsonRows, type Queryable } from '../client.ts';

/** A target that was chosen; one that is not enabled must not be used. */
export interface ChosenTarget {
  readonly name: string;
  readonly enabled: boolean;
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
 * The targets that a choice stands for, by name, each once. Throws UnknownTargets for a plain name that does not exist; a glob or selector may match
 * none. Names are served by targets_name, tags by targets_tags.
 */
export const resolveTargets = async (sql: Queryable, project: string, choice: TargetChoice): Promise<readonly ChosenTarget[]> => {
  const { names, kind, tags, any_tags, not_tags, attributes } = readChoice(choice);
  const plain = names?.filter((name) => !isGlob(name)) ?? [];
  const globs = names?.filter(isGlob).map(globPattern) ?? [];
  const conditions = [
    sql`project = ${project}`,
    ...(names ? [sql`(name = any(${plain}::text[]) or name ~ any(${globs}::text[]))`] : []),
    ...(kind === undefined ? [] : [sql`kind = ${kind}`]),
    ...(tags === undefined ? [] : [sql`tags @> ${tags as string[]}::text[]`]),
    ...(any_tags === undefined ? [] : [sql`tags && ${any_tags as string[]}::text[]`]),
    ...(not_tags === undefined ? [] : [sql`not tags && ${not_tags as string[]}::text[]`]),
    ...(Object.keys(attributes).length === 0
      ? []
      : [
          sql`not exists (
            select from jsonb_each(${jsonRows(sql, [attributes])} -> 0) as wanted
            where targets.attributes -> wanted.key is distinct from wanted.value)`,
        ]),
  ];
  const found = await sql<ChosenTarget[]>`
    select name, enabled from targets
    where ${conditions.flatMap((condition, at) => (at === 0 ? [condition] : [sql` and `, condition]))}
    order by name`;
  await requireKnown(sql, project, plain, found);
  return [...found];
};

/** A name that exists but does not fit the rest of its selector is no mistake; one that nobody has is. */
async function requireKnown(sql: Queryable, project: string, plain: readonly string[], found: readonly ChosenTarget[]): Promise<void> {
  const seen = new Set(found.map(({ name }) => name));
  const missing = [...new Set(plain.filter((name) => !seen.has(name)))];
  if (missing.length === 0) return;
  const rows = await sql<{ name: string }[]>`select name from targets where project = ${project} and name = any(${missing}::text[])`;
  const known = new Set(rows.map(({ name }) => name));
  const unknown = missing.filter((name) => !known.has(name));
  if (unknown.length > 0) throw new UnknownTargets(unknown);
}

type Wanted = Pick<TargetSelector, 'names' | 'kind' | 'tags' | 'any_tags' | 'not_tags'> & {
  readonly attributes: { readonly [name: string]: Json };
};

function readChoice(choice: TargetChoice): Wanted {
  if (typeof choice === 'string') return { names: [choice], attributes: {} };
  if (isNames(choice)) return { names: choice, attributes: {} };
  const { names, kind, tags, any_tags, not_tags, allow_empty: _, ...attributes } = choice;
  return {
    ...(names && { names }),
    ...(kind !== undefined && { kind }),
    ...(tags && { tags }),
    ...(any_tags && { any_tags }),
    ...(not_tags && { not_tags }),
    attributes: Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, Json] => entry[1] !== undefined)),
  };
}

const isNames = (choice: Exclude<TargetChoice, string>): choice is readonly string[] => Array.isArray(choice);
