/** How well words answer to what was typed: 0 not at all; each typed word must stand in them, best at their beginning. */
export const likeness = (words: string, typed: string): number => {
  const text = words.toLowerCase();
  const parts = typed.toLowerCase().split(/\s+/).filter(Boolean);
  let score = 1;
  for (const part of parts) {
    const at = text.indexOf(part);
    if (at < 0) return 0;
    score += at === 0 ? 4 : /[\s\-_.]/.test(text[at - 1] ?? '') ? 3 : 1;
  }
  return score;
};

/** Those that answer to what was typed, the best first, else in their order. */
export const find = <T>(all: readonly T[], typed: string, wordsOf: (one: T) => string): readonly T[] =>
  all
    .map((one) => ({ one, score: likeness(wordsOf(one), typed) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ one }) => one);
