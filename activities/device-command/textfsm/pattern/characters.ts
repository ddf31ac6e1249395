/** Python's idea of letters, digits and white space, which is Unicode's and differs from JavaScript's in places. */

/** True for what Python's `str.isspace` and `\s` accept. */
export const isSpace = (code: number): boolean =>
  (code >= 0x09 && code <= 0x0d) ||
  (code >= 0x1c && code <= 0x20) ||
  code === 0x85 ||
  code === 0xa0 ||
  code === 0x1680 ||
  (code >= 0x2000 && code <= 0x200a) ||
  code === 0x2028 ||
  code === 0x2029 ||
  code === 0x202f ||
  code === 0x205f ||
  code === 0x3000;

export const isAsciiSpace = (code: number): boolean => (code >= 0x09 && code <= 0x0d) || code === 0x20;
export const isAsciiDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
export const isAsciiWord = (code: number): boolean =>
  isAsciiDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;

const decimal = /^\p{Nd}$/u;
const alphanumeric = /^[\p{L}\p{N}]$/u;

export const isDigit = (code: number): boolean => (code < 0x80 ? isAsciiDigit(code) : decimal.test(String.fromCodePoint(code)));
export const isWord = (code: number): boolean => (code < 0x80 ? isAsciiWord(code) : alphanumeric.test(String.fromCodePoint(code)));

export const lowerAscii = (code: number): number => (code >= 0x41 && code <= 0x5a ? code + 0x20 : code);

/** The one lower-case character of a character, also where the full mapping has two. */
export const lower = (code: number): number =>
  code < 0x80 ? lowerAscii(code) : (String.fromCodePoint(code).toLowerCase().codePointAt(0) ?? code);

export const upper = (code: number): number => {
  const mapped = String.fromCodePoint(code).toUpperCase();
  const first = mapped.codePointAt(0) ?? code;
  return String.fromCodePoint(first).length === mapped.length ? first : code;
};

let siblings: ReadonlyMap<number, readonly number[]> | undefined;

/** Other lower-case characters with the same upper case, such as `ſ` beside `s`: ignoring case takes them for equal. */
export function lowerSiblings(code: number): readonly number[] {
  siblings ??= findSiblings();
  return siblings.get(code) ?? [];
}

function findSiblings(): ReadonlyMap<number, readonly number[]> {
  const byUpper = new Map<string, number[]>();
  for (let code = 0x61; code < 0x10000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const char = String.fromCharCode(code);
    const up = char.toUpperCase();
    if (up === char || char.toLowerCase() !== char) continue;
    const same = byUpper.get(up);
    if (same) same.push(code);
    else byUpper.set(up, [code]);
  }
  const found = new Map<number, readonly number[]>();
  for (const same of byUpper.values()) {
    for (const code of same)
      if (same.length > 1)
        found.set(
          code,
          same.filter((other) => other !== code),
        );
  }
  return found;
}
