import type { WorkflowVoice } from '#activities/bookkeeping/locks.ts';
import type { Database } from '#db/client.ts';
import { closedWindows } from '#db/queries/calendars/closed-windows.ts';
import { type WaitingForWindow, waitingForWindows } from '#db/queries/calendars/waiting-for-windows.ts';
import { zoneData } from '#platform/zone-data.ts';
import { WINDOW_SIGNAL } from '#workflows/messages.ts';

/** Targets whose windows are looked at in one round; those who wait for others look by themselves. */
const AT_ONCE = 10_000;

/**
 * Has runs look, each time it is called, at windows that open at another time than they know, since a target or a calendar was changed. A run is told
 * once of each such time: what it cannot act upon now, paused as it may be, would else fill its history.
 */
export function createWindowRelay({ sql }: Pick<Database, 'sql'>, voice: WorkflowVoice): () => Promise<void> {
  let told: ReadonlySet<string> = new Set();
  return async () => {
    const mistaken = await mistakenAbout(sql);
    const unheard = mistaken.filter(({ what }) => !told.has(what));
    for (const workflow of new Set(unheard.map(({ workflow }) => workflow))) await voice.signal(workflow, WINDOW_SIGNAL, {});
    told = new Set(mistaken.map(({ what }) => what));
  };
}

interface Mistake {
  readonly workflow: string;
  /** Of which target it knows what, and what is so. */
  readonly what: string;
}

async function mistakenAbout(sql: Database['sql']): Promise<readonly Mistake[]> {
  const waiting = await waitingForWindows(sql, AT_ONCE);
  const now = Date.now();
  const mistakes: Mistake[] = [];
  for (const [project, together] of Map.groupBy(waiting, (one) => one.project)) {
    const targets = together.map(({ target }) => target);
    const closed = await closedWindows(sql, project, targets, zoneData(), now);
    const opensAt = new Map(closed.map((one) => [one.target, one.opensAt]));
    for (const one of together) {
      if (!isMistaken(one, opensAt, now)) continue;
      const isSo = opensAt.has(one.target) ? opensAt.get(one.target) : 'open';
      for (const workflow of one.workflows) mistakes.push({ workflow, what: JSON.stringify([workflow, one.target, one.opens_at, isSo]) });
    }
  }
  return mistakes;
}

/** True when what a run knows is not so; one whose moment has come looks by itself. */
function isMistaken({ target, opens_at }: WaitingForWindow, closed: ReadonlyMap<string, number | null>, now: number): boolean {
  const known = opens_at === null ? null : Date.parse(opens_at);
  if (known !== null && known <= now) return false;
  return !closed.has(target) || closed.get(target) !== known;
}
