/** What one tab wants to hear of; asleep, it wants no stream at all. */
export interface Wish {
  readonly topics: readonly string[];
  readonly visible: boolean;
  readonly asleep: boolean;
  /** The event after which everything was read that it shows, for a stream that has heard nothing yet; '' where none is known. */
  readonly from: string;
}

/** The most topics that the API gives one stream. */
export const MOST_TOPICS = 100;

/** What all tabs together listen to, those first that are looked at where it is more than a stream may have. */
export const unionOf = (wishes: readonly Wish[]): readonly string[] => {
  const inOrder = wishes.filter(({ asleep }) => !asleep).toSorted((one, other) => Number(other.visible) - Number(one.visible));
  return [...new Set(inOrder.flatMap(({ topics }) => topics))].slice(0, MOST_TOPICS).toSorted();
};
