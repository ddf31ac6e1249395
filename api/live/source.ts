import type { Sql } from '#db/client.ts';
import { listen } from '#db/notices.ts';
import { findRunSummaries } from '#db/queries/find-run.ts';
import { findSteps } from '#db/queries/list-steps.ts';
import type { HubSource } from './hub.ts';

/** The database as the hub sees it: one connection that listens, and reads by id. */
export const databaseSource = (sql: Sql): HubSource => ({
  async listen(onChanges, onGap) {
    let connectedBefore = false;
    const { stop } = await listen(sql, onChanges, () => {
      if (connectedBefore) onGap();
      connectedBefore = true;
    });
    return stop;
  },
  summaries: (runs) => findRunSummaries(sql, runs),
  steps: (steps) => findSteps(sql, steps),
});
