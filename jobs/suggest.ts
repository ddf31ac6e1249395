/** `; did you mean "command"?` for the known word nearest to a mistyped one, or nothing when none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === null ? '' : `; did you mean ${JSON.stringify(near)}?`;
}

/** The known word nearest to a mistyped one, case aside, the first of those equally near; null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (word.length > 100) return null;
  const wanted = word.toLowerCase();
  let most = Math.max(1, Math.floor(word.length / 3));
  let best: string | null = null;
  for (const name of known) {
    if (Math.abs(name.length - word.length) > most) continue;
    const distance = distanceOf(wanted, name.toLowerCase(), most);
    if (distance > most) continue;
    best = name;
    if (distance === 0) break;
    most = distance - 1;
  }
  return best;
}

/** Edits (insert, delete, replace, swap of neighbours) between two words; beyond `most` any larger number. */
function distanceOf(a: string, b: string, most: number): number {
  let older = new Uint16Array(b.length + 1);
  let last = Uint16Array.from(older, (_, at) => at);
  let row = new Uint16Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (older[j - 2] ?? 0) + 1);
      if (cost < least) least = cost;
      row[j] = cost;
    }
    // A swap of neighbours reaches back two rows at a cost of one.
    if (least > most + 1) return least;
    [older, last, row] = [last, row, older];
  }
  return last[b.length] ?? 0;
}
