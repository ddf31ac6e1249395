/** Keys for what one form sends: the same content has the same key, so that a second try after an answer that was lost does it once; other content is another request. */
export const keyOfContent = (): ((content: string) => string) => {
  let sent = { content: '', key: '' };
  return (content) => {
    if (sent.key === '' || sent.content !== content) sent = { content, key: crypto.randomUUID() };
    return sent.key;
  };
};

/** Keys of things that are done by one click, without a dialog: a thing has the same one until it is done, so that a click after an answer that was lost does it once. */
export const createKeys = () => {
  const keys = new Map<string, string>();
  return {
    of: (thing: string): string => {
      const key = keys.get(thing) ?? crypto.randomUUID();
      keys.set(thing, key);
      return key;
    },
    done: (thing: string): void => {
      keys.delete(thing);
    },
  };
};
