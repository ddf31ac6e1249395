import { readEscape } from './escapes.ts';
import { Groups } from './groups.ts';
import { FLAG, type Node, type Nodes, type Repeat, type SetItem } from './nodes.ts';
import { readFlags } from './read-flags.ts';
import { readSet } from './read-set.ts';
import { Source } from './source.ts';

/** A pattern that has been read: its parts, the flags it sets for the whole, and its groups by name. */
export interface Parsed {
  readonly nodes: Nodes;
  readonly flags: number;
  readonly names: ReadonlyMap<string, number>;
  /** The contents of every group by its number; index 0 is not used. */
  readonly groups: readonly Nodes[];
}

const PYTHON_SPACE = /^[ \t\n\r\v\f]$/;

/** Reads a regular expression as Python 3.11's `re` does; throws PatternError in Python's words for what Python refuses. */
export function parsePattern(pattern: string): Parsed {
  const source = new Source(pattern);
  const reader = new Reader(source);
  const nodes = reader.alternatives(false, true);
  if (source.next !== null) throw source.error('unbalanced parenthesis');
  reader.groups.checkAsked();
  return { nodes, flags: reader.flags, names: reader.groups.names, groups: reader.groups.bodies.map((body) => body ?? []) };
}

class Reader {
  flags = 0;
  readonly groups = new Groups();
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  alternatives(verbose: boolean, top = false): Nodes {
    const items: Nodes[] = [];
    let loose = verbose;
    do {
      items.push(this.#sequence(loose, top && items.length === 0));
      if (top) loose = (this.flags & FLAG.x) !== 0;
    } while (this.#source.take('|'));
    return items.length === 1 ? (items[0] ?? []) : [asSet(items) ?? { op: 'branch', items }];
  }

  #sequence(verbose: boolean, first: boolean): Nodes {
    const source = this.#source;
    const nodes: Node[] = [];
    let loose = verbose;
    for (let token = source.next; token !== null && token !== '|' && token !== ')'; token = source.next) {
      source.get();
      if (loose && this.#skipped(token)) continue;
      if (/^[*+?{]$/.test(token)) this.#repeat(token, nodes);
      else if (token === '(') {
        const node = this.#group(loose, first && nodes.length === 0);
        if (node === 'flags') loose = (this.flags & FLAG.x) !== 0;
        else if (node !== null) nodes.push(node);
      } else nodes.push(this.#atom(token));
    }
    return nodes.flatMap((node) => (plain(node) ? node.body : [node]));
  }

  #atom(token: string): Node {
    if (token[0] === '\\') return readEscape(this.#source, token, this.groups);
    if (token === '[') return readSet(this.#source);
    if (token === '.') return { op: 'any' };
    if (token === '^') return { op: 'at', where: 'beginning' };
    if (token === '$') return { op: 'at', where: 'end' };
    return { op: 'literal', code: token.codePointAt(0) ?? 0 };
  }

  #skipped(token: string): boolean {
    if (PYTHON_SPACE.test(token)) return true;
    if (token !== '#') return false;
    for (let next = this.#source.get(); next !== null && next !== '\n'; ) next = this.#source.get();
    return true;
  }

  #repeat(token: string, nodes: Node[]): void {
    const source = this.#source;
    const here = source.tell();
    const bounds = token === '{' ? this.#bounds(here) : { min: token === '+' ? 1 : 0, max: token === '?' ? 1 : Number.POSITIVE_INFINITY };
    if (bounds === null) {
      nodes.push({ op: 'literal', code: 0x7b });
      return;
    }
    const item = nodes.pop();
    if (item === undefined || item.op === 'at') throw source.error('nothing to repeat', source.tell() - here + 1);
    if (item.op === 'repeat') throw source.error('multiple repeat', source.tell() - here + 1);
    const kind: Repeat['kind'] = source.take('?') ? 'lazy' : source.take('+') ? 'possessive' : 'greedy';
    nodes.push({ op: 'repeat', kind, ...bounds, body: plain(item) ? item.body : [item] });
  }

  /** The bounds in braces; null when the brace is a brace. */
  #bounds(here: number): { min: number; max: number } | null {
    const source = this.#source;
    if (source.next === '}') return null;
    const low = source.takeWhile(Number.POSITIVE_INFINITY, /^[0-9]$/);
    const high = source.take(',') ? source.takeWhile(Number.POSITIVE_INFINITY, /^[0-9]$/) : low;
    if (!source.take('}')) {
      source.seek(here);
      return null;
    }
    const min = low === '' ? 0 : Number(low);
    const max = high === '' ? Number.POSITIVE_INFINITY : Number(high);
    if (min >= 2 ** 32 - 1 || (max >= 2 ** 32 - 1 && high !== '')) throw source.error('the repetition number is too large');
    if (max < min) throw source.error('min repeat greater than max repeat', source.tell() - here);
    return { min, max };
  }

  /** A group whose opening parenthesis has been taken; null for a comment, `flags` for flags of the whole. */
  #group(verbose: boolean, first: boolean): Node | null | 'flags' {
    const source = this.#source;
    const start = source.tell() - 1;
    if (!source.take('?')) return this.#body(start, verbose, this.groups.open(null, source));
    const kind = source.get();
    if (kind === null) throw source.error('unexpected end of pattern');
    if (kind === 'P') return this.#python(start, verbose);
    if (kind === ':') return this.#body(start, verbose, null);
    if (kind === '>') return { op: 'atomic', body: this.#inside(start, verbose) };
    if (kind === '#') return this.#comment(start);
    if (kind === '=' || kind === '!') return { op: 'assert', ahead: true, negative: kind === '!', body: this.#inside(start, verbose) };
    if (kind === '<') return this.#lookbehind(start, verbose);
    if (kind === '(') return this.#conditional(start, verbose);
    if (!/^[-iLmsxau]$/.test(kind)) throw source.error(`unknown extension ?${kind}`, Array.from(kind).length + 1);
    const { global, add, remove } = readFlags(source, kind);
    if (!global) return this.#body(start, (verbose || (add & FLAG.x) !== 0) && !(remove & FLAG.x), null, add, remove);
    this.flags |= add;
    if (!first) throw source.error('global flags not at the start of the expression', source.tell() - start);
    return 'flags';
  }

  #python(start: number, verbose: boolean): Node {
    const source = this.#source;
    if (source.take('<')) return this.#body(start, verbose, this.groups.open(this.groups.readName(source, '>'), source));
    if (source.take('=')) {
      const name = this.groups.readName(source, ')');
      const group = this.groups.numberOf(name, source);
      this.groups.check(group, source, Array.from(name).length + 1);
      return { op: 'backref', group };
    }
    const char = source.get();
    if (char === null) throw source.error('unexpected end of pattern');
    throw source.error(`unknown extension ?P${char}`, Array.from(char).length + 2);
  }

  #body(start: number, verbose: boolean, index: number | null, add = 0, remove = 0): Node {
    const body = this.#inside(start, verbose);
    if (index !== null) this.groups.close(index, body);
    return { op: 'group', index, add, remove, body };
  }

  #inside(start: number, verbose: boolean): Nodes {
    const body = this.alternatives(verbose);
    this.#closed(start);
    return body;
  }

  #closed(start: number): void {
    if (!this.#source.take(')')) throw this.#source.error('missing ), unterminated subpattern', this.#source.tell() - start);
  }

  #comment(start: number): null {
    for (;;) {
      if (this.#source.next === null) throw this.#source.error('missing ), unterminated comment', this.#source.tell() - start);
      if (this.#source.get() === ')') return null;
    }
  }

  #lookbehind(start: number, verbose: boolean): Node {
    const source = this.#source;
    const kind = source.get();
    if (kind === null) throw source.error('unexpected end of pattern');
    if (kind !== '=' && kind !== '!') throw source.error(`unknown extension ?<${kind}`, Array.from(kind).length + 2);
    const outer = this.groups.lookbehind;
    this.groups.lookbehind ??= this.groups.groups;
    const body = this.alternatives(verbose);
    this.groups.lookbehind = outer;
    this.#closed(start);
    return { op: 'assert', ahead: false, negative: kind === '!', body };
  }

  #conditional(start: number, verbose: boolean): Node {
    const source = this.#source;
    const group = this.groups.readCondition(source);
    const yes = this.#sequence(verbose, false);
    const no = source.take('|') ? this.#sequence(verbose, false) : null;
    if (no && source.next === '|') throw source.error('conditional backref with more than two branches');
    this.#closed(start);
    return { op: 'conditional', group, yes, no };
  }
}

/** A group that neither captures nor changes flags is its contents. */
const plain = (node: Node): node is Node & { op: 'group' } => node.op === 'group' && node.index === null && !node.add && !node.remove;

/** Alternatives of one character each are a set. */
function asSet(items: readonly Nodes[]): Node | null {
  const members: SetItem[] = [];
  for (const item of items) {
    const [only] = item;
    if (item.length !== 1 || only === undefined) return null;
    if (only.op === 'literal') members.push({ kind: 'literal', code: only.code });
    else if (only.op === 'in' && !only.negate) members.push(...only.items);
    else return null;
  }
  return { op: 'in', negate: false, items: members };
}
