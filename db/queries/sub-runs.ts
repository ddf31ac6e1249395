import type { SubRunReport } from '#workflows/messages.ts';
import type { Queryable } from '../client.ts';

/** The run that one try of a step has started, or null. Served by runs_parent. */
export const findSubRun = async (sql: Queryable, parent: string, key: string, attempt: number): Promise<SubRunReport | null> => {
  const [row] = await sql<SubRunReport[]>`
    select id as run, number from runs where parent_run = ${parent} and parent_key = ${key} and parent_attempt = ${attempt}`;
  return row ?? null;
};
