import type { WorkflowVoice } from '#activities/bookkeeping/locks.ts';
import type { Database } from '#db/client.ts';
import { closedWindows } from '#db/queries/calendars/closed-windows.ts';
import { type WaitingForWindow, waitingForWindows } from '#db/queries/calendars/waiting-for-windows.ts';
import { zoneData } from '#platform/zone-data.ts';
import { WINDOW_SIGNAL } from '#workflows/messages.ts';

/** Waits looked at in one round; those beyond look by themselves. */
const AT_ONCE = 2_000;

/** Has runs look at once at windows that open at another time than they know, since a target or a calendar was changed. */
export async function relayWindows({ sql }: Pick<Database, 'sql'>, voice: WorkflowVoice): Promise<void> {
  const waiting = await waitingForWindows(sql, AT_ONCE);
  for (const [project, together] of Map.groupBy(waiting, (one) => one.project)) {
    const now = Date.now();
    const closed = await closedWindows(
      sql,
      project,
      together.map(({ target }) => target),
      zoneData(),
      now,
    );
    const opensAt = new Map(closed.map((one) => [one.target, one.opensAt]));
    const mistaken = together.filter((one) => isMistaken(one, opensAt, now));
    for (const workflow of new Set(mistaken.map(({ workflow_id }) => workflow_id))) await voice.signal(workflow, WINDOW_SIGNAL, {});
  }
}

/** True when what a run knows is not so; one whose moment has come looks by itself. */
function isMistaken({ target, opens_at }: WaitingForWindow, closed: ReadonlyMap<string, number | null>, now: number): boolean {
  const known = opens_at === null ? null : Date.parse(opens_at);
  if (known !== null && known <= now) return false;
  return !closed.has(target) || closed.get(target) !== known;
}
