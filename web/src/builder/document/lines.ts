/** The lines of a piece of text, without the break at its end. */
export const linesOf = (text: string): readonly string[] => text.replace(/\r?\n$/, '').split(/\r?\n/);

/** A line further to the right, or as far to the left as its blanks let it. */
export const shifted = (line: string, by: number): string => {
  if (by === 0 || line === '') return line;
  return by > 0 ? ' '.repeat(by) + line : line.replace(new RegExp(`^ {0,${-by}}`), '');
};

/** The lines of a piece between brackets, those behind the first at a column or deeper. */
export function hung(written: string, column: number): readonly string[] {
  const [first = '', ...more] = linesOf(written);
  const least = Math.min(...more.flatMap((line) => (line.trim() === '' ? [] : [line.search(/\S/)])));
  return [first, ...more.map((line) => (line.trim() === '' ? '' : ' '.repeat(column) + line.slice(least)))];
}
