import { type Audit, writeAudit } from '../../audit.ts';
import type { Queryable, Sql } from '../../client.ts';
import { NotFound } from '../../conflicts.ts';
import type { ClientWeightRow } from '../../schema/queues.ts';
import { changeOnce, doOnce } from '../change-once.ts';
import type { OwnedKey } from '../take-key.ts';

/** The clients that have a weight of their own, by name, strictly after one. Served by the primary key. */
export const listWeights = async (sql: Queryable, project: string, after: string, limit: number): Promise<readonly ClientWeightRow[]> =>
  sql<ClientWeightRow[]>`
    select * from client_weights where project = ${project} and client > ${after} order by client limit ${limit}`;

/** Gives a client a weight, for runs that are accepted from now on; once for a key. Throws IdempotencyConflict. */
export const setWeight = (
  sql: Sql,
  project: string,
  client: string,
  weight: number,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<ClientWeightRow> =>
  changeOnce(sql, key, async (tx) => {
    const [before] = await tx<ClientWeightRow[]>`
      select * from client_weights where project = ${project} and client = ${client} for update`;
    const [row] = await tx<ClientWeightRow[]>`
      insert into client_weights (project, client, weight, updated_by) values (${project}, ${client}, ${weight}, ${audit.actor})
      on conflict (project, client) do update set weight = excluded.weight, updated_by = excluded.updated_by, updated_at = now()
      returning *`;
    if (!row) throw new Error(`the weight of client ${client} was not kept`);
    await writeAudit(tx, audit, {
      project,
      action: 'client.weigh',
      subject_kind: 'client',
      subject: client,
      before: before && { weight: before.weight },
      after: { weight },
    });
    return row;
  });

/** Gives a client the weight of everybody again, once for a key. Throws NotFound when it had no other, IdempotencyConflict. */
export const removeWeight = (sql: Sql, project: string, client: string, audit: Audit, key: OwnedKey | null = null): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const [before] = await tx<ClientWeightRow[]>`delete from client_weights where project = ${project} and client = ${client} returning *`;
    if (!before) throw new NotFound('share of client', client);
    const change = { project, action: 'client.unweigh', subject_kind: 'client', subject: client, before: { weight: before.weight } };
    await writeAudit(tx, audit, change);
  });
