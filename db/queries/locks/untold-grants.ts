import type { Queryable } from '../../client.ts';
import type { Granted } from './claim-lock.ts';

/**
 * Those that have had a key for so long and whose rows still show them in line: word that they were granted it was lost. Who waits for one more
 * key is not among them. Served by lock_claims_holding.
 */
export const listUntoldGrants = async (sql: Queryable, forSeconds: number): Promise<readonly Granted[]> =>
  sql<Granted[]>`
    select c.workflow_id as "workflowId", c.step_key as step from lock_claims c
    where c.state = 'holding' and c.held_since < clock_timestamp() - make_interval(secs => ${forSeconds})
      and case c.step_key
        when '' then (select r.waiting_for = 'lock' and r.ended_at is null from runs r where r.id = c.run_id)
        else (select s.waiting_for = 'lock' and s.ended_at is null from run_steps s where s.run_id = c.run_id and s.key = c.step_key)
      end
      and not exists (select from lock_claims w where w.run_id = c.run_id and w.step_key = c.step_key and w.state = 'waiting')
    limit 100`;
