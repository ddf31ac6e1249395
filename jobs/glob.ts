/** What a glob says at one place of a name. */
type Piece = { readonly any: true } | { readonly one: (character: string) => boolean };

/** A glob over names: `*` is any run of characters, `?` one, `[a-z]` one of these, `[!a-z]` one of no such. Takes time in proportion to pattern × name, whatever the pattern. */
export function matchesGlob(pattern: string, name: string): boolean {
  const pieces = piecesOf(pattern);
  let at = 0;
  let from = 0;
  let star = -1;
  let starFrom = 0;
  while (from < name.length) {
    const piece = pieces[at];
    if (piece && 'any' in piece) {
      star = at;
      starFrom = from;
      at += 1;
    } else if (piece?.one(name[from] ?? '')) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      // Only the last star needs to give way: what stood before it matched already, with the least it could.
      starFrom += 1;
      from = starFrom;
      at = star + 1;
    } else return false;
  }
  return pieces.slice(at).every((piece) => 'any' in piece);
}

/** Whether a text is more than a name. */
export const isGlob = (text: string): boolean => /[*?[\]]/.test(text);

/** What keeps a text from being a glob, in words; null when it is one. */
export function globProblem(pattern: string): string | null {
  const rest = pattern.replace(/\[!?[^\]]+\]/g, '');
  return /[[\]]/.test(rest) ? 'has a bracket without its partner; write [a-z], or [!a-z] for all others' : null;
}

function piecesOf(pattern: string): readonly Piece[] {
  return [...pattern.matchAll(/\*+|\?|\[(!?)([^\]]+)\]|[\s\S]/g)].map(([text, not, characters]) => {
    if (text.startsWith('*')) return { any: true };
    if (text === '?') return { one: () => true };
    if (characters !== undefined) return { one: oneOf(characters, not === '!') };
    return { one: (character) => character === text };
  });
}

function oneOf(characters: string, isNot: boolean): (character: string) => boolean {
  const ranges = [...characters.matchAll(/([\s\S])-([\s\S])|[\s\S]/g)].map(([text, first, last]) => [first ?? text, last ?? text] as const);
  return (character) => ranges.some(([first, last]) => first <= character && character <= last) !== isNot;
}
