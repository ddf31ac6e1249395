import type { Json, JsonObject } from '../json.ts';
import type { SpecsByType } from '../step.ts';
import { type Converted, isObject, NotThatForm, Report, refuseTooMany, Slugs, secondsOf, textOf } from './conversion.ts';
import { bound, type Pasting, variableOf } from './pasting.ts';

const JOB_FIELDS = ['job_name', 'description', 'timezone', 'priority', 'max_retries', 'steps', 'tags', 'category'];
const STEP_FIELDS = ['step_id', 'step_name', 'step_type', 'timeout', 'continue_on_failure', 'depends_on', 'config'];

/** What its step types are called here. */
const TYPES: { readonly [type: string]: string } = {
  http: 'http.request',
  ssh: 'ssh.exec',
  sftp: 'sftp.upload',
  local: 'local.exec',
  command: 'local.exec',
  shell: 'local.exec',
  sql: 'sql.query',
  powershell: 'powershell.exec',
  azure_devops: 'azure.pipeline',
};

/** A job of the `job_name`/`step_id`/`step_type`/`connection_name` style, with or without `{job: …}` around it; values are pasted as `{{ step.field }}`. */
export function fromStepTypeStyle(given: Json, specs: SpecsByType): Converted {
  const base = isObject(given) && isObject(given.job) ? '/job' : '';
  const job = isObject(given) && isObject(given.job) ? given.job : given;
  if (!isObject(job) || typeof job.job_name !== 'string' || !Array.isArray(job.steps)) {
    throw new NotThatForm('expected an object with job_name and steps');
  }
  refuseTooMany(job.steps);
  const report = new Report();
  const name = new Slugs().of(job.job_name, 'job');
  report.renamed(`${base}/job_name`, job.job_name, name);
  report.unread(job, JOB_FIELDS, base);
  const slugs = new Slugs();
  const listed = job.steps.map((step, at) => {
    if (!isObject(step) || typeof step.step_type !== 'string') throw new NotThatForm(`steps[${at}]: expected an object with a step_type`);
    const called = textOf(step.step_id) ?? textOf(step.step_name) ?? step.step_type;
    const id = slugs.of(called, `step-${at + 1}`);
    report.renamed(`${base}/steps/${at}/step_id`, called, id);
    return { step, type: step.step_type, called, id, pointer: `${base}/steps/${at}` };
  });
  const idOf = new Map(listed.map(({ called, id }) => [called, id]));
  const attempts = typeof job.max_retries === 'number' && job.max_retries > 0 ? Math.min(100, Math.floor(job.max_retries) + 1) : undefined;
  if (attempts !== undefined)
    report.rewritten(`${base}/max_retries`, String(job.max_retries), `retry: { attempts: ${attempts} } of each step`);
  const leftOut: string[] = [];
  const steps = listed.flatMap((one) => {
    const type = Object.hasOwn(specs, one.type) ? one.type : ((Object.hasOwn(TYPES, one.type) ? TYPES[one.type] : undefined) ?? one.type);
    const spec = Object.hasOwn(specs, type) ? specs[type] : undefined;
    if (spec) return [stepOf(one, spec, idOf, attempts, report)];
    report.unmapped(`${one.pointer}/step_type`, `there is no step type ${type} here; the step was left out`);
    leftOut.push(one.called);
    return [];
  });
  const definition: JsonObject = {
    name,
    ...(job.job_name !== name && { title: job.job_name }),
    ...(textOf(job.description) !== undefined && { description: job.description as Json }),
    ...(textOf(job.category) !== undefined && { category: job.category as Json }),
    ...(Array.isArray(job.tags) && { tags: job.tags }),
    ...(textOf(job.timezone) !== undefined && { timezone: job.timezone as Json }),
    ...(typeof job.priority === 'number' && { priority: job.priority }),
    steps: withoutNeedsOf(steps, listed, idOf),
  };
  return { definition, notes: report.notes, leftOut };
}

interface Listed {
  readonly step: JsonObject;
  readonly type: string;
  readonly called: string;
  readonly id: string;
  readonly pointer: string;
}

function stepOf(
  { step, type: said, id, pointer }: Listed,
  spec: SpecsByType[string],
  idOf: ReadonlyMap<string, string>,
  attempts: number | undefined,
  report: Report,
): JsonObject {
  report.renamed(`${pointer}/step_type`, said, spec.type);
  report.unread(step, STEP_FIELDS, pointer);
  const { connection_name: connection, ...config } = isObject(step.config) ? step.config : {};
  const target = spec.target === undefined ? undefined : textOf(connection);
  if (target !== undefined) report.renamed(`${pointer}/config/connection_name`, 'connection_name', 'target');
  else if (connection !== undefined)
    report.unmapped(`${pointer}/config/connection_name`, `steps of type ${spec.type} take no target; it was left out`);
  const timeout = secondsOf(step.timeout);
  if (timeout !== undefined) report.rewritten(`${pointer}/timeout`, String(step.timeout), timeout);
  else if (step.timeout !== undefined)
    report.unmapped(`${pointer}/timeout`, `${JSON.stringify(step.timeout)} is no number of seconds; it was left out`);
  const name = textOf(step.step_name);
  const needs = needsOf(step, idOf);
  return {
    id,
    ...(name !== undefined && name !== id && { name }),
    type: spec.type,
    ...(needs !== undefined && { needs: [...needs] }),
    ...(target !== undefined && { target }),
    config: bound(config, spec.config, pastingOf(idOf), `${pointer}/config`, report),
    ...(timeout !== undefined && { timeout }),
    ...(attempts !== undefined && { retry: { attempts } }),
    ...(step.continue_on_failure === true && { continue_on_failure: true }),
  };
}

const needsOf = ({ depends_on: needs }: JsonObject, idOf: ReadonlyMap<string, string>): readonly string[] | undefined =>
  Array.isArray(needs) ? needs.map((need) => idOf.get(String(need)) ?? String(need)) : undefined;

/** What needed a step that was left out now needs what that one did. */
function withoutNeedsOf(steps: readonly JsonObject[], listed: readonly Listed[], idOf: ReadonlyMap<string, string>): readonly JsonObject[] {
  const kept = new Set(steps.map(({ id }) => id));
  const instead = new Map<string, readonly string[]>();
  for (const [at, { id, step }] of listed.entries()) {
    if (!kept.has(id)) instead.set(id, needsOf(step, idOf) ?? listed.slice(Math.max(0, at - 1), at).map((before) => before.id));
  }
  const told = new Map<string, readonly string[]>();
  const known = (need: string): readonly string[] => {
    const others = instead.get(need);
    if (others === undefined) return [need];
    const before = told.get(need);
    if (before !== undefined) return before;
    // One that leads back to itself adds nothing.
    told.set(need, []);
    const all = [...new Set(others.flatMap(known))];
    told.set(need, all);
    return all;
  };
  return steps.map(({ needs, ...step }) =>
    Array.isArray(needs) ? { ...step, needs: [...new Set(needs.flatMap((need) => known(String(need))))] } : step,
  );
}

const pastingOf = (idOf: ReadonlyMap<string, string>): Pasting => ({
  pattern: /\{\{([^{}]*)\}\}/g,
  read: (inside) => {
    const [, called, rest] = /^([A-Za-z0-9_-]+)\.([A-Za-z_][A-Za-z0-9_.]*)$/.exec(inside) ?? [];
    const id = called === undefined ? undefined : idOf.get(called);
    if (id === undefined || rest === undefined) return undefined;
    const step = /^[A-Za-z_][A-Za-z0-9_]*$/.test(id) ? `steps.${id}` : `steps["${id}"]`;
    return { expression: `${step}.outputs.${rest}`, variable: variableOf(`${called}_${rest}`), isHarmless: false };
  },
});
