import { setTimeout as sleep } from 'node:timers/promises';
import type { ChecksReport, CheckView } from '#api/views/check.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { targetsOf } from '../target-option.ts';

/** Longest wait for workers to have looked at all targets. */
const PATIENCE_MS = 300_000;

/** Has targets looked at; 1 when one is not well, or nobody could look at it. */
export async function checkCommand(
  api: ApiClient,
  selector: string,
  { json }: { readonly json?: boolean },
  say: (line: string) => void,
): Promise<number> {
  const startedAt = new Date().toISOString();
  const { body } = await api.ask<ChecksReport>('POST', '/targets/check', { body: { target: targetsOf(selector) } });
  const { items, pending } = await untilDone(api, body, startedAt);
  if (json) say(JSON.stringify({ items, pending }));
  else {
    for (const check of items) say(checkLine(check));
    for (const name of pending) say(`${name.padEnd(28)} unknown     no worker has looked at it yet`);
  }
  return pending.length > 0 || items.some(({ healthy }) => !healthy) ? EXIT.failed : EXIT.completed;
}

/** Waits for those that were not done when the API answered. */
async function untilDone(api: ApiClient, first: ChecksReport, startedAt: string): Promise<ChecksReport> {
  const items = [...first.items];
  let pending = [...first.pending];
  for (const giveUpAt = Date.now() + PATIENCE_MS; pending.length > 0 && Date.now() < giveUpAt; await sleep(1_000)) {
    for (const name of [...pending]) {
      const { body } = await api.ask<{ items: CheckView[] }>('GET', `/targets/${encodeURIComponent(name)}/checks?limit=1`);
      const [newest] = body.items;
      if (newest === undefined || newest.at < startedAt) continue;
      items.push(newest);
      pending = pending.filter((other) => other !== name);
    }
  }
  return { items: items.sort((a, b) => (a.target < b.target ? -1 : 1)), pending };
}

const checkLine = ({ target, healthy, stage, error, latency_ms }: CheckView): string =>
  `${target.padEnd(28)} ${healthy ? `healthy     ${latency_ms ?? '?'} ms` : `unhealthy   ${stage}: ${error?.type}: ${error?.message}`}`;
