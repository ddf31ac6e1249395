const LETTER = 7;
const EDGES = 14;
const GAP = 4;
/** Pixels of how many more there are. */
const REST = 28;

/** The tags that have room beside each other in so many pixels, the first of them in any case. */
export const fittingTags = (tags: readonly string[], room: number): readonly string[] => {
  let used = 0;
  const first = tags.findIndex((tag, at) => {
    used += tag.length * LETTER + EDGES + (at === 0 ? 0 : GAP);
    return used + (at === tags.length - 1 ? 0 : REST) > room;
  });
  return first === -1 ? tags : tags.slice(0, Math.max(1, first));
};
