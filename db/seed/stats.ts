import type { Copied } from './copy.ts';
import type { MadeRun } from './made-runs.ts';

export const STATS_COLUMNS = ['project', 'hour', 'job', 'client', 'status', 'duration_bucket', 'runs', 'total_ms'] as const;

const HOUR_MS = 3_600_000;

/** Counts ended runs as run_stats does, and gives away hours that nothing is added to any more. */
export function statsCounter(project: string): {
  add(run: MadeRun): void;
  /** The rows of all hours that ended before a moment; each is given once. */
  before(moment: number): Generator<readonly Copied[]>;
} {
  const hours = new Map<number, Map<string, { runs: number; ms: number; readonly row: readonly Copied[] }>>();
  return {
    add: ({ job, client, status, startedAt, endedAt }) => {
      const hour = Math.floor(endedAt / HOUR_MS) * HOUR_MS;
      const ms = startedAt === null ? 0 : endedAt - startedAt;
      const bucket = startedAt === null ? -1 : ms < 1 ? 0 : Math.floor(Math.log2(ms));
      const counted = hours.get(hour) ?? new Map();
      hours.set(hour, counted);
      const key = `${job.name}\t${client}\t${status}\t${bucket}`;
      const known = counted.get(key) ?? { runs: 0, ms: 0, row: [project, new Date(hour).toISOString(), job.name, client, status, bucket] };
      known.runs += 1;
      known.ms += ms;
      counted.set(key, known);
    },
    *before(moment) {
      for (const [hour, counted] of hours) {
        if (hour + HOUR_MS > moment) continue;
        for (const { row, runs, ms } of counted.values()) yield [...row, runs, ms];
        hours.delete(hour);
      }
    },
  };
}
