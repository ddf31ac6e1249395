const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};

/** The router's links decode what the router has decoded before them. */
const canBeRead = (part: string): boolean => decoded(decoded(part) ?? '%') !== null;

/** A path that the router can read: a part with a `%` that begins no character has `_` instead; any other stays as it is. */
export const mendedPath = (path: string): string =>
  path
    .split('/')
    .map((part) => (canBeRead(part) ? part : part.replaceAll('%', '_')))
    .join('/');

/** An address that was cut off within a character is a page that does not exist, not an error of the router. */
export const mendAddress = (): void => {
  const { pathname, search, hash } = location;
  const path = mendedPath(pathname);
  if (path !== pathname) history.replaceState(history.state, '', path + search + hash);
};
