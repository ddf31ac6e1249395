import type { Queryable } from '../client.ts';
import type { TargetRow } from '../schema/targets.ts';

/** Every target of a project, by name. Served by targets_name. */
export const exportTargets = async (sql: Queryable, project: string): Promise<readonly TargetRow[]> =>
  sql<TargetRow[]>`select * from targets where project = ${project} order by name`;
