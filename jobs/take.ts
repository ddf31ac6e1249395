/** The first items of a sequence that may be long or slow to its end. */
export function* take<T>(all: Iterable<T>, count: number): Generator<T> {
  if (count <= 0) return;
  let taken = 0;
  for (const one of all) {
    yield one;
    taken += 1;
    if (taken >= count) return;
  }
}
