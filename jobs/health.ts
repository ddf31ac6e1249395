import { canonical } from './canonical.ts';
import { CREDENTIAL_SPECS } from './credential-kinds.ts';
import { type JobDefinition, validateDefinition } from './definition.ts';
import { hasExpression } from './expression/scan.ts';
import { isGlob } from './glob.ts';
import type { Json } from './json.ts';
import { LIMITS } from './limits.ts';
import { errorAt, type Problem, pointerTo } from './problem.ts';
import { jobReferences, type PlacedStep, placedSteps } from './references.ts';
import { parameterOf } from './secret-parameters.ts';
import { isMeant, type SelectableTarget } from './select-targets.ts';
import type { SpecsByType, StepSpec } from './step.ts';
import { didYouMean } from './suggest.ts';
import { take } from './take.ts';
import type { TargetChoice, TargetSelector } from './target-choice.ts';

/** Whether a job could do its work today: all it needs is there, something of it is doubtful, or a step of it is bound to fail. */
export const HEALTHS = ['ok', 'warning', 'broken'] as const;
export type Health = (typeof HEALTHS)[number];

/** What there is today of what definitions name. */
export interface Surroundings {
  readonly targets: readonly SelectableTarget[];
  readonly credentials: readonly { readonly name: string; readonly kind: string }[];
  readonly jobs: readonly KnownJob[];
}

interface KnownJob {
  readonly name: string;
  readonly active: boolean;
  /** The current one; all before it are there too. */
  readonly version: number;
  readonly version_tags: readonly string[];
}

/** How one job is, and why. */
export interface HealthReport {
  readonly health: Health;
  /** At most 100, in the order of the definition; errors break the job, warnings do not. */
  readonly findings: readonly Problem[];
}

/** Makes the check of any number of definitions against the same surroundings and step types. */
export function healthCheck(surroundings: Surroundings, specs: SpecsByType): (definition: JobDefinition) => HealthReport {
  const targets = new Map(surroundings.targets.map((target) => [target.name, target]));
  const known: Known = {
    targets,
    credentials: new Map(surroundings.credentials.map(({ name, kind }) => [name, kind])),
    jobs: new Map(surroundings.jobs.map((job) => [job.name, job])),
    meant: remember((selector) => {
      const isNamed = selector.names?.every((name) => !isGlob(name)) ?? false;
      const candidates = isNamed ? (selector.names ?? []).flatMap((name) => targets.get(name) ?? []) : surroundings.targets;
      return candidates.filter((target) => isMeant(target, selector));
    }),
  };
  return (definition) => {
    const { problems } = validateDefinition(definition as unknown as Json, specs);
    const found = problems.some(({ severity }) => severity === 'error') ? [] : surroundingFindings(definition, known, specs);
    const findings = [...problems, ...take(found, LIMITS.problems - problems.length)];
    return { health: healthOf(findings), findings };
  };
}

const healthOf = (findings: readonly Problem[]): Health => {
  if (findings.some(({ severity }) => severity === 'error')) return 'broken';
  return findings.length > 0 ? 'warning' : 'ok';
};

interface Known {
  readonly targets: ReadonlyMap<string, SelectableTarget>;
  readonly credentials: ReadonlyMap<string, string>;
  readonly jobs: ReadonlyMap<string, KnownJob>;
  readonly meant: (selector: TargetSelector) => readonly SelectableTarget[];
}

/** The same selector stands in many steps of many jobs. */
function remember<T>(look: (selector: TargetSelector) => T): (selector: TargetSelector) => T {
  const seen = new Map<string, T>();
  return (selector) => {
    const key = canonical(selector as Json);
    const answer = seen.has(key) ? (seen.get(key) as T) : look(selector);
    seen.set(key, answer);
    return answer;
  };
}

function* surroundingFindings(definition: JobDefinition, known: Known, specs: SpecsByType): Generator<Problem> {
  yield* jobFindings(definition, known);
  const seen = new Set<string>();
  for (const placed of placedSteps(definition)) {
    const spec = specs[placed.step.type];
    if (spec === undefined || (placed.step as { enabled?: boolean }).enabled === false) continue;
    yield* credentialFindings(placed, known);
    for (const finding of targetFindings(placed, spec, known)) {
      // What the job's own target lacks is said once, not for each step on it.
      if (!seen.has(finding.message)) yield finding;
      seen.add(finding.message);
    }
  }
}

function* jobFindings(definition: JobDefinition, { jobs }: Known): Generator<Problem> {
  for (const { job, version = 1, tag, how, pointer } of jobReferences(definition)) {
    const named = jobs.get(job);
    // A step that starts no job fails; a trigger that hears of none is only never heard.
    const finding = how === 'step' ? errorAt : warningAt;
    if (named === undefined) yield finding(pointer, `there is no job "${job}"${didYouMean(job, [...jobs.keys()])}`);
    else if (version > named.version) yield finding(pointer, `job "${job}" has no version ${version}; the newest is ${named.version}`);
    else if (tag !== undefined && !named.version_tags.includes(tag))
      yield finding(pointer, `no version of job "${job}" has the tag "${tag}"`);
    else if (!named.active) yield warningAt(pointer, `job "${job}" is switched off`);
  }
}

function* credentialFindings({ step, pointer }: PlacedStep, { credentials }: Known): Generator<Problem> {
  for (const [name, reference] of Object.entries(step.secrets ?? {})) {
    if (parameterOf(reference) !== null) continue;
    const dot = reference.lastIndexOf('.');
    const [credential, field] = [reference.slice(0, dot), reference.slice(dot + 1)];
    const kind = credentials.get(credential);
    const at = pointerTo(`${pointer}/secrets`, name);
    if (kind === undefined) yield errorAt(at, `there is no credential "${credential}"${didYouMean(credential, [...credentials.keys()])}`);
    else if (!fieldsOf(kind).includes(field)) {
      yield errorAt(
        at,
        `credential "${credential}" is of the kind ${kind}, which has no field "${field}"; it has ${fieldsOf(kind).join(', ')}`,
      );
    }
  }
}

const fieldsOf = (kind: string): readonly string[] =>
  Object.hasOwn(CREDENTIAL_SPECS, kind) ? Object.keys(CREDENTIAL_SPECS[kind as keyof typeof CREDENTIAL_SPECS].fields) : [];

function* targetFindings({ step, pointer, target }: PlacedStep, spec: StepSpec, known: Known): Generator<Problem> {
  if (spec.target === undefined) return;
  const own = step.target === undefined ? '/target' : `${pointer}/target`;
  if (target !== null) yield* choiceFindings(target, own, spec, known);
  for (const field of spec.also_targets ?? []) {
    const name = step.config?.[field];
    if (typeof name === 'string') yield* choiceFindings(name, `${pointer}/config/${field}`, spec, known);
  }
}

function* choiceFindings(choice: TargetChoice, pointer: string, { type, target: needed }: StepSpec, known: Known): Generator<Problem> {
  if (hasExpression(JSON.stringify(choice))) return;
  const selector = selectorOf(choice, needed);
  const plain = (selector.names ?? []).filter((name) => !isGlob(name));
  for (const name of plain) {
    const target = known.targets.get(name);
    if (!target) yield errorAt(pointer, `there is no target "${name}"${didYouMean(name, [...known.targets.keys()])}`);
    else if (!target.enabled) yield errorAt(pointer, `target "${name}" is switched off`);
  }
  const meant = known.meant(selector).filter(({ enabled }) => enabled);
  if (meant.length === 0 && plain.length === 0 && selector.allow_empty !== true) {
    yield warningAt(pointer, 'no target that is switched on fits; the step would fail');
  }
  for (const { name, kind } of meant) {
    if (kind !== needed) yield errorAt(pointer, `target "${name}" is of the kind ${kind}; ${type} needs ${needed}`);
  }
}

/** A selector means targets of the kind that the step needs; a name or a list is taken at its word. */
const selectorOf = (choice: TargetChoice, kind: StepSpec['target']): TargetSelector => {
  if (typeof choice === 'string') return { names: [choice] };
  return isNames(choice) ? { names: choice } : { ...(kind && { kind }), ...choice };
};

const isNames = (choice: Exclude<TargetChoice, string>): choice is readonly string[] => Array.isArray(choice);

const warningAt = (pointer: string, says: string): Problem => ({ ...errorAt(pointer, says), severity: 'warning' });
