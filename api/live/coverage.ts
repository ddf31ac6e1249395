/** How long a topic nobody follows any more is still recorded, so that a reader who reconnects misses nothing. */
const REMEMBER_MS = 60_000;

/** Which topics are recorded, and since which event. */
export interface Coverage {
  /** True while someone follows the topic, or did a minute ago. */
  covers(topic: string): boolean;
  /** The event after which everything about the topic was recorded; null when it is not. */
  begin(topic: string): number | null;
  /** True when everything about the topic after this event was recorded. */
  coversSince(topic: string, event: number): boolean;
  enter(topic: string, newest: number): void;
  leave(topic: string): void;
  /** Events are counted from 0 again. */
  restart(): void;
}

/** Covers nothing yet. */
export function createCoverage(now: () => number = Date.now): Coverage {
  const entries = new Map<string, { since: number; readers: number; forgetAt: number }>();

  let sweptAt = 0;
  /** Topics that only ever come once are not kept for ever. */
  const sweep = () => {
    if (now() - sweptAt < REMEMBER_MS) return;
    sweptAt = now();
    for (const [topic, { readers, forgetAt }] of entries) if (readers === 0 && forgetAt <= now()) entries.delete(topic);
  };

  const find = (topic: string) => {
    const entry = entries.get(topic);
    if (!entry || entry.readers > 0 || entry.forgetAt > now()) return entry;
    entries.delete(topic);
    return undefined;
  };

  const begin = (topic: string): number | null => find(topic)?.since ?? null;

  return {
    covers: (topic) => find(topic) !== undefined,
    begin,
    coversSince(topic, event) {
      const since = begin(topic);
      return since !== null && since <= event;
    },
    enter(topic, newest) {
      sweep();
      const entry = find(topic);
      if (entry) entry.readers += 1;
      else entries.set(topic, { since: newest, readers: 1, forgetAt: 0 });
    },
    leave(topic) {
      const entry = entries.get(topic);
      if (!entry) return;
      entry.readers -= 1;
      entry.forgetAt = now() + REMEMBER_MS;
    },
    restart() {
      for (const entry of entries.values()) entry.since = 0;
    },
  };
}
