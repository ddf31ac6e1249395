import { setImmediate } from 'node:timers/promises';
import type { Database } from '#db/client.ts';
import { type FoundHealth, listDefinitions, readSurroundings, recordHealth } from '#db/queries/job-health.ts';
import { healthCheck } from '#jobs/health.ts';
import type { SpecsByType } from '#jobs/step.ts';

/** Jobs read at a time. */
const PAGE = 100;

/** Activities that find how jobs are. */
export const createCheckJobs = ({ sql }: Database, specs: SpecsByType) => ({
  /** Checks every job against the step types, targets, credentials and jobs there are today, and keeps what it found; answers how many are broken. */
  async checkJobHealth(project: string): Promise<number> {
    const check = healthCheck(await readSurroundings(sql, project), specs);
    let broken = 0;
    let after: string | null = null;
    for (;;) {
      const page = await listDefinitions(sql, project, after, PAGE);
      const found: FoundHealth[] = [];
      for (const { id, name, version, definition } of page) {
        found.push({ id, name, version, ...check(definition) });
        // The worker has other things to do as well.
        await setImmediate();
      }
      await recordHealth(sql, found);
      broken += found.filter(({ health }) => health === 'broken').length;
      after = page.at(-1)?.id ?? null;
      if (page.length < PAGE) return broken;
    }
  },
});
