import type { ScanView } from '#api/views/check.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';

export interface ScanOptions {
  readonly accept: readonly string[];
  readonly acceptNew?: boolean;
}

/** Shows the keys a host offers and pins those that are accepted. */
export async function scanCommand(
  api: ApiClient,
  target: string,
  { accept, acceptNew = false }: ScanOptions,
  say: (line: string) => void,
): Promise<number> {
  const path = `/targets/${encodeURIComponent(target)}/scan`;
  const scan = async (fingerprints: readonly string[]) => (await api.ask<ScanView>('POST', path, { body: { accept: fingerprints } })).body;
  const first = await scan(accept);
  const fresh = acceptNew ? first.items.filter(({ state }) => state === 'new').map(({ fingerprint }) => fingerprint) : [];
  const shown = fresh.length > 0 ? await scan(fresh) : first;
  say(`${shown.target}: ${shown.server_version ?? 'unknown server'}`);
  for (const { type, fingerprint, state, accepted } of shown.items)
    say(`  ${type.padEnd(20)} ${fingerprint}  ${state}${accepted ? ', just now' : ''}`);
  return EXIT.completed;
}
