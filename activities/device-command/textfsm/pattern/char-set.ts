import {
  isAsciiDigit,
  isAsciiSpace,
  isAsciiWord,
  isDigit,
  isSpace,
  isWord,
  lower,
  lowerAscii,
  lowerSiblings,
  upper,
} from './characters.ts';
import { type CharSet, FLAG, type Node, type SetItem } from './nodes.ts';

/** Whether a character, by its code point, is one of those meant. */
export type CharTest = (code: number) => boolean;

const UNICODE = { digit: isDigit, space: isSpace, word: isWord } as const;
const ASCII = { digit: isAsciiDigit, space: isAsciiSpace, word: isAsciiWord } as const;

/** The word characters that `\b` looks at under these flags. */
export const wordTest = (flags: number): CharTest => (flags & FLAG.a ? isAsciiWord : isWord);

/** The test of a node that matches exactly one character; null for every other node. */
export function charTest(node: Node, flags: number): CharTest | null {
  switch (node.op) {
    case 'any':
      return flags & FLAG.s ? () => true : (code) => code !== 10;
    case 'literal':
      return literalTest(node.code, flags);
    case 'not_literal': {
      const literal = literalTest(node.code, flags);
      return (code) => !literal(code);
    }
    case 'in':
      return setTest(node, flags);
    default:
      return null;
  }
}

function literalTest(wanted: number, flags: number): CharTest {
  if (!(flags & FLAG.i)) return (code) => code === wanted;
  if (flags & FLAG.a) {
    const low = lowerAscii(wanted);
    return (code) => lowerAscii(code) === low;
  }
  const low = lower(wanted);
  const accepted = new Set([low, ...lowerSiblings(low)]);
  return (code) => accepted.has(lower(code));
}

function setTest(set: CharSet, flags: number): CharTest {
  const tests = set.items.map((item) => itemTest(item, flags));
  const fold = foldOf(flags);
  const slow: CharTest = (code) => {
    const folded = fold(code);
    return tests.some((test) => test(folded)) !== set.negate;
  };
  const table = Uint8Array.from({ length: 256 }, (_, code) => (slow(code) ? 1 : 0));
  return (code) => (code < 256 ? table[code] === 1 : slow(code));
}

function foldOf(flags: number): (code: number) => number {
  if (!(flags & FLAG.i)) return (code) => code;
  return flags & FLAG.a ? lowerAscii : lower;
}

/** The test of one item of a set, given a character that is already folded when case is ignored. */
function itemTest(item: SetItem, flags: number): CharTest {
  if (item.kind === 'category') {
    const test = (flags & FLAG.a ? ASCII : UNICODE)[item.category];
    return item.not ? (code) => !test(code) : test;
  }
  if (item.kind === 'literal') return literalTest(item.code, flags);
  const { from, to } = item;
  if (!(flags & FLAG.i)) return (code) => code >= from && code <= to;
  const fold = foldOf(flags);
  const low = new Set<number>();
  for (let code = from; code <= Math.min(to, 0xffff); code++) {
    low.add(fold(code));
    if (!(flags & FLAG.a)) for (const sibling of lowerSiblings(fold(code))) low.add(sibling);
  }
  return (code) => low.has(code) || (to > 0xffff && ((code >= from && code <= to) || (upper(code) >= from && upper(code) <= to)));
}
