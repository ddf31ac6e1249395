import { meter } from '../budget.ts';
import type { FunctionTable } from './table.ts';

/** Functions on text. Positions count characters (code points), as `size` does. */
export const TEXT_FUNCTIONS: FunctionTable = {
  'size(string): int': length,
  'string.size(): int': length,
  'string.contains(string): bool': (text: string, part: string) => find(text, part) >= 0,
  'string.startsWith(string): bool': (text: string, part: string) => text.startsWith(part),
  'string.endsWith(string): bool': (text: string, part: string) => text.endsWith(part),
  'string.charAt(int): string': (text: string, at: bigint) =>
    characters(text)
      .slice(within(text, at), Number(at) + 1)
      .join(''),
  'string.indexOf(string): int': (text: string, part: string) => place(text, find(text, part)),
  'string.indexOf(string, int): int': (text: string, part: string, from: bigint) => {
    const start = characters(text).slice(0, within(text, from)).join('').length;
    return place(text, find(text, part, start));
  },
  'string.lastIndexOf(string): int': (text: string, part: string) => {
    chargeSearch(text, part);
    return place(text, text.lastIndexOf(part));
  },
  'string.substring(int): string': (text: string, from: bigint) => characters(text).slice(within(text, from)).join(''),
  'string.substring(int, int): string': (text: string, from: bigint, to: bigint) => {
    if (to < from) throw new Error(`substring ends at ${to}, before it starts at ${from}`);
    return characters(text).slice(within(text, from), within(text, to)).join('');
  },
  'string.replace(string, string): string': (text: string, part: string, by: string) => replace(text, part, by, -1n),
  'string.replace(string, string, int): string': replace,
  'string.split(string): list<string>': (text: string, by: string) => split(text, by, -1n),
  'string.split(string, int): list<string>': split,
  'list<string>.join(): string': (parts: readonly unknown[]) => join(parts, ''),
  'list<string>.join(string): string': join,
  'string.lowerAscii(): string': (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  'string.upperAscii(): string': (text: string) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase()),
  'string.trim(): string': (text: string) => text.trim(),
  'string.reverse(): string': (text: string) => characters(text).reverse().join(''),
};

const HAS_PAIRS = /[\ud800-\udbff]/;

function length(text: string): bigint {
  return BigInt(HAS_PAIRS.test(text) ? characters(text).length : text.length);
}

function characters(text: string): string[] {
  meter.spend(text.length >> 4);
  return Array.from(text);
}

/** A position as a number, or an error that names it. */
function within(text: string, at: bigint): number {
  if (at < 0n || at > length(text)) throw new Error(`position ${at} is outside a text of ${length(text)} characters`);
  return Number(at);
}

/** The position that people count for one that JavaScript counts. */
const place = (text: string, at: number): bigint => (at < 0 ? -1n : length(text.slice(0, at)));

/** The worst case of a text search grows with both lengths. */
const chargeSearch = (text: string, part: string): void => meter.spend((text.length * part.length) >> 10);

function find(text: string, part: string, from = 0): number {
  chargeSearch(text, part);
  return text.indexOf(part, from);
}

function split(text: string, by: string, most: bigint): readonly string[] {
  chargeSearch(text, by);
  const parts = by === '' ? characters(text) : text.split(by);
  if (most < 0n || BigInt(parts.length) <= most) return parts;
  if (most === 0n) return [];
  return [...parts.slice(0, Number(most) - 1), parts.slice(Number(most) - 1).join(by)];
}

function replace(text: string, part: string, by: string, most: bigint): string {
  if (part === '') throw new Error('replace needs a text to look for');
  const parts = split(text, part, most < 0n ? -1n : most + 1n);
  meter.fit(text.length + (parts.length - 1) * (by.length - part.length));
  return parts.join(by);
}

function join(parts: readonly unknown[], by: string): string {
  let characters = by.length * parts.length;
  for (const part of parts) {
    if (typeof part !== 'string') throw new Error('join takes a list of texts');
    characters += part.length;
  }
  meter.fit(characters - by.length);
  return parts.join(by);
}
