import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordCommands } from '#db/queries/record-commands.ts';
import { recordTransfers } from '#db/queries/record-transfers.ts';
import { accept } from '#db/testing/runs.ts';
import { type Installation, startInstallation } from './testing/installation.ts';

let api: Installation;
const run = uuidv7();
beforeAll(async () => {
  api = await startInstallation();
  await accept(api.database.sql, { run });
});
afterAll(() => api.close());

const AT = '2026-01-02T03:04:05.000Z';
const command = (number: number, also: object = {}) => ({
  run,
  key: 'show[1]',
  attempt: 1,
  number,
  target: 'core-1',
  command: `show ${number}`,
  output: `output ${number}\n`,
  error: '',
  exit_code: 0,
  executed_at: AT,
  duration_ms: 7,
  parsed: [{ interface: 'eth0' }],
  first_line: null,
  last_line: null,
  ...also,
});

type Page = { readonly items: readonly { readonly number: number }[]; readonly next: string | null };
const path = (what: string, query = '') => `/runs/${run}/steps/${encodeURIComponent('show[1]')}/${what}${query}`;

test('the commands of a step are read in order, page by page', async () => {
  await recordCommands(
    api.database.sql,
    [3, 1, 2].map((number) => command(number)),
  );
  await recordCommands(api.database.sql, [command(1, { attempt: 2 }), command(1, { key: 'other' })]);
  const first = await api.call<Page>('GET', path('commands', '?limit=2'), { token: api.tokens.viewer });
  expect(first.body.items).toMatchObject([
    {
      attempt: 1,
      number: 1,
      command: 'show 1',
      output: 'output 1\n',
      exit_code: 0,
      executed_at: AT,
      duration_ms: 7,
      parsed: [{ interface: 'eth0' }],
      first_line: null,
      last_line: null,
    },
    { attempt: 1, number: 2 },
  ]);
  const second = await api.call<Page>('GET', path('commands', `?limit=2&after=${first.body.next}`));
  expect([second.body.items, second.body.next]).toMatchObject([
    [
      { attempt: 1, number: 3 },
      { attempt: 2, number: 1 },
    ],
    null,
  ]);
  expect((await api.call('GET', path('commands', '?after=nonsense'))).status).toBe(400);
  expect((await api.call('GET', `/runs/${uuidv7()}/steps/x/commands`)).status).toBe(404);
});

test('the files of a step show how far they are', async () => {
  const transfer = {
    run,
    key: 'show[1]',
    attempt: 1,
    number: 1,
    target: 'core-1',
    operation_type: 'upload',
    local_path: '/srv/a',
    remote_path: 'a',
    file_size: 2_000,
    bytes_transferred: 500,
    transfer_rate_bps: 8_000,
    status: 'running',
    started_at: AT,
    completed_at: null,
    error_message: null,
    resumed_from: 100,
    sha256: null,
  } as const;
  await recordTransfers(api.database.sql, [transfer]);
  const { run: _, ...shown } = transfer;
  expect((await api.call<Page>('GET', path('transfers'))).body).toEqual({ items: [{ run_id: run, ...shown }], next: null });
  expect((await api.call<Page>('GET', path('transfers', '?status=running'))).body.items).toHaveLength(1);
  expect((await api.call<Page>('GET', path('transfers', '?status=failed'))).body.items).toEqual([]);
  expect((await api.call('GET', path('transfers', '?status=lost'))).status).toBe(400);
});

test('the connections of a step are shown with what went over them', async () => {
  const session = uuidv7();
  await api.database.sql`
    insert into ssh_sessions (session_id, target, host, port, username, hops, worker_id, connection_established_at, commands_executed)
    values (${session}, 'core-1', '10.0.0.1', 22, 'ops', '[]', 'w-1', ${AT}, 3)`;
  await api.database.sql`insert into session_uses (run_id, key, session_id) values (${run}, 'show[1]', ${session})`;
  expect((await api.call<Page>('GET', path('sessions'))).body).toMatchObject({
    items: [{ session_id: session, username: 'ops', commands_executed: 3, connection_closed_at: null, hops: [] }],
  });
});

test('whoever follows a run hears that its commands and files moved on', async () => {
  const reading = new AbortController();
  const stream = await fetch(`${api.url}/api/v1/events?topics=run:${run}`, {
    headers: { authorization: `Bearer ${api.tokens.viewer}` },
    signal: reading.signal,
  });
  const seen = (async () => {
    let text = '';
    for await (const bytes of stream.body ?? []) {
      text += new TextDecoder().decode(bytes);
      if (text.includes('"commands":"show[1]"')) return text;
    }
    return text;
  })();
  await recordCommands(api.database.sql, [command(9)]);
  expect(await seen).toContain(`"topic":"run:${run}"`);
  reading.abort();
});
