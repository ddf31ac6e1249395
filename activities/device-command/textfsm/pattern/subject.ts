/** A text to match against, by code points, as Python sees it. */
export interface Subject {
  readonly text: string;
  readonly codes: ArrayLike<number>;
  /** The text between two positions that count code points. */
  slice(from: number, to: number): string;
}

/** Prepares a text for matching; done once per line, not once per rule. */
export function subjectOf(text: string): Subject {
  const units = new Uint32Array(text.length);
  let wide = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    units[i] = unit;
    wide ||= unit >= 0xd800 && unit < 0xe000;
  }
  if (!wide) return { text, codes: units, slice: (from, to) => text.slice(from, to) };
  const chars = Array.from(text);
  return {
    text,
    codes: Uint32Array.from(chars, (char) => char.codePointAt(0) ?? 0),
    slice: (from, to) => chars.slice(from, to).join(''),
  };
}
