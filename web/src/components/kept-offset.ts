// Where the reader was in each list, so that going back to it returns there.
const offsets = new Map<string, number>();

/** Where the reader left a list, while the page lives. */
export const keptOffset = (place: string): number | undefined => offsets.get(place);

/** Keeps where the reader is in a list. */
export const keepOffset = (place: string, top: number): void => void offsets.set(place, top);

/** The list begins anew the next time it is shown. */
export const forgetOffset = (place: string): void => void offsets.delete(place);
