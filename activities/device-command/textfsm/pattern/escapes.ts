import { type Category, type Node, PatternError, type Place, type SetItem } from './nodes.ts';
import type { Source } from './source.ts';

const CONTROL: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };
const PLACES: Readonly<Record<string, Place>> = { A: 'beginning_string', b: 'boundary', B: 'non_boundary', Z: 'end_string' };
const CATEGORIES: Readonly<Record<string, Category>> = { d: 'digit', s: 'space', w: 'word' };
const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const HEX = /^[0-9a-fA-F]$/;
const OCTAL = /^[0-7]$/;
const DIGIT = /^[0-9]$/;

/** Which groups a back-reference may name at this point of the pattern. */
export interface KnownGroups {
  readonly groups: number;
  check(group: number, source: Source, back: number): void;
}

/** An escape outside a set: a place, a category, a character or a reference to a group. */
export function readEscape(source: Source, token: string, known: KnownGroups): Node {
  const letter = token.slice(1);
  const where = PLACES[letter];
  if (where !== undefined) return { op: 'at', where };
  const category = categoryOf(letter);
  if (category) return { op: 'in', negate: false, items: [category] };
  const control = CONTROL[letter];
  if (control !== undefined) return { op: 'literal', code: control };
  if (DIGIT.test(letter) && letter !== '0') return reference(source, token, known);
  if (letter === '0') return { op: 'literal', code: Number.parseInt(`0${source.takeWhile(2, OCTAL)}`, 8) };
  return { op: 'literal', code: codeOf(source, token) };
}

/** An escape inside a set: a category or a character. */
export function readSetEscape(source: Source, token: string): SetItem {
  const letter = token.slice(1);
  const control = CONTROL[letter];
  if (control !== undefined) return { kind: 'literal', code: control };
  const category = categoryOf(letter);
  if (category) return category;
  if (OCTAL.test(letter)) {
    const octal = letter + source.takeWhile(2, OCTAL);
    return { kind: 'literal', code: octalCode(source, octal) };
  }
  if (DIGIT.test(letter)) throw source.error(`bad escape ${token}`, 2);
  return { kind: 'literal', code: codeOf(source, token) };
}

function categoryOf(letter: string): (SetItem & { kind: 'category' }) | null {
  const category = CATEGORIES[letter.toLowerCase()];
  return category !== undefined && letter.length === 1 ? { kind: 'category', category, not: letter < 'a' } : null;
}

function codeOf(source: Source, token: string): number {
  const letter = token.slice(1);
  const length = HEX_LENGTHS[letter];
  if (length !== undefined) {
    const digits = source.takeWhile(length, HEX);
    if (digits.length !== length) throw source.error(`incomplete escape ${token}${digits}`, 2 + digits.length);
    const code = Number.parseInt(digits, 16);
    if (code > 0x10ffff) throw source.error(`bad escape ${token}${digits}`, 2 + digits.length);
    return code;
  }
  if (letter === 'N') throw new PatternError('characters by name, \\N{…}, are not supported: write \\uXXXX');
  if (/^[a-zA-Z]$/.test(letter)) throw source.error(`bad escape ${token}`, 2);
  return letter.codePointAt(0) ?? 0;
}

function octalCode(source: Source, digits: string): number {
  const code = Number.parseInt(digits, 8);
  if (code > 0o377) throw source.error(`octal escape value \\${digits} outside of range 0-0o377`, digits.length + 1);
  return code;
}

/** `\1` to `\99`, unless it is three octal digits. */
function reference(source: Source, token: string, known: KnownGroups): Node {
  let digits = token.slice(1);
  if (source.next !== null && DIGIT.test(source.next)) {
    digits += source.get();
    if (/^[0-7]{2}$/.test(digits) && source.next !== null && OCTAL.test(source.next)) {
      digits += source.get();
      return { op: 'literal', code: octalCode(source, digits) };
    }
  }
  const group = Number(digits);
  if (group >= known.groups) throw source.error(`invalid group reference ${group}`, digits.length);
  known.check(group, source, digits.length + 1);
  return { op: 'backref', group };
}
