const REMEMBERED = 10_000;

/** Which state of each run was told last: steps report far more often than their run's own row changes. */
export interface ToldRuns {
  /** True unless this very state was told before; from then on it was. */
  isNews(run: { readonly id: string; readonly seq: number; readonly updated_at: string }): boolean;
  clear(): void;
}

/** Nothing has been told yet; only the newest 10,000 runs are remembered. */
export function createToldRuns(): ToldRuns {
  const told = new Map<string, string>();
  return {
    isNews({ id, seq, updated_at }) {
      const state = `${seq} ${updated_at}`;
      if (told.get(id) === state) return false;
      told.delete(id);
      told.set(id, state);
      for (const oldest of told.keys()) {
        if (told.size <= REMEMBERED) break;
        told.delete(oldest);
      }
      return true;
    },
    clear: () => told.clear(),
  };
}
