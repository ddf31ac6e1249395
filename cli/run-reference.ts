import type { RunSummary } from '#api/views/run.ts';
import type { ApiClient } from './api-client.ts';
import { CommandFailed, EXIT } from './exit-codes.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of the run that a person means: its id, or its number as lists show it, `#42` or `42`. */
export async function runId(api: ApiClient, text: string): Promise<string> {
  if (UUID.test(text)) return text.toLowerCase();
  const number = /^#?([1-9]\d{0,14})$/.exec(text)?.[1];
  if (number === undefined) throw new CommandFailed(EXIT.usage, `${text} is no run; give its number (#42) or its id`);
  const { body } = await api.ask<{ items: RunSummary[] }>('GET', `/runs?number=${number}&limit=1`);
  const [run] = body.items;
  if (!run) throw new CommandFailed(EXIT.not_found, `no run #${number}`);
  return run.id;
}
