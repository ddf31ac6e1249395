import { shareKey } from '#jobs/queues/share.ts';
import type { RunInput } from '#workflows/messages.ts';
import type { Queryable } from '../../client.ts';

interface Placed {
  readonly project: string;
  readonly timezone: string | null;
  readonly client: string | null;
}

/** Where the steps of a run wait, and whose share of their queues they take: its zone, and its client with the weight that it has now. */
export const placeInQueues = async (
  sql: Queryable,
  { project, timezone, client }: Placed,
): Promise<Pick<RunInput, 'zone' | 'fairness'>> => ({
  ...(timezone !== null && { zone: timezone }),
  ...(client !== null && { fairness: { key: shareKey(client), weight: await weightOf(sql, project, client) } }),
});

const weightOf = async (sql: Queryable, project: string, client: string): Promise<number> => {
  const [row] = await sql<{ weight: number }[]>`select weight from client_weights where project = ${project} and client = ${client}`;
  return row?.weight ?? 1;
};
