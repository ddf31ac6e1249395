import type { TriggerDefinition } from '#jobs/definition.ts';
import { endsOf, sourcesOf } from '#jobs/triggers.ts';
import { jsonRows, type Queryable } from '../client.ts';

/** What the current version of a job listens to. */
export interface Listener {
  readonly job_id: string;
  readonly triggers: readonly TriggerDefinition[];
}

/** Makes jobs listen to what their versions of now say, instead of what those before them said. */
export const keepTriggers = async (tx: Queryable, project: string, listeners: readonly Listener[]): Promise<void> => {
  if (listeners.length === 0) return;
  await tx`delete from job_triggers where job_id = any(${listeners.map(({ job_id }) => job_id)}::uuid[])`;
  const rows = listeners.flatMap(({ job_id, triggers }) =>
    triggers.flatMap((trigger, position) =>
      sourcesOf(trigger).map((source) => ({ project, source, job_id, position, statuses: endsOf(trigger), trigger })),
    ),
  );
  if (rows.length === 0) return;
  await tx`
    insert into job_triggers (project, source, job_id, position, statuses, trigger)
    select project, source, job_id, position, array(select jsonb_array_elements_text(statuses)), trigger
    from jsonb_to_recordset(${jsonRows(tx, rows)}) as (
      project text, source text, job_id uuid, position integer, statuses jsonb, trigger jsonb)`;
};
