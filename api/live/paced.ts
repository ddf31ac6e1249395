/** Says a word on at once, and while it comes again and again once in so many milliseconds; the last time is never lost. */
export function createPaced<Word>(ms: number, say: (word: Word) => void): (word: Word) => void {
  /** The words that were said on a moment ago, and whether they have come again since. */
  const resting = new Map<Word, boolean>();
  const sayOn = (word: Word): void => {
    resting.set(word, false);
    say(word);
    setTimeout(() => {
      if (resting.get(word)) sayOn(word);
      else resting.delete(word);
    }, ms).unref();
  };
  return (word) => {
    if (resting.has(word)) resting.set(word, true);
    else sayOn(word);
  };
}
