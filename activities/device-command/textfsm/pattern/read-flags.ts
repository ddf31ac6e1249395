import { ALPHABET_FLAGS, FLAG } from './nodes.ts';
import type { Source } from './source.ts';

/** What the flags of a group change; `global` ones stand for the whole pattern. */
export interface ReadFlags {
  readonly global: boolean;
  readonly add: number;
  readonly remove: number;
}

const isFlag = (char: string): char is keyof typeof FLAG => Object.hasOwn(FLAG, char);
const isLetter = (char: string): boolean => /^\p{L}$/u.test(char);

/** Reads the flags of `(?flags)` or `(?flags-flags:`, of which the first character has been taken. */
export function readFlags(source: Source, first: string): ReadFlags {
  let add = 0;
  let char = first;
  while (char !== '-' && char !== ')' && char !== ':') {
    if (char === 'L') throw source.error("bad inline flags: cannot use 'L' flag with a str pattern");
    if (!isFlag(char)) throw source.error(isLetter(char) ? 'unknown flag' : 'missing -, : or )', char.length);
    add |= FLAG[char];
    if ((add & ALPHABET_FLAGS) === ALPHABET_FLAGS) throw source.error("bad inline flags: flags 'a', 'u' and 'L' are incompatible");
    const next = source.get();
    if (next === null) throw source.error('missing -, : or )');
    char = next;
  }
  if (char === ')') return { global: true, add, remove: 0 };
  const remove = char === '-' ? readRemoved(source) : 0;
  if (add & remove) throw source.error('bad inline flags: flag turned on and off', 1);
  return { global: false, add, remove };
}

function readRemoved(source: Source): number {
  let remove = 0;
  for (let missing = 'missing flag'; ; missing = 'missing :') {
    const char = source.get();
    if (char === null) throw source.error(missing);
    if (char === ':' && remove !== 0) return remove;
    if (char === 'L') throw source.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
    if (!isFlag(char)) throw source.error(isLetter(char) ? 'unknown flag' : missing, char.length);
    if (FLAG[char] & ALPHABET_FLAGS) throw source.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
    remove |= FLAG[char];
  }
}
