import type { Queryable } from '../client.ts';
import type { TargetRow } from '../schema/targets.ts';

/** A target by its name, or null. Served by targets_name. */
export const findTarget = async (sql: Queryable, project: string, name: string): Promise<TargetRow | null> => {
  const [row] = await sql<TargetRow[]>`select * from targets where project = ${project} and name = ${name}`;
  return row ?? null;
};
