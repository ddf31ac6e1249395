import type { z } from 'zod';
import type { Lineage } from '#api/views/lineage.ts';
import { STATUS_LOOK } from '#jobs/run-state.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { runId } from '../run-reference.ts';

type Node = z.infer<typeof Lineage>['items'][number];

const WORDS = { origin: '', retry: 'retry', rerun: 're-run', sub_run: 'run by', chained: 'started by the end' } as const;

/** Prints the tree of runs that a run belongs to, each below the one it came from. */
export async function lineageCommand(
  api: ApiClient,
  run: string,
  { json }: { readonly json?: boolean },
  say: (line: string) => void,
): Promise<number> {
  const id = await runId(api, run);
  const { body } = await api.ask<z.infer<typeof Lineage>>('GET', `/runs/${id}/lineage`);
  if (json) say(JSON.stringify(body));
  else {
    const known = new Set(body.items.map((node) => node.id));
    const below = Map.groupBy(body.items, ({ of }) => (of !== null && known.has(of) ? of : null));
    for (const line of linesOf(below, null, 0, id)) say(line);
    if (body.truncated) say('and more');
  }
  return EXIT.completed;
}

function* linesOf(below: ReadonlyMap<string | null, readonly Node[]>, of: string | null, depth: number, own: string): Generator<string> {
  for (const node of below.get(of) ?? []) {
    const from = node.from === null ? '' : ` from ${node.from.join(', ')}`;
    const how = [WORDS[node.relation] + from, node.parent_key].filter((word) => word).join(' ');
    const word = STATUS_LOOK[node.status].word.toLowerCase();
    yield `${'  '.repeat(depth)}${node.id === own ? '*' : ' '} #${node.number} ${node.job} v${node.version ?? '-'} ${word}${how ? `  (${how})` : ''}`;
    yield* linesOf(below, node.id, depth + 1, own);
  }
}
