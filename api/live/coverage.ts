/** How long a topic nobody follows any more is still recorded, so that a reader who reconnects misses nothing. */
const REMEMBER_MS = 60_000;

/** Which topics are recorded, and since which event. */
export interface Coverage {
  /** True while someone follows the topic, or did a minute ago. */
  covers(topic: string): boolean;
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

  const find = (topic: string) => {
    const entry = entries.get(topic);
    if (!entry || entry.readers > 0 || entry.forgetAt > now()) return entry;
    entries.delete(topic);
    return undefined;
  };

  return {
    covers: (topic) => find(topic) !== undefined,
    coversSince(topic, event) {
      const entry = find(topic);
      return entry !== undefined && entry.since <= event;
    },
    enter(topic, newest) {
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
