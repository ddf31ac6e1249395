import type { SubRunReport, SubRunSeen } from '#workflows/messages.ts';
import type { Queryable } from '../client.ts';

/** One try of a step: of which run, and how many tries came before. */
export interface StepTry {
  readonly run: string;
  readonly project: string;
  readonly key: string;
  readonly attempt: number;
}

/** The run that one try of a step has started, or null. Served by runs_parent. */
export const findSubRun = async (sql: Queryable, { run, project, key, attempt }: StepTry): Promise<SubRunReport | null> => {
  const [row] = await sql<SubRunReport[]>`
    select id as run, number from runs where project = ${project} and parent_run = ${run} and parent_key = ${key} and parent_attempt = ${attempt}`;
  return row ?? null;
};

/** How a run stands, as whoever waits for it needs to know; null when it is gone. Served by the primary key. */
export const readEnd = async (sql: Queryable, run: string): Promise<SubRunSeen | null> => {
  const [row] = await sql<SubRunSeen[]>`
    select status, error_message, coalesce(result_data, '{}') as outputs from runs where id = ${run}`;
  return row ?? null;
};
