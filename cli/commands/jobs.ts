import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';

interface Listed {
  readonly name: string;
  readonly version: number;
  readonly title: string | null;
  readonly active: boolean;
}

/** Prints the jobs by name, a line each. */
export async function jobsCommand(
  api: ApiClient,
  { names, json }: { readonly names?: boolean; readonly json?: boolean },
  say: (line: string) => void,
): Promise<number> {
  let after: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '200', ...(after !== null && { after }) });
    const { body }: { body: { items: Listed[]; next: string | null } } = await api.ask('GET', `/jobs?${query}`);
    if (json) say(JSON.stringify(body));
    else for (const job of body.items) say(names ? job.name : lineOf(job));
    after = body.next;
  } while (after !== null);
  return EXIT.completed;
}

const lineOf = ({ name, version, title, active }: Listed): string =>
  `${name.padEnd(32)} v${String(version).padEnd(5)} ${active ? '' : '(off) '}${title ?? ''}`.trimEnd();
