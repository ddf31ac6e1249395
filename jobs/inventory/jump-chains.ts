/** Hosts a connection may pass on its way to a target. */
export const LONGEST_JUMP_CHAIN = 5;

/** Which target each one is reached through, by name. */
export type Jumps = ReadonlyMap<string, string>;

/** The way to a target, itself first; it ends where it comes back to itself, or one jump behind the longest allowed. */
export function wayFrom(name: string, jumps: Jumps): readonly string[] {
  const path = [name];
  for (let next = jumps.get(name); next !== undefined; next = jumps.get(next)) {
    const isCircle = path.includes(next);
    path.push(next);
    if (isCircle || path.length > LONGEST_JUMP_CHAIN + 1) break;
  }
  return path;
}

/** What is wrong with the way to a target, naming the path; null when it can be gone. */
export function jumpViolation(name: string, jumps: Jumps): string | null {
  const path = wayFrom(name, jumps);
  const last = path.at(-1) ?? name;
  if (path.indexOf(last) < path.length - 1) return `the jumps go in a circle: ${path.join(' → ')}`;
  if (path.length <= LONGEST_JUMP_CHAIN + 1) return null;
  return `the way is longer than ${LONGEST_JUMP_CHAIN} jumps: ${path.join(' → ')}${jumps.has(last) ? ' → …' : ''}`;
}
