import type { Database } from '#db/client.ts';
import { acceptFire } from '#db/queries/schedules/accept-fire.ts';
import { zoneData } from '#platform/zone-data.ts';
import type { FireCall, FireReport } from '#workflows/messages.ts';

export interface FiresDeps {
  readonly database: Pick<Database, 'sql'>;
}

/** What workflows have done for them that Temporal's schedules started. */
export const createFires = ({ database: { sql } }: FiresDeps) => ({
  /** Gives the moment its run, which is the workflow that asks; asked again by it, the same. */
  async acceptFire({ schedule, nominalAt, workflowId, execution }: FireCall): Promise<FireReport> {
    const workflow = { id: workflowId, execution };
    const outcome = await sql.begin((tx) => acceptFire(tx, zoneData(), { schedule, nominalAt, trigger: null, workflow }));
    return { input: 'input' in outcome ? outcome.input : null };
  },
});
