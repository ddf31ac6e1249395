import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Installation, startInstallation } from './testing/installation.ts';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
});
afterAll(() => api.close());

interface Job {
  readonly name: string;
  readonly version: number;
  readonly source: string;
  readonly definition: { readonly steps: readonly object[] };
}
interface Refusal {
  readonly detail: string;
  readonly problems: readonly { readonly pointer: string; readonly message: string; readonly line?: number }[];
}

const yaml = (name: string, command = 'true') =>
  `# kept\nname: ${name}\nsteps:\n  - id: a\n    type: local.exec\n    config: { command: '${command}' }\n`;

test('a job is created from YAML, which is kept as written, comments and all', async () => {
  const source = yaml('from-yaml');
  const { status, headers, body } = await api.call<Job>('POST', '/jobs', { body: source });
  expect([status, headers.get('location'), body.version, body.source]).toEqual([201, '/api/v1/jobs/from-yaml', 1, source]);
});

test('a job is created from its text in JSON, and from the definition itself', async () => {
  const text = await api.call<Job>('POST', '/jobs', { body: { source: yaml('from-text'), message: 'first' } });
  expect([text.status, text.body]).toMatchObject([201, { name: 'from-text', message: 'first', format: 'yaml' }]);
  const data = { name: 'from-data', steps: [{ id: 'a', type: 'local.exec', config: { command: 'true' } }] };
  const made = await api.call<Job>('POST', '/jobs', { body: data });
  expect([made.status, made.body.definition]).toEqual([201, data]);
});

test('parameters are answered in the order they were typed', async () => {
  const names = ['zone', 'a', 'site', 'b'];
  const parameters = names.map((name) => `  ${name}: { type: string }\n`).join('');
  await api.call('POST', '/jobs', { body: `${yaml('ordered')}parameters:\n${parameters}` });
  const { body } = await api.call<{ definition: { parameters: object } }>('GET', '/jobs/ordered');
  expect(Object.keys(body.definition.parameters)).toEqual(names);
});

test('a definition with mistakes is refused with the place and line of each, and nothing is saved', async () => {
  const source = 'name: broken\nsteps:\n  - id: a\n    type: ssh.exce\n    retry: { delay: soon }\n';
  const { status, body } = await api.call<Refusal>('POST', '/jobs', { body: source });
  expect(status).toBe(422);
  expect(body.problems).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ pointer: '/steps/0/type', line: 4 }),
      expect.objectContaining({ pointer: '/steps/0/retry/delay', line: 5 }),
    ]),
  );
  expect((await api.call('GET', '/jobs/broken')).status).toBe(404);
});

test('a check says what is wrong and saves nothing', async () => {
  const good = await api.call('POST', '/jobs/validate', { body: yaml('checked') });
  expect([good.status, good.body]).toMatchObject([200, { valid: true, name: 'checked', problems: [] }]);
  const bad = await api.call('POST', '/jobs/validate', { body: 'steps: [' });
  expect([bad.status, bad.body.valid]).toEqual([200, false]);
  expect((await api.call('GET', '/jobs/checked')).status).toBe(404);
});

test('a name that is taken is a conflict', async () => {
  await api.call('POST', '/jobs', { body: yaml('twice') });
  const { status, body } = await api.call<Refusal>('POST', '/jobs', { body: yaml('twice') });
  expect([status, body.detail]).toEqual([409, 'there is already a job named "twice"']);
});

test('a save needs the state it was made from, makes the next version, and an unchanged text makes none', async () => {
  const { headers } = await api.call('POST', '/jobs', { body: yaml('growing') });
  const first = { 'if-match': headers.get('etag') ?? '' };
  expect((await api.call('PUT', '/jobs/growing', { body: yaml('growing', 'date') })).status).toBe(428);
  const second = await api.call<Job>('PUT', '/jobs/growing', { body: yaml('growing', 'date'), headers: first });
  expect([second.status, second.body.version]).toEqual([200, 2]);
  expect((await api.call('PUT', '/jobs/growing', { body: yaml('growing', 'id'), headers: first })).status).toBe(412);

  const same = await api.call<Job>('PUT', '/jobs/growing', {
    body: yaml('growing', 'date'),
    headers: { 'if-match': second.headers.get('etag') ?? '' },
  });
  expect([same.status, same.body.version]).toEqual([200, 2]);
  const versions = await api.call<{ items: { version: number; author: string }[] }>('GET', '/jobs/growing/versions');
  expect(versions.body.items).toMatchObject([
    { version: 2, author: 'admin' },
    { version: 1, author: 'admin' },
  ]);
  expect((await api.call<Job>('GET', '/jobs/growing/versions/1')).body).toMatchObject({
    version: 1,
    current_version: 2,
    source: yaml('growing'),
  });
  expect((await api.call('GET', '/jobs/growing/versions/3')).status).toBe(404);
});

test('of twenty saves made from one state at once, one wins', async () => {
  const { headers } = await api.call('POST', '/jobs', { body: yaml('contested') });
  const saves = Array.from({ length: 20 }, (_, i) =>
    api.call('PUT', '/jobs/contested', { body: yaml('contested', `echo ${i}`), headers: { 'if-match': headers.get('etag') ?? '' } }),
  );
  const statuses = (await Promise.all(saves)).map(({ status }) => status).sort();
  expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
});

test('a definition of another name cannot replace a job', async () => {
  const { headers } = await api.call('POST', '/jobs', { body: yaml('keeper') });
  const { status, body } = await api.call<Refusal>('PUT', '/jobs/keeper', {
    body: yaml('impostor'),
    headers: { 'if-match': headers.get('etag') ?? '' },
  });
  expect([status, body.detail]).toEqual([422, 'name: "impostor" cannot replace keeper; a job keeps its name']);
});

test('whoever has the current state is told so without it', async () => {
  const { headers } = await api.call('POST', '/jobs', { body: yaml('cached') });
  const etag = headers.get('etag') ?? '';
  expect((await api.call('GET', '/jobs/cached', { headers: { 'if-none-match': etag } })).status).toBe(304);
});

test('jobs are listed by name in pages that join without gap or repetition', async () => {
  for (let i = 0; i < 7; i++) await api.call('POST', '/jobs', { body: yaml(`page-${i}`) });
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const path: string = `/jobs?limit=3${after ? `&after=${after}` : ''}`;
    const { body } = await api.call<{ items: { name: string }[]; next: string | null }>('GET', path);
    seen.push(...body.items.map(({ name }) => name));
    after = body.next;
  } while (after);
  expect(seen).toEqual([...new Set(seen)].sort());
  expect(seen.filter((name) => name.startsWith('page-'))).toHaveLength(7);
});

test.each([
  ['/jobs?limit=0', 'limit'],
  ['/jobs?limit=201', 'limit'],
  ['/jobs?limit=ten', 'limit'],
  ['/jobs?after=nonsense', 'after'],
  ['/jobs?colour=red', 'colour'],
  ['/jobs?limit=1&limit=2', 'limit'],
  ['/runs?status=done', 'status'],
  ['/runs?sort=colour', 'sort'],
  ['/runs?since=yesterday-ish', 'since'],
])('%s is refused with the name of what is wrong', async (path, name) => {
  const { status, body } = await api.call<Refusal>('GET', path);
  expect(status).toBe(400);
  expect(body.detail).toContain(name);
});

test('a deleted job is gone, its name is free, and its versions stay', async () => {
  await api.call('POST', '/jobs', { body: yaml('brief') });
  expect((await api.call('DELETE', '/jobs/brief')).status).toBe(428);
  expect((await api.call('DELETE', '/jobs/brief', { headers: { 'if-match': '"9"' } })).status).toBe(412);
  expect((await api.call('DELETE', '/jobs/brief', { headers: { 'if-match': '"1"' } })).status).toBe(204);
  expect((await api.call('GET', '/jobs/brief')).status).toBe(404);
  expect((await api.call('POST', '/jobs', { body: yaml('brief') })).status).toBe(201);
  const [kept] = await api.database.sql<{ versions: number }[]>`
    select count(*) as versions from job_versions v join jobs j on j.id = v.job_id where j.name = 'brief'`;
  expect(kept).toEqual({ versions: 2 });
});

test('a body over the limit is refused before it is read', async () => {
  const { status, body } = await api.call<Refusal>('POST', '/jobs', { body: `name: big # ${'x'.repeat(1_100_000)}` });
  expect([status, body.detail]).toEqual([413, 'the body is larger than 1048576 bytes']);
});

test('a body of another type, and JSON that is none, are refused with what was expected', async () => {
  const form = await api.call<Refusal>('POST', '/jobs', { body: 'name=x', headers: { 'content-type': 'text/plain' } });
  expect(form.status).toBe(415);
  const broken = await api.call<Refusal>('POST', '/targets', { body: '{"name":', headers: { 'content-type': 'application/json' } });
  expect([broken.status, broken.body.detail]).toEqual([400, expect.stringContaining('the body is not JSON')]);
});

test('every change of a job sent twice with its key is made once and answered the same, whatever stands there by then', async () => {
  const versions = async () => (await api.call<{ items: object[] }>('GET', '/jobs/once/versions')).body.items.length;
  const twice = async (method: string, path: string, body?: unknown, headers: { readonly [name: string]: string } = {}) => {
    const keyed = { ...headers, 'idempotency-key': `${method} ${path} ${headers['if-match'] ?? ''}` };
    // Both at once, and once more when it is long over.
    const both = await Promise.all([0, 1].map(() => api.call<Job>(method, path, { body, headers: keyed })));
    const [first, ...again] = [...both, await api.call<Job>(method, path, { body, headers: keyed })];
    for (const other of again) {
      const { version, name } = other.body ?? {};
      expect([other.status, name, version]).toEqual([first?.status, first?.body?.name, first?.body?.version]);
    }
    return { status: first?.status, etag: first?.headers.get('etag') ?? '', body: first?.body };
  };
  const made = await twice('POST', '/jobs', yaml('once'));
  expect([made.status, await versions()]).toEqual([201, 1]);
  const saved = await twice('PUT', '/jobs/once', yaml('once', 'date'), { 'if-match': made.etag });
  expect([saved.status, await versions()]).toEqual([200, 2]);
  expect((await twice('POST', '/jobs/once/rollback', { version: 1 })).body?.version).toBe(3);
  expect(await versions()).toBe(3);
  expect((await twice('POST', '/jobs/once/clone', { name: 'once-more' })).status).toBe(201);
  expect((await twice('PUT', '/jobs/once/tags/stable', { version: 1 }, { 'if-match': '"0"' })).status).toBe(412);
  expect((await twice('PUT', '/jobs/once/tags/stable', { version: 1 })).status).toBe(204);
  expect((await twice('DELETE', '/jobs/once/tags/stable')).status).toBe(204);
  const { headers } = await api.call('GET', '/jobs/once');
  const off = await twice('PATCH', '/jobs/once', { active: false }, { 'if-match': headers.get('etag') ?? '' });
  expect(off.status).toBe(200);
  expect((await twice('DELETE', '/jobs/once', undefined, { 'if-match': off.etag })).status).toBe(204);
  const [trashed] = (await api.call<{ items: { id: string }[] }>('GET', '/jobs/trash?limit=1')).body.items;
  expect((await twice('POST', `/jobs/trash/${trashed?.id}/restore`)).status).toBe(200);

  const bundle = async (text: string) => {
    const answer = await api.call('POST', '/jobs/import?on_conflict=rename', { body: text, headers: { 'idempotency-key': 'bundle' } });
    return [answer.status, answer.body.items];
  };
  const [status, items] = await bundle(yaml('once'));
  expect([status, items]).toMatchObject([200, [{ action: 'renamed', saved_as: 'once-2' }]]);
  expect(await bundle(yaml('once'))).toEqual([200, items]);
  expect((await bundle(yaml('another')))[0]).toBe(409);
  expect((await api.call<{ items: object[] }>('GET', '/jobs?q=once')).body.items).toHaveLength(3);
});

test('a refused import leaves its key free', async () => {
  await api.call('POST', '/jobs', { body: yaml('in-the-way') });
  const bundle = () => api.call('POST', '/jobs/import', { body: yaml('in-the-way'), headers: { 'idempotency-key': 'refused' } });
  expect((await bundle()).status).toBe(409);
  await api.call('DELETE', '/jobs/in-the-way', { headers: { 'if-match': '*' } });
  expect([(await bundle()).status, (await bundle()).status]).toEqual([200, 200]);
});

test('every change of a job stands in the audit with who, what and the request', async () => {
  const made = await api.call('POST', '/jobs', { body: { source: yaml('audited'), message: 'because' } });
  const { body } = await api.call<{ items: object[] }>('GET', '/audit?subject_kind=job&subject=audited');
  expect(body.items).toMatchObject([
    { actor: 'admin', action: 'job.create', after: { version: 1 }, reason: 'because', request_id: made.headers.get('x-request-id') },
  ]);
});
