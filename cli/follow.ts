import { setTimeout as sleep } from 'node:timers/promises';
import type { RunView } from '#api/views/run.ts';
import type { StepView } from '#api/views/step.ts';
import { hasEnded } from '#jobs/run-state.ts';
import type { ApiClient, LiveEvent } from './api-client.ts';
import { CommandFailed, EXIT } from './exit-codes.ts';

const PATIENCE_MS = 60_000;

/** What whoever follows a run is told. */
export interface Watcher {
  /** Every step as it stands, after each change and each gap. */
  step(step: StepView): void | Promise<void>;
  /** A step's log has grown to this line. */
  log?(key: string): void | Promise<void>;
}

/** How far a run was followed. */
interface Place {
  last: string | null;
  reachedAt: number;
}

/** Follows a run live to its end, through lost connections and restarts of the API, and answers how it ended. */
export async function follow(api: ApiClient, id: string, watcher: Watcher): Promise<RunView> {
  const place: Place = { last: null, reachedAt: Date.now() };
  while (!(await followOnce(api, id, watcher, place))) await sleep(500);
  return (await api.ask<RunView>('GET', `/runs/${id}`)).body;
}

/** Follows over one connection; true when the run has ended, false when the connection has. */
async function followOnce(api: ApiClient, id: string, watcher: Watcher, place: Place): Promise<boolean> {
  const topics = watcher.log ? [`run:${id}`, `log:${id}`] : [`run:${id}`];
  try {
    for await (const event of api.events(topics, place.last)) {
      // A stream that starts without a place to go on from, or says that it has a gap: the truth is read anew.
      const anew = place.last === null || event.event === 'resync';
      place.last = event.id ?? place.last;
      place.reachedAt = Date.now();
      if (await hear(api, id, watcher, event, anew)) return true;
    }
  } catch (error) {
    if (!isLostConnection(error) || Date.now() - place.reachedAt > PATIENCE_MS) throw error;
  }
  return false;
}

/** A refusal stands; an API that does not answer, or a stream cut in its middle, may come back. */
const isLostConnection = (error: unknown): boolean =>
  error instanceof CommandFailed ? error.code === EXIT.unreachable : error instanceof TypeError;

/** Passes one event on; true when the run has ended. */
async function hear(api: ApiClient, id: string, watcher: Watcher, { data }: LiveEvent, anew: boolean): Promise<boolean> {
  const { run, step, key } = data as { run?: RunView; step?: StepView; key?: string };
  const ended = anew ? hasEnded((await api.ask<RunView>('GET', `/runs/${id}`)).body.status) : run !== undefined && hasEnded(run.status);
  if (anew || ended) {
    const { items } = (await api.ask<{ items: StepView[] }>('GET', `/runs/${id}/steps`)).body;
    for (const each of items) await watcher.step(each);
    for (const each of items) await watcher.log?.(each.key);
  } else if (step) await watcher.step(step);
  else if (key !== undefined) await watcher.log?.(key);
  return ended;
}
