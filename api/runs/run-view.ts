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
export function viewOfRun({ plan, parent_attempt: _attempt, ...run }: RunWithPlan, { config }: Services, identity: Identity) {
  const { ui_url, namespace } = config.temporal;
  const workflow = encodeURIComponent(run.workflow_id);
  return {
    ...run,
    plan_steps: plannedSteps(plan),
    temporal_url: ui_url === undefined ? null : `${ui_url.replace(/\/$/, '')}/namespaces/${namespace}/workflows/${workflow}`,
    permissions: [...identity.permissions],
  };
}

const plannedSteps = (plan: Plan | null) =>
  plan ? phasedSteps(plan).map(({ id, number, name, type, needs, phase }) => ({ id, number, name, type, needs, phase })) : [];
