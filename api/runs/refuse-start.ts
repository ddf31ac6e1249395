import { runChecks } from '#jobs/checks.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import { upstreamOf } from '#jobs/graph.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { Plan } from '#jobs/plan.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import type { ScheduleContext } from '#jobs/schedules/context.ts';
import { didYouMean } from '#jobs/suggest.ts';

const LONGEST_AHEAD_MS = 366 * 86_400_000;

/** The moment a run was scheduled for, in epoch milliseconds; undefined for one that is to start at once. Throws InvalidInput for the past and for more than a year ahead. */
export function scheduledMoment(scheduledFor: string | null, now = Date.now()): number | undefined {
  if (scheduledFor === null) return undefined;
  const moment = Date.parse(scheduledFor);
  const why = moment <= now ? 'is in the past' : moment > now + LONGEST_AHEAD_MS ? 'is more than a year ahead' : null;
  if (why === null) return moment;
  throw new InvalidInput([errorAt('/scheduled_for', `${scheduledFor} ${why}; it is ${new Date(now).toISOString()} now`)]);
}

/** Throws InvalidInput for chosen steps that the plan does not have. */
export function refuseUnknownSteps(chosen: readonly string[], { steps }: Plan): void {
  const known = steps.map(({ id }) => id);
  const problems = chosen.flatMap((id, at) =>
    known.includes(id) ? [] : [errorAt(`/steps/${at}`, `there is no step ${JSON.stringify(id)}${didYouMean(id, known)}`, { value: id })],
  );
  if (problems.length > 0) throw new InvalidInput(problems);
}

/** Throws InvalidInput for chosen steps whose approval was not chosen with them: nobody starts around it. */
export function refuseUnapproved(chosen: readonly string[], { steps }: Plan): void {
  const needs = new Map(steps.map((step) => [step.id, step.needs]));
  const approvals = steps.flatMap(({ id, type, enabled }) => (type === 'approval' && enabled && !chosen.includes(id) ? [id] : []));
  const problems = chosen.flatMap((id, at) => {
    const upstream = upstreamOf(id, needs);
    const left = approvals.filter((approval) => upstream.has(approval));
    const why = `step ${JSON.stringify(id)} runs after the approval ${left.join(', ')}, which must be chosen too`;
    return left.length > 0 ? [errorAt(`/steps/${at}`, why, { value: id })] : [];
  });
  if (problems.length > 0) throw new InvalidInput(problems);
}

/** What the checks of the definition have to say of a start with these parameters. Throws InvalidInput, with the words of its author, when one forbids it. */
export function warningsOf(definition: JobDefinition, parameters: JsonObject, schedule?: ScheduleContext): readonly string[] {
  const { problems, warnings } = runChecks(definition, parameters, schedule);
  if (problems.length > 0) throw new InvalidInput(problems);
  return warnings;
}
