import { findRun, type RunWithPlan } from '#db/queries/find-run.ts';
import type { Plan } from '#jobs/plan.ts';
import { phasedSteps } from '#jobs/run-phases.ts';
import type { Identity } from '../access/identity.ts';
import { notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import type { Services } from '../services.ts';
import { isUuid } from '../views/json.ts';

/** The run of this id, or a 404. */
export async function requireRun({ database }: Services, id: string): Promise<RunWithPlan> {
  const run = isUuid(id) ? await findRun(database.sql, PROJECT, id.toLowerCase()) : null;
  if (!run) throw notFound(`no run ${id}`);
  return run;
}

/** A run as its page needs it. */
export function viewOfRun(
  { plan, parent_attempt: _attempt, resting: _resting, ...run }: RunWithPlan,
  { config }: Services,
  identity: Identity,
) {
  const { ui_url, namespace } = config.temporal;
  const address = [namespace, 'workflows', run.workflow_id].map(encodeURIComponent).join('/');
  return {
    ...run,
    plan_steps: plannedSteps(plan),
    temporal_url:
      ui_url !== undefined && identity.permissions.has('run:steer') ? `${ui_url.replace(/\/$/, '')}/namespaces/${address}` : null,
    permissions: [...identity.permissions],
  };
}

const plannedSteps = (plan: Plan | null) =>
  plan
    ? phasedSteps(plan).map(({ id, number, name, type, needs, phase, retry: { delayMs, backoff, maxDelayMs } }) => ({
        ...{ id, number, name, type, needs, phase },
        retry: { delay_ms: delayMs, backoff, max_delay_ms: maxDelayMs },
      }))
    : [];
