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

/** Follows a run live to its end, through lost connections and restarts of the API, and answers how it ended. */
export async function follow(api: ApiClient, id: string, watcher: Watcher): Promise<RunView> {
  const topics = watcher.log ? [`run:${id}`, `log:${id}`] : [`run:${id}`];
  let last: string | null = null;
  let reached = Date.now();
  for (;;) {
    try {
      for await (const event of api.events(topics, last)) {
        // A stream that starts without a place to go on from, or says that it has a gap: the truth is read anew.
        const anew = last === null || event.event === 'resync';
        last = event.id ?? last;
        reached = Date.now();
        if (await hear(api, id, watcher, event, anew)) return (await api.ask<RunView>('GET', `/runs/${id}`)).body;
      }
    } catch (error) {
      if (!(error instanceof CommandFailed) && !(error instanceof TypeError)) throw error;
      if (error instanceof CommandFailed && error.code !== EXIT.unreachable) throw error;
      if (Date.now() - reached > PATIENCE_MS) throw error;
    }
    await sleep(500);
  }
}

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
