const LONGEST = 200;

/** The last word of an address, as one would type it to look for what stood there. */
export const wantedIn = (pathname: string): string => {
  const last = pathname.split('/').filter(Boolean).at(-1) ?? '';
  try {
    return decodeURIComponent(last).slice(0, LONGEST);
  } catch {
    return last.slice(0, LONGEST);
  }
};
