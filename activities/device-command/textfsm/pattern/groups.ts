import { type Nodes, PatternError } from './nodes.ts';
import type { Source } from './source.ts';

const IDENTIFIER = /^[\p{ID_Start}_]\p{ID_Continue}*$/u;

/** The groups met so far: their numbers, names and, once closed, contents. */
export class Groups {
  /** Contents by number; 0 is the whole. `undefined` while a group is open. */
  readonly bodies: (Nodes | undefined)[] = [[]];
  readonly names = new Map<string, number>();
  /** Numbers that a condition names, perhaps before the group, with their positions. */
  readonly asked = new Map<number, number>();
  /** How many groups there were where the look-behind around this place began. */
  lookbehind: number | null = null;

  get groups(): number {
    return this.bodies.length;
  }

  open(name: string | null, source: Source): number {
    const index = this.bodies.length;
    this.bodies.push(undefined);
    if (name === null) return index;
    const other = this.names.get(name);
    if (other !== undefined) {
      throw source.error(`redefinition of group name '${name}' as group ${index}; was group ${other}`, Array.from(name).length + 1);
    }
    this.names.set(name, index);
    return index;
  }

  close(index: number, body: Nodes): void {
    this.bodies[index] = body;
  }

  /** Throws when a back-reference here must not name this group. */
  check(group: number, source: Source, back: number): void {
    if (this.bodies[group] === undefined) throw source.error('cannot refer to an open group', back);
    this.checkLookbehind(group, source);
  }

  checkLookbehind(group: number, source: Source): void {
    if (this.lookbehind === null) return;
    if (this.bodies[group] === undefined) throw source.error('cannot refer to an open group');
    if (group >= this.lookbehind) throw source.error('cannot refer to group defined in the same lookbehind subpattern');
  }

  /** Reads a name up to its terminator. */
  readName(source: Source, terminator: string): string {
    const name = source.takeUntil(terminator, 'group name');
    if (!IDENTIFIER.test(name)) throw source.error(`bad character in group name '${name}'`, Array.from(name).length + 1);
    return name;
  }

  /** The number behind the name of a back-reference. */
  numberOf(name: string, source: Source): number {
    const group = this.names.get(name);
    if (group === undefined) throw source.error(`unknown group name '${name}'`, Array.from(name).length + 1);
    return group;
  }

  /** Reads the group that a condition asks for, by name or number. */
  readCondition(source: Source): number {
    const name = source.takeUntil(')', 'group name');
    const length = Array.from(name).length + 1;
    let group: number;
    if (IDENTIFIER.test(name)) group = this.numberOf(name, source);
    else {
      if (!/^[0-9]+$/.test(name)) throw source.error(`bad character in group name '${name}'`, length);
      group = Number(name);
      if (group === 0) throw source.error('bad group number', length);
      if (!this.asked.has(group)) this.asked.set(group, source.tell() - length);
    }
    this.checkLookbehind(group, source);
    return group;
  }

  /** Throws when a condition named a group that never came. */
  checkAsked(): void {
    for (const [group, position] of this.asked) {
      if (group >= this.groups) throw new PatternError(`invalid group reference ${group} at position ${position}`);
    }
  }
}
