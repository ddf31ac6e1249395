/** What one tab tells the others of the session they share. */
type Word = 'ended' | 'began';

interface OtherTabs {
  readonly say: (word: Word) => void;
  readonly close: () => void;
}

/** The other tabs of this browser, told when the session ends or begins again; where storage is blocked each finds out by itself. */
export const otherTabs = (hear: (word: Word) => void): OtherTabs => {
  try {
    const channel = new BroadcastChannel('capstan.session');
    channel.addEventListener('message', ({ data }: MessageEvent<Word>) => hear(data));
    return { say: (word) => channel.postMessage(word), close: () => channel.close() };
  } catch {
    return { say: () => undefined, close: () => undefined };
  }
};
