import type { approval } from '#activities/approval/spec.ts';
import { askApproval } from '#jobs/holds/approval.ts';
import type { HoldMove } from '#jobs/holds/kind.ts';
import type { ConfigOf } from '#jobs/step.ts';
import type { OpenRun } from '../open-run.ts';

/** Asks people; who started the run and who wrote what it runs, or changed it while it ran, may not answer unless the step says so. */
export function beginApproval(
  { input: { people }, state: { editors = [] } }: OpenRun,
  _key: string,
  config: ConfigOf<typeof approval>,
): HoldMove {
  const interested = [people?.started_by, people?.edited_by, ...editors].filter((name) => typeof name === 'string');
  return askApproval(config, Date.now(), interested);
}
