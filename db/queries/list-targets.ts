import type { Queryable } from '../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../cursor.ts';
import type { TargetRow } from '../schema/targets.ts';

export interface TargetsQuery {
  readonly project: string;
  readonly kind?: string | undefined;
  readonly tag?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A page of targets by name, strictly after the cursor. Served by targets_name (project, name). */
export const listTargets = async (sql: Queryable, { project, kind, tag, limit, ...query }: TargetsQuery): Promise<Page<TargetRow>> => {
  const [after] = query.after === undefined ? [] : readCursor(query.after, 'name', ([name]) => typeof name === 'string');
  const rows = await sql<TargetRow[]>`
    select * from targets
    where project = ${project}
      ${kind === undefined ? sql`` : sql`and kind = ${kind}`}
      ${tag === undefined ? sql`` : sql`and ${tag} = any(tags)`}
      ${after === undefined ? sql`` : sql`and name > ${String(after)}`}
    order by name limit ${limit + 1}`;
  return pageOf(rows, limit, ({ name }) => writeCursor('name', [name]));
};
