import { findJobById } from '#db/queries/find-job.ts';
import type { RunWithPlan } from '#db/queries/find-run.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import type { JsonObject } from '#jobs/json.ts';
import { secretNames } from '#jobs/secret-parameters.ts';
import { HttpProblem } from '../problem.ts';
import type { Services } from '../services.ts';
import { parametersAgain } from './earlier-inputs.ts';
import { followedAgain, planAgain, type RerunAsk } from './rerun.ts';

/** What a re-run would come to if it were started now; a refusal because of how things stand is part of the answer. Secrets say nothing about what is kept and are left out. */
export async function foreseeRerun(services: Services, run: RunWithPlan, ask: RerunAsk) {
  const followed = await followedAgain(services, run, ask.version);
  const { definition, plan, version } = followed.now;
  const open = withoutSecrets(definition);
  const secret = new Set(secretNames(definition.parameters));
  const given = Object.fromEntries(Object.entries(ask.parameters).filter(([name]) => !secret.has(name)));
  const { parameters, warnings } = parametersAgain(run, open, given, ask.without);
  const newest = run.job_id === null ? null : ((await findJobById(services.database.sql, run.job_id))?.version ?? null);
  const told = {
    version,
    newest,
    schemas: (definition.parameters ?? {}) as JsonObject,
    parameters,
    steps: plan.steps.map(({ id, name, needs }) => ({ id, name, needs: [...needs] })),
    warnings: [...warnings],
  };
  try {
    const { facts } = await planAgain(
      services,
      run,
      { ...followed, now: { ...followed.now, definition: open } },
      { ...ask, parameters: given },
    );
    return { ...told, facts, refused: null };
  } catch (refusal) {
    if (refusal instanceof HttpProblem && refusal.status === 409) return { ...told, facts: null, refused: refusal.message };
    throw refusal;
  }
}

const withoutSecrets = (definition: JobDefinition): JobDefinition => ({
  ...definition,
  parameters: Object.fromEntries(Object.entries(definition.parameters ?? {}).filter(([, { secret }]) => secret !== true)),
});
