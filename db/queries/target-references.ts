import { calendarsOf, type Maintenance } from '#jobs/calendars/maintenance.ts';
import { type Jumps, jumpViolation, wayFrom } from '#jobs/inventory/jump-chains.ts';
import { errorAt, InvalidInput, type Problem, pointerTo } from '#jobs/problem.ts';
import { didYouMean } from '#jobs/suggest.ts';
import type { Transaction } from '../client.ts';
import { type UnknownCalendar, unknownCalendars } from './calendars/unknown-calendars.ts';
import type { TargetChange, TargetValues } from './save-target.ts';

/** Refuses targets that name a credential or a jump host that does not exist, or whose way to a host goes in a circle or is too long. Throws InvalidInput. */
export const requireReferences = async (tx: Transaction, project: string, changes: readonly TargetChange[]): Promise<void> => {
  const problems = await referenceProblems(tx, project, changes);
  if (problems.length > 0) throw new InvalidInput(problems);
};

/** Everything that is wrong with what these targets refer to, were they saved. */
export const referenceProblems = async (
  tx: Transaction,
  project: string,
  changes: readonly TargetChange[],
): Promise<readonly Problem[]> => {
  const [credentials, targets] = await Promise.all([
    tx<{ name: string }[]>`select name from credentials where project = ${project}`,
    tx<TargetFacts[]>`select name, kind, jump from targets where project = ${project}`,
  ]);
  const logins = new Set(credentials.map(({ name }) => name));
  const facts = new Map<string, TargetFacts>(targets.map((target) => [target.name, target]));
  for (const { values } of changes) facts.set(values.name, values);
  const jumps = new Map([...facts.values()].flatMap(({ name, jump }) => (jump === null ? [] : [[name, jump] as const])));
  const violations = violationsBy(new Set(changes.map(({ values }) => values.name)), jumps);
  const throughDevice = new Map([...jumps].flatMap(([name, over]) => (facts.get(over)?.kind === 'device' ? [[over, name] as const] : [])));

  const credentialLike = suggestions([...logins]);
  const targetLike = suggestions([...facts.keys()]);

  const calendars = await unknownCalendars(
    tx,
    project,
    changes.flatMap(({ values: { maintenance } }) => calendarsOf(maintenance)),
  );

  return changes.flatMap(({ values: { name, credential, jump, maintenance }, pointer }) => {
    const problems: Problem[] = [...calendarProblems(maintenance, calendars, pointerTo(pointer, 'maintenance'))];
    const at = pointerTo(pointer, 'jump');
    if (credential !== null && !logins.has(credential)) {
      const says = `"${credential}" is no credential${credentialLike(credential)}`;
      problems.push(errorAt(pointerTo(pointer, 'credential'), says, { value: credential }));
    }
    if (jump !== null && !facts.has(jump)) {
      problems.push(errorAt(at, `"${jump}" is no target${targetLike(jump)}`, { value: jump }));
    }
    if (jump !== null && facts.get(jump)?.kind === 'device') {
      problems.push(errorAt(at, `"${jump}" is a device; only ssh hosts can be jumped through`, { value: jump }));
    }
    const user = throughDevice.get(name);
    if (user !== undefined) {
      problems.push(errorAt(pointerTo(pointer, 'kind'), `${user} is reached through it; only ssh hosts can be jumped through`));
    }
    const violation = violations.get(name);
    if (violation !== undefined) problems.push(errorAt(at, violation, { value: jump }));
    return problems;
  });
};

function calendarProblems(maintenance: Maintenance, unknown: readonly UnknownCalendar[], pointer: string): readonly Problem[] {
  if (unknown.length === 0) return [];
  return maintenance.flatMap((window, at) => {
    const [name] = calendarsOf([window]);
    const found = unknown.find((one) => one.name === name);
    return found ? [errorAt(pointerTo(pointer, at), found.message, { value: window })] : [];
  });
}

/** Names that a hint is looked for: each is compared with all that exist. */
const MOST_HINTS = 20;

/** What a name that nobody has may have meant, for the first ones asked about. */
function suggestions(known: readonly string[]): (name: string) => string {
  const found = new Map<string, string>();
  return (name) => {
    const hint = found.get(name) ?? (found.size < MOST_HINTS ? didYouMean(name, known) : '');
    if (found.size < MOST_HINTS) found.set(name, hint);
    return hint;
  };
}

type TargetFacts = Pick<TargetValues, 'name' | 'kind' | 'jump'>;

/** What is wrong with the ways to hosts, by the changed target that is to blame: its own way, or one that leads through it. */
function violationsBy(changed: ReadonlySet<string>, jumps: Jumps): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const own = [...jumps.keys()].sort((a, b) => Number(changed.has(b)) - Number(changed.has(a)));
  for (const name of own) {
    const violation = jumpViolation(name, jumps);
    if (violation === null) continue;
    const blamed = changed.has(name) ? name : wayFrom(name, jumps).find((host) => changed.has(host));
    if (blamed !== undefined && !found.has(blamed)) found.set(blamed, violation);
  }
  return found;
}
