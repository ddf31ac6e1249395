import type { JobDefinition, TriggerDefinition } from './definition.ts';
import { durationProblems } from './duration-rules.ts';
import { checkExpression, checkTemplate } from './expression/check.ts';
import { hasExpression, templateKind } from './expression/scan.ts';
import { TRIGGER_SCOPE } from './expression/types.ts';
import { problemsAt, textsIn } from './expression-rules.ts';
import type { Json } from './json.ts';
import { violations } from './json-schema.ts';
import { LIMITS } from './limits.ts';
import { errorAt, type Problem, pointerTo } from './problem.ts';
import { didYouMean } from './suggest.ts';
import { isJoin, sourcesOf } from './triggers.ts';

/** What is wrong with the triggers of a definition: a job that waits for itself, expressions over anything but the run that ended, parameters that do not fit. */
export function* triggerViolations(job: JobDefinition): Generator<Problem> {
  for (const [at, trigger] of (job.triggers ?? []).entries()) {
    const pointer = `/triggers/${at}`;
    if (sourcesOf(trigger).includes(job.name)) {
      yield errorAt(`${pointer}/job`, `a job cannot start itself; whoever wants it repeated gives it a schedule`, { value: job.name });
    }
    if (trigger.within !== undefined) {
      yield* durationProblems(`${pointer}/within`, trigger.within, LIMITS.joinWindowMs);
      if (!isJoin(trigger)) yield errorAt(`${pointer}/within`, 'only a trigger on several jobs has a time within which they end');
    }
    if (trigger.if !== undefined) yield* conditionViolations(trigger.if, `${pointer}/if`);
    yield* mappingViolations(trigger, job.parameters ?? {}, `${pointer}/parameters`);
  }
}

function* conditionViolations(text: string, pointer: string): Generator<Problem> {
  const found = hasExpression(text)
    ? checkTemplate(text.trim(), TRIGGER_SCOPE, 'boolean')
    : checkExpression(text, TRIGGER_SCOPE, 'boolean');
  if (hasExpression(text) && templateKind(text.trim()) !== 'value') {
    yield errorAt(pointer, 'is not one expression; write ${{ source.outputs.changed }}', { value: text });
  } else yield* problemsAt(pointer, text, found);
}

function* mappingViolations(
  { parameters = {} }: TriggerDefinition,
  schemas: NonNullable<JobDefinition['parameters']>,
  pointer: string,
): Generator<Problem> {
  for (const [name, value] of Object.entries(parameters)) {
    const place = pointerTo(pointer, name);
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (schema === undefined) {
      yield errorAt(place, `there is no parameter "${name}"${didYouMean(name, Object.keys(schemas))}`);
      continue;
    }
    if (schema.secret) yield errorAt(place, 'is a secret, which nothing but a person hands to a run');
    yield* violations(schema, value, place, { deferred: templateKind });
    for (const { text, pointer: at } of textsIn(value, {}, place)) {
      if (hasExpression(text)) yield* problemsAt(at, text, checkTemplate(text, TRIGGER_SCOPE));
    }
  }
  for (const [name, schema] of Object.entries(schemas)) {
    const isAsked = (schema.default as Json | undefined) === undefined && schema.visible_if === undefined;
    if (isAsked && !Object.hasOwn(parameters, name)) {
      yield errorAt(pointer, `"${name}" has no default, so a run that nobody starts by hand needs it here`);
    }
  }
}
