/** Words as a sentence lists them: `1, 2 and 3`. */
export const listed = (words: readonly (string | number)[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** Numbers that follow each other without a hole, at least so many of them. */
export const isRun = (numbers: readonly number[], least = 2): boolean =>
  numbers.length >= least && numbers.every((number, at) => number === (numbers[0] ?? 0) + at);
