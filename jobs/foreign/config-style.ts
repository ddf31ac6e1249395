import type { Json, JsonObject } from '../json.ts';
import { pointerTo } from '../problem.ts';
import type { SpecsByType } from '../step.ts';
import { type Converted, isObject, NotThatForm, Report, refuseTooMany, Slugs, secondsOf, textOf } from './conversion.ts';
import { bound, isHarmlessParameter, type Pasting, variableOf } from './pasting.ts';

const JOB_FIELDS = ['name', 'description', 'parameters', 'steps', 'category', 'tags'];
const STEP_FIELDS = ['name', 'type', 'config', 'continue_on_failure', 'target'];

/** Fields of a config whose name or meaning is another here. */
const MOVED: { readonly [type: string]: { readonly [field: string]: string } } = {
  'sftp.sync': { upload: 'up', download: 'down' },
};
/** What goes without saying here. */
const IMPLIED: { readonly [type: string]: readonly string[] } = { 'sftp.sync': ['recursive'] };

/** A job of the `config` style: steps have only names, timeouts are seconds inside the config, values are pasted as `${{parameters.x}}`. */
export function fromConfigStyle(job: Json, specs: SpecsByType): Converted {
  if (!isObject(job) || typeof job.name !== 'string' || !Array.isArray(job.steps)) {
    throw new NotThatForm('expected an object with name and steps');
  }
  refuseTooMany(job.steps);
  const report = new Report();
  const name = new Slugs().of(job.name, 'job');
  report.renamed('/name', job.name, name);
  report.unread(job, JOB_FIELDS, '');
  const parameters = isObject(job.parameters) ? job.parameters : {};
  const pasting = pastingOf(parameters);
  const ids = new Slugs();
  const leftOut: string[] = [];
  const steps = job.steps.flatMap((step, at) => {
    const pointer = `/steps/${at}`;
    if (!isObject(step) || typeof step.type !== 'string') throw new NotThatForm(`steps[${at}]: expected an object with a type`);
    const spec = Object.hasOwn(specs, step.type) ? specs[step.type] : undefined;
    const called = textOf(step.name) ?? step.type;
    if (!spec) {
      report.unmapped(`${pointer}/type`, `there is no step type ${step.type} here; the step was left out`);
      leftOut.push(called);
      return [];
    }
    const id = ids.of(called, `step-${at + 1}`);
    report.renamed(`${pointer}/name`, called, id);
    report.unread(step, STEP_FIELDS, pointer);
    const { timeout, ...config } = isObject(step.config) ? step.config : {};
    const seconds = secondsOf(timeout);
    if (timeout !== undefined) noteTimeout(timeout, seconds, `${pointer}/config/timeout`, report);
    return [
      {
        id,
        ...(called !== id && { name: called }),
        type: step.type,
        ...(textOf(step.target) !== undefined && { target: step.target as Json }),
        config: bound(inOurWords(config, step.type, `${pointer}/config`, report), spec.config, pasting, `${pointer}/config`, report),
        ...(seconds !== undefined && { timeout: seconds }),
        ...(step.continue_on_failure === true && { continue_on_failure: true }),
      } satisfies JsonObject,
    ];
  });
  const definition: JsonObject = {
    name,
    ...(job.name !== name && { title: job.name }),
    ...(textOf(job.description) !== undefined && { description: job.description as Json }),
    ...(textOf(job.category) !== undefined && { category: job.category as Json }),
    ...(Array.isArray(job.tags) && { tags: job.tags }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
    steps,
  };
  return { definition, notes: report.notes, leftOut };
}

const pastingOf = (parameters: JsonObject): Pasting => ({
  pattern: /\$\{\{([^{}]*)\}\}/g,
  read: (inside) => {
    const name = /^parameters\.([A-Za-z_][A-Za-z0-9_-]*)$/.exec(inside)?.[1];
    if (name === undefined || !Object.hasOwn(parameters, name)) return undefined;
    const expression = name.includes('-') ? `parameters["${name}"]` : `parameters.${name}`;
    return { expression, variable: variableOf(name), isHarmless: isHarmlessParameter(parameters[name]) };
  },
});

function inOurWords(config: JsonObject, type: string, pointer: string, report: Report): JsonObject {
  const words = MOVED[type] ?? {};
  const kept = Object.entries(config).filter(([field]) => {
    if (!IMPLIED[type]?.includes(field)) return true;
    report.unmapped(pointerTo(pointer, field), `${field} goes without saying here; it was left out`);
    return false;
  });
  return Object.fromEntries(
    kept.map(([field, value]) => {
      const word = typeof value === 'string' && Object.hasOwn(words, value) ? words[value] : undefined;
      if (word === undefined) return [field, value];
      report.rewritten(pointerTo(pointer, field), String(value), word);
      return [field, word];
    }),
  );
}

function noteTimeout(given: Json, seconds: string | undefined, pointer: string, report: Report): void {
  if (seconds === undefined) report.unmapped(pointer, `${JSON.stringify(given)} is no number of seconds; the timeout was left out`);
  else report.rewritten(pointer, String(given), `timeout: ${seconds}`);
}
