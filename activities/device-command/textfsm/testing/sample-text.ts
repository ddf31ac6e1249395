import { charTest } from '../pattern/char-set.ts';
import { type Node, type Nodes, withFlags } from '../pattern/nodes.ts';
import { type Parsed, parsePattern } from '../pattern/parse.ts';
import type { Random } from './random.ts';

/** Characters that device output is made of, those first that stand for themselves in most places. */
const ALPHABET = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./:-_,;()[]{}<>+*=%#@!?&|"\'\\~^$` \t', (char) =>
  char.charCodeAt(0),
);

/** Makes texts that a pattern is likely to match; whether it does is for the caller to see. */
export class Sampler {
  readonly #parsed: Parsed;
  readonly #pools = new Map<Node, readonly number[]>();

  constructor(pattern: string) {
    this.#parsed = parsePattern(pattern);
  }

  text(random: Random): string {
    const groups = new Map<number, string>();
    return this.#sequence(this.#parsed.nodes, this.#parsed.flags, random, groups);
  }

  #sequence(nodes: Nodes, flags: number, random: Random, groups: Map<number, string>): string {
    return nodes.map((node) => this.#node(node, flags, random, groups)).join('');
  }

  #node(node: Node, flags: number, random: Random, groups: Map<number, string>): string {
    switch (node.op) {
      case 'at':
        return '';
      case 'assert':
        // What is looked at must come by itself, or is added as if it were there.
        return node.ahead && !node.negative && random.chance(0.3) ? this.#sequence(node.body, flags, random, groups) : '';
      case 'branch':
        return this.#sequence(random.pick(node.items), flags, random, groups);
      case 'atomic':
        return this.#sequence(node.body, flags, random, groups);
      case 'group': {
        const text = this.#sequence(node.body, withFlags(flags, node.add, node.remove), random, groups);
        if (node.index !== null) groups.set(node.index, text);
        return text;
      }
      case 'backref':
        return groups.get(node.group) ?? '';
      case 'conditional':
        return this.#sequence(groups.has(node.group) ? node.yes : (node.no ?? []), flags, random, groups);
      case 'repeat': {
        const times = node.min + (node.max > node.min ? Math.min(node.max - node.min, random.pick([0, 1, 1, 2, 3])) : 0);
        return Array.from({ length: times }, () => this.#sequence(node.body, flags, random, groups)).join('');
      }
      default:
        return this.#char(node, flags, random);
    }
  }

  #char(node: Node, flags: number, random: Random): string {
    if (node.op === 'literal') return String.fromCodePoint(node.code);
    let pool = this.#pools.get(node);
    if (!pool) {
      const test = charTest(node, flags);
      const all = ALPHABET.filter((code) => test?.(code));
      const visible = all.filter((code) => code > 32);
      pool = all.length > 0 ? [...visible, ...visible, ...all] : rareMembers(node);
      this.#pools.set(node, pool);
    }
    if (pool.length === 0) return '';
    // White space in output is mostly one blank.
    if (pool.includes(32) && !pool.includes(97) && random.chance(0.8)) return ' ';
    return String.fromCodePoint(random.pick(pool));
  }
}

const rareMembers = (node: Node): readonly number[] =>
  node.op === 'in' ? node.items.flatMap((item) => (item.kind === 'literal' ? [item.code] : item.kind === 'range' ? [item.from] : [])) : [];
