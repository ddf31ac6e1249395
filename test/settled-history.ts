import type { Client } from '@temporalio/client';
import { eventually } from './api-client.ts';
import { historyToJson } from './histories/json.ts';

type Events = { readonly events: readonly { readonly eventType: string }[] };

/** Looks in a row, 50 ms apart, that have to agree. */
const CALM_LOOKS = 10;

/**
 * What a run's history tells, event by event, once no workflow task is under way and nothing more comes. Workflow tasks are
 * left out: Temporal keeps the one that looked at a refused update when it was slow, which is no trace of the refusal.
 */
export async function settledHistory(temporal: Client, run: string): Promise<readonly string[]> {
  const handle = temporal.workflow.getHandle(`run:${run}`);
  const looks: string[] = [];
  const look = async () => {
    const isBusy = Boolean((await handle.describe()).raw.pendingWorkflowTask);
    const { events } = historyToJson(await handle.fetchHistory()) as unknown as Events;
    const told = events.map(({ eventType }) => eventType).filter((type) => !type.includes('WORKFLOW_TASK'));
    looks.push(isBusy ? `busy ${looks.length}` : told.join());
    return told;
  };
  return eventually(look, () => looks.length >= CALM_LOOKS && new Set(looks.slice(-CALM_LOOKS)).size === 1, 20_000);
}
