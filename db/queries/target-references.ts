import { jumpViolation, reachedThrough } from '#jobs/inventory/jump-chains.ts';
import { errorAt, InvalidInput, type Problem, pointerTo } from '#jobs/problem.ts';
import type { TargetKind } from '#jobs/step.ts';
import { didYouMean } from '#jobs/suggest.ts';
import type { Transaction } from '../client.ts';
import type { TargetChange } from './save-target.ts';

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
    tx<{ name: string; kind: TargetKind; jump: string | null }[]>`select name, kind, jump from targets where project = ${project}`,
  ]);
  const logins = credentials.map(({ name }) => name);
  const facts = new Map(targets.map((target) => [target.name, target]));
  for (const { values } of changes) facts.set(values.name, values);
  const jumps = new Map([...facts.values()].flatMap(({ name, jump }) => (jump === null ? [] : [[name, jump] as const])));

  const names = [...facts.keys()];
  return changes.flatMap(({ values: { name, credential, jump, kind }, pointer }) => {
    const problems: Problem[] = [];
    if (credential !== null && !logins.includes(credential)) {
      problems.push(
        errorAt(pointerTo(pointer, 'credential'), `"${credential}" is no credential${didYouMean(credential, logins)}`, {
          value: credential,
        }),
      );
    }
    const host = jump === null ? null : facts.get(jump);
    const at = pointerTo(pointer, 'jump');
    if (jump !== null && !host) problems.push(errorAt(at, `"${jump}" is no target${didYouMean(jump, names)}`, { value: jump }));
    if (host?.kind === 'device') problems.push(errorAt(at, `"${jump}" is a device; only ssh hosts can be jumped through`, { value: jump }));
    const users = reachedThrough(name, jumps);
    if (kind === 'device' && users.length > 1 && targets.find((target) => target.name === name)?.kind === 'ssh') {
      problems.push(errorAt(pointerTo(pointer, 'kind'), `${users[1]} is reached through it; only ssh hosts can be jumped through`));
    }
    const violation = jump === null ? null : users.map((user) => jumpViolation(user, jumps)).find((found) => found !== null);
    if (violation) problems.push(errorAt(at, violation, { value: jump }));
    return problems;
  });
};
