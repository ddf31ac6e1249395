/** A signal that aborts once nothing has moved for so long, counted from now at the earliest; `movedAt` tells when something last did. `done` ends the watch. */
export function whenStuck(movedAt: () => number, ms: number): { readonly signal: AbortSignal; done(): void } {
  const began = performance.now();
  const stuck = new AbortController();
  const look = () => {
    const left = Math.max(began, movedAt()) + ms - performance.now();
    if (left <= 0) stuck.abort();
    else timer = setTimeout(look, left).unref();
  };
  let timer = setTimeout(look, ms).unref();
  return { signal: stuck.signal, done: () => clearTimeout(timer) };
}
