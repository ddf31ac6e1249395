import type { RunSummary } from '#api/views/run.ts';
import { formatDuration } from '#jobs/duration.ts';
import { STATUS_LOOK } from '#jobs/run-state.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { wholeNumber } from '../whole-number.ts';

export interface RunsOptions {
  readonly status?: string;
  readonly job?: string;
  readonly limit: string;
  readonly json?: boolean;
}

/** Prints the newest runs, a line each, or the API's own answer with `--json`. */
export async function runsCommand(api: ApiClient, options: RunsOptions, say: (line: string) => void): Promise<number> {
  const query = new URLSearchParams({
    limit: String(wholeNumber('--limit', options.limit)),
    ...(options.status && { status: options.status }),
    ...(options.job && { job: options.job }),
  });
  const { body } = await api.ask<{ items: RunSummary[] }>('GET', `/runs?${query}`);
  if (options.json) say(JSON.stringify(body));
  else for (const run of body.items) say(lineOf(run));
  return EXIT.completed;
}

function lineOf(run: RunSummary): string {
  const time = run.execution_time_ms === null ? '' : formatDuration(run.execution_time_ms);
  const steps = `${run.completed_steps}/${run.total_steps}`;
  return [
    `#${run.number}`.padEnd(7),
    STATUS_LOOK[run.status].word.padEnd(12),
    run.job.padEnd(28),
    steps.padStart(7),
    time.padStart(10),
    ` ${run.id}`,
  ].join(' ');
}
