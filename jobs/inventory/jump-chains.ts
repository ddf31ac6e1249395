/** Hosts a connection may pass on its way to a target. */
export const LONGEST_JUMP_CHAIN = 5;

/** Which target each one is reached through, by name. */
export type Jumps = ReadonlyMap<string, string>;

/** What is wrong with the way to a target, naming the path; null when it can be gone. */
export function jumpViolation(name: string, jumps: Jumps): string | null {
  const path = [name];
  for (let next = jumps.get(name); next !== undefined; next = jumps.get(next)) {
    const isCycle = path.includes(next);
    path.push(next);
    if (isCycle) return `the jumps go in a circle: ${path.join(' → ')}`;
    if (path.length > LONGEST_JUMP_CHAIN + 1)
      return `the way is longer than ${LONGEST_JUMP_CHAIN} jumps: ${path.join(' → ')}${jumps.has(next) ? ' → …' : ''}`;
  }
  return null;
}

/** All targets whose way leads through this one, itself first. */
export function reachedThrough(name: string, jumps: Jumps): readonly string[] {
  const users = Map.groupBy(jumps, ([, through]) => through);
  const found = new Set([name]);
  for (const each of found) for (const [user] of users.get(each) ?? []) found.add(user);
  return [...found];
}
