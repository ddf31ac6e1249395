const WORD = /(?:[^\s"'\\]|\\[\s\S]?|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+/g;
const PIECE = /\\([\s\S]?)|"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'/g;

/** A line without the comment at its end: from the first word that begins with an unquoted `#`. */
export function withoutRemark(line: string): string {
  const remark = [...line.matchAll(WORD)].find(([word]) => word.startsWith('#'));
  return remark ? line.slice(0, remark.index) : line;
}

/** A line's words as a shell would part them: quotes of both kinds group, a backslash takes the next sign as it is (between apostrophes it does not); null when a quote is never closed. */
export function splitWords(line: string): readonly string[] | null {
  if (line.replace(WORD, '').trim() !== '') return null;
  return [...line.matchAll(WORD)].map(([word]) =>
    word.replace(
      PIECE,
      (_, escaped?: string, double?: string, single?: string) => escaped ?? double?.replace(/\\(["\\])/g, '$1') ?? single ?? '',
    ),
  );
}
