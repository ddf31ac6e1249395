import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { STEP_SPECS } from '#activities/catalog.ts';
import { purgeSome } from '#db/queries/purge-jobs.ts';
import { recordRuns } from '#db/queries/record-runs.ts';
import { saveJob } from '#db/queries/save-job.ts';
import { record } from '#db/testing/runs.ts';
import { compile } from '#jobs/compile.ts';
import { parseDefinition } from '#jobs/definition.ts';
import { type Installation, startInstallation } from './testing/installation.ts';
import {
  Categories,
  Dependants,
  JobDiff,
  JobHealth,
  JobImportReport,
  JobSaved,
  JobTagView,
  JobTemplates,
  JobView,
  TrashedJobView,
  Validation,
} from './views/job.ts';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
});
afterAll(() => api.close());

interface Refusal {
  readonly detail: string;
  readonly type: string;
  readonly problems: readonly { readonly pointer: string; readonly message: string; readonly line?: number }[];
}
interface Saved {
  readonly name: string;
  readonly version: number;
  readonly source: string;
  readonly hash: string;
  readonly message: string | null;
  readonly active: boolean;
  readonly is_new_version: boolean;
  readonly definition: { readonly name: string };
}
interface Report {
  readonly saved: boolean;
  readonly counts: { readonly [action: string]: number };
  readonly items: readonly {
    readonly name: string;
    readonly action: string;
    readonly saved_as: string | null;
    readonly line: number;
    readonly problems: readonly { readonly message: string; readonly line?: number }[];
  }[];
}

const yaml = (name: string, { command = 'true', more = '' } = {}) =>
  `name: ${name}\n${more}steps:\n  - id: a\n    type: local.exec\n    config: { command: '${command}' }\n`;
const anyState = { 'if-match': '*' };
const make = async (source: string) => {
  const answer = await api.call<Saved & Refusal>('POST', '/jobs', { body: source });
  expect([answer.status, answer.body.detail]).toEqual([201, undefined]);
  return answer;
};
const put = (name: string, source: string) => api.call<Saved>('PUT', `/jobs/${name}`, { body: source, headers: anyState });
const actionsOf = async (name: string) =>
  (await api.call<{ items: { action: string; reason: string | null }[] }>('GET', `/audit?subject_kind=job&subject=${name}`)).body.items.map(
    ({ action }) => action,
  );
/** A run of a job that has ended, by the database alone. */
async function endedRun(name: string): Promise<string> {
  const { body } = await api.call<{ id: string }>('POST', `/jobs/${name}/runs`, { body: {} });
  await recordRuns(api.database.sql, [record(body.id, 1_000_000, 'completed')]);
  return body.id;
}

describe('versions', () => {
  test('another text that says the same makes none, says so, and shows what is kept', async () => {
    const first = await make(yaml('meaning'));
    const same = await put('meaning', `# a comment\nsteps: [{ type: local.exec, config: { command: "true" }, id: a }]\nname: meaning\n`);
    expect([same.status, same.body.is_new_version, same.body.version, same.body.source]).toEqual([200, false, 1, yaml('meaning')]);
    expect(same.body.hash).toBe(first.body.hash);
    const changed = await put('meaning', yaml('meaning', { command: 'date' }));
    expect([changed.body.is_new_version, changed.body.version]).toEqual([true, 2]);
    expect(changed.body.hash).not.toBe(first.body.hash);
    expect(await actionsOf('meaning')).toEqual(['job.save', 'job.create']);
  });

  test('a check says which version a save would make, and makes none', async () => {
    const would = async (source: string) => (await api.call('POST', '/jobs/validate', { body: source })).body.would;
    expect(await would(yaml('asked'))).toEqual({ action: 'create', version: 1 });
    await make(yaml('asked'));
    expect(await would(yaml('asked'))).toEqual({ action: 'nothing', version: 1 });
    expect(await would(yaml('asked', { command: 'date' }))).toEqual({ action: 'new_version', version: 2 });
    expect(await would('steps: [')).toBeNull();
    const ring = (name: string, job: string) => `name: ${name}\nsteps:\n  - { id: a, type: job.run, config: { job: ${job} } }\n`;
    await make(ring('ring-a', 'ring-b'));
    const itself = await api.call<Refusal & { valid: boolean }>('POST', '/jobs/validate', { body: ring('ring-b', 'ring-a') });
    expect([itself.body.valid, itself.body.problems.map(({ message }) => message)]).toEqual([
      false,
      [expect.stringContaining('ring-b → ring-a → ring-b')],
    ]);
    expect((await api.call('POST', '/jobs', { body: ring('ring-b', 'ring-a') })).status).toBe(422);
    expect((await api.call('POST', '/jobs/import?dry_run=true', { body: ring('ring-b', 'ring-a') })).status).toBe(422);
    expect((await api.call<Saved>('GET', '/jobs/asked')).body.version).toBe(1);
  });

  test('two of them are compared by what they say and by their lines, and secrets stay covered', async () => {
    const source = (value: string, more = '', command = 'true') =>
      yaml('compared', { command, more: `${more}parameters:\n  pin: { type: string, secret: true, default: ${value} }\n` });
    // Saved past the check, which may refuse the default of a secret; older versions may have one.
    const keep = (text: string, expected: number | null) => {
      const { definition } = parseDefinition(text, STEP_SPECS);
      const job = { source: text, format: 'yaml', definition, plan: compile(definition, STEP_SPECS), hash: '' } as const;
      return saveJob(api.database.sql, 'default', job, expected, { actor: 'test', request_id: null });
    };
    await keep(source('canary-1'), null);
    await keep(source('canary-2', 'title: New\n', 'date'), 1);
    const { status, body } = await api.call('GET', '/jobs/compared/diff');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      from: 1,
      to: 2,
      definition: {
        fields: [{ pointer: '/parameters/pin/default' }, { pointer: '/title', after: 'New' }],
        steps: { changed: [{ id: 'a', fields: [{ pointer: '/config/command', before: 'true', after: 'date' }] }] },
      },
    });
    expect(JSON.stringify(body)).not.toContain('canary');
    expect(JSON.stringify((body as { text: unknown }).text)).toContain('title: New');
    expect((await api.call('GET', '/jobs/compared/diff?from=1&to=9')).status).toBe(404);
    expect((await api.call('GET', '/jobs/compared/diff?from=nothing')).status).toBe(404);
  });

  test('an older one is rolled back to by a new one that says the same', async () => {
    await make(yaml('rolled'));
    await put('rolled', yaml('rolled', { command: 'date' }));
    const stale = { body: { version: 1 }, headers: { 'if-match': '"1"' } };
    expect((await api.call('POST', '/jobs/rolled/rollback', stale)).status).toBe(412);
    const back = await api.call<Saved>('POST', '/jobs/rolled/rollback', { body: { version: 1, note: 'date was wrong' } });
    expect([back.status, back.body.version, back.body.source, back.body.message]).toEqual([200, 3, yaml('rolled'), 'date was wrong']);
    const again = await api.call<Saved>('POST', '/jobs/rolled/rollback', { body: { version: 3 } });
    expect([again.body.is_new_version, again.body.version]).toEqual([false, 3]);
    expect((await api.call('POST', '/jobs/rolled/rollback', { body: { version: 9 } })).status).toBe(404);
  });

  test('a tag stands for one, moves with its history, and is no number', async () => {
    await make(yaml('tagged'));
    await put('tagged', yaml('tagged', { command: 'date' }));
    const tag = (name: string, body: object, headers = {}) => api.call<Refusal>('PUT', `/jobs/tagged/tags/${name}`, { body, headers });
    expect((await tag('stable', { version: 1, note: 'tried' })).status).toBe(204);
    expect((await tag('stable', { version: 2 }, { 'if-match': '"2"' })).status).toBe(412);
    expect((await tag('stable', { version: 2 }, { 'if-match': '"1"' })).status).toBe(204);
    expect((await tag('stable', { version: 2 })).status).toBe(204);
    expect((await tag('7', { version: 1 })).status).toBe(422);
    expect((await tag('stable', { version: 9 })).body.detail).toContain('version 9');
    expect((await api.call<Saved>('GET', '/jobs/tagged/tags/stable')).body).toMatchObject({ version: 2, current_version: 2 });
    expect((await api.call('GET', '/jobs/tagged/diff?from=1&to=stable')).body).toMatchObject({ from: 1, to: 2 });
    expect((await api.call<{ items: object[] }>('GET', '/jobs/tagged/versions')).body.items).toMatchObject([
      { version: 2, tags: ['stable'] },
      { version: 1, tags: [] },
    ]);
    expect((await api.call('DELETE', '/jobs/tagged/tags/stable')).status).toBe(204);
    expect((await api.call('DELETE', '/jobs/tagged/tags/stable')).status).toBe(404);
    expect((await api.call('GET', '/jobs/tagged/tags')).body).toMatchObject({
      items: [],
      moves: [
        { tag: 'stable', from_version: 2, to_version: null, actor: 'admin' },
        { tag: 'stable', from_version: 1, to_version: 2, actor: 'admin' },
        { tag: 'stable', from_version: null, to_version: 1, actor: 'admin', note: 'tried' },
      ],
    });
    expect(await actionsOf('tagged')).toEqual(['job.untag', 'job.tag', 'job.tag', 'job.save', 'job.create']);
  });
});

describe('the switch', () => {
  test('a job that is off is not started, whether a definition or a person said so', async () => {
    const { headers } = await make(yaml('lamp'));
    const earlier = await api.call<{ id: string }>('POST', '/jobs/lamp/runs', { body: {} });
    const seen = { 'if-match': headers.get('etag') ?? '' };
    expect((await api.call('PATCH', '/jobs/lamp', { body: { active: false } })).status).toBe(428);
    const off = await api.call<Saved>('PATCH', '/jobs/lamp', { body: { active: false, note: 'noisy' }, headers: seen });
    expect([off.status, off.body.active, off.body.version]).toEqual([200, false, 1]);
    expect((await api.call('PATCH', '/jobs/lamp', { body: { active: true }, headers: seen })).status).toBe(412);
    const refused = await api.call<Refusal>('POST', '/jobs/lamp/runs', { body: {} });
    expect([refused.status, refused.body.detail]).toEqual([409, 'job lamp is switched off']);
    const again = await api.call<Refusal>('POST', `/runs/${earlier.body.id}/retry`);
    expect([again.status, again.body.detail]).toEqual([409, 'job lamp is switched off']);
    expect((await put('lamp', yaml('lamp', { command: 'date' }))).body).toMatchObject({ version: 2, active: false });
    expect((await put('lamp', yaml('lamp', { more: 'active: false\n' }))).body).toMatchObject({ version: 3, active: false });
    expect((await put('lamp', yaml('lamp', { more: 'active: true\n' }))).body).toMatchObject({ version: 4, active: true });
    expect((await api.call('POST', '/jobs/lamp/runs', { body: {} })).status).toBe(202);
    await make(yaml('dark', { more: 'active: false\n' }));
    expect((await api.call('POST', '/jobs/dark/runs', { body: {} })).status).toBe(409);
    const { body } = await api.call<{ items: { name: string }[] }>('GET', '/jobs?active=false');
    expect(body.items.map(({ name }) => name)).toEqual(['dark']);
    expect(await actionsOf('lamp')).toContain('job.switch');
  });
});

describe('the health of a job', () => {
  test('is found on demand, kept for lists, and unknown after the next save', async () => {
    await make(yaml('well'));
    await make('name: ill\nsteps:\n  - { id: a, type: ssh.exec, target: no-such-host, config: { command: "true" } }\n');
    expect((await api.call('GET', '/jobs/well/health')).body).toEqual({ name: 'well', version: 1, health: 'ok', findings: [] });
    expect((await api.call('GET', '/jobs/ill/health')).body).toMatchObject({
      health: 'broken',
      findings: [{ pointer: '/steps/0/target', severity: 'error', message: expect.stringContaining('there is no target "no-such-host"') }],
    });
    const names = async (health: string) =>
      (await api.call<{ items: { name: string }[] }>('GET', `/jobs?health=${health}`)).body.items.map(({ name }) => name);
    expect(await names('broken')).toEqual(['ill']);
    expect(await names('ok')).toEqual(['well']);
    await put('ill', yaml('ill'));
    expect(await names('broken')).toEqual([]);
    expect(await names('unknown')).toContain('ill');
  });
});

describe('the trash', () => {
  interface Trashed {
    readonly items: readonly {
      readonly id: string;
      readonly name: string;
      readonly has_runs: boolean;
      readonly restorable_until: string;
    }[];
  }
  const inTrash = async (name: string) =>
    (await api.call<Trashed>('GET', '/jobs/trash?limit=200')).body.items.find((job) => job.name === name) ?? {
      id: uuidv7(),
      has_runs: false,
    };
  const remove = (name: string, query = '') => api.call<Refusal>('DELETE', `/jobs/${name}${query}`, { headers: anyState });

  test('a job that others need goes there only when its name is sent along, and the refusal names them', async () => {
    await make(yaml('needed'));
    await make(yaml('listener', { more: 'triggers: [{ job: needed }]\n' }));
    await make(yaml('bystander', { more: 'description: it is not "needed"\n' }));
    expect((await api.call('GET', '/jobs/needed/dependants')).body).toEqual({
      jobs: [{ name: 'listener', how: ['trigger'] }],
      open_runs: [],
    });
    const refused = await remove('needed');
    expect([refused.status, refused.body.type]).toEqual([409, 'confirmation_required']);
    expect(refused.body.problems.map(({ message }) => message)).toEqual(['listener is started by its end']);
    expect((await remove('needed', '?confirm=needless')).status).toBe(409);
    expect((await remove('needed', '?confirm=needed')).status).toBe(204);
    expect((await api.call('GET', '/jobs/listener/health')).body).toMatchObject({ health: 'warning' });
  });

  test('a job comes back as it was, unless its name is taken again or thirty days are over', async () => {
    await make(yaml('back'));
    await put('back', yaml('back', { command: 'date' }));
    await api.call('PUT', '/jobs/back/tags/stable', { body: { version: 1 } });
    await remove('back');
    expect((await api.call('GET', '/jobs/back')).status).toBe(404);
    const { id } = await inTrash('back');
    await make(yaml('back', { command: 'id' }));
    const taken = await api.call<Refusal>('POST', `/jobs/trash/${id}/restore`);
    expect([taken.status, taken.body.detail]).toEqual([409, 'there is already a job named "back"']);
    await remove('back');
    expect((await api.call<Saved>('POST', `/jobs/trash/${id}/restore`)).body).toMatchObject({ name: 'back', version: 2 });
    expect((await api.call<Saved>('GET', '/jobs/back/tags/stable')).body.version).toBe(1);
    expect(await actionsOf('back')).toContain('job.restore');

    const other = await inTrash('back');
    await api.database.sql`update jobs set deleted_at = now() - interval '31 days' where id = ${other.id}`;
    const late = await api.call<Refusal>('POST', `/jobs/trash/${other.id}/restore`);
    expect([late.status, late.body.detail]).toEqual([409, expect.stringContaining('more than 30 days')]);
    expect((await api.call('POST', `/jobs/trash/${uuidv7()}/restore`)).status).toBe(404);
    expect((await api.call('POST', '/jobs/trash/nonsense/restore')).status).toBe(404);
  });

  test('runs stay readable until the purge, which takes them along once the name is sent', async () => {
    await make(yaml('parting'));
    const run = await endedRun('parting');
    await remove('parting');
    expect((await api.call('GET', `/runs/${run}`)).status).toBe(200);
    const { id, has_runs } = await inTrash('parting');
    expect(has_runs).toBe(true);
    expect((await api.call('DELETE', `/jobs/trash/${id}`)).status).toBe(409);
    expect((await api.call('DELETE', `/jobs/trash/${id}?confirm=other`)).status).toBe(409);
    expect((await api.call('DELETE', `/jobs/trash/${id}?confirm=parting`)).status).toBe(204);
    expect((await api.call('GET', `/runs/${run}`)).status).toBe(404);
    const left = await api.database.sql`
      select id::text from jobs where id = ${id} union all select job_id::text from job_versions where job_id = ${id}
      union all select run_id::text from run_steps where run_id = ${run}`;
    expect(left).toEqual([]);
    expect(await actionsOf('parting')).toContain('job.purge');
    expect((await api.call('DELETE', `/jobs/trash/${id}?confirm=parting`)).status).toBe(404);
    expect(await purgeSome(api.database.sql)).toBe(false);
  });

  test('a job with a run under way is not purged', async () => {
    await make(yaml('busy'));
    await api.call('POST', '/jobs/busy/runs', { body: {} });
    expect((await api.call<{ open_runs: string[] }>('GET', '/jobs/busy/dependants')).body.open_runs).toHaveLength(1);
    await remove('busy');
    const { id } = await inTrash('busy');
    const refused = await api.call<Refusal>('DELETE', `/jobs/trash/${id}?confirm=busy`);
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('cancel it first')]);
  });
});

test('categories are a tree with counts, and a list by one holds those below', async () => {
  await make(yaml('tree-a', { more: 'category: zone/west/racks\n' }));
  await make(yaml('tree-b', { more: 'category: zone/west\n' }));
  await make(yaml('tree-c', { more: 'category: zone-x\n' }));
  const { body } = await api.call<{ items: { path: string }[] }>('GET', '/jobs/categories');
  expect(body.items.filter(({ path }) => path.startsWith('zone'))).toEqual([
    { path: 'zone', name: 'zone', depth: 0, jobs: 0, total: 2 },
    { path: 'zone/west', name: 'west', depth: 1, jobs: 1, total: 2 },
    { path: 'zone/west/racks', name: 'racks', depth: 2, jobs: 1, total: 1 },
    { path: 'zone-x', name: 'zone-x', depth: 0, jobs: 1, total: 1 },
  ]);
  const list = await api.call<{ items: { name: string }[] }>('GET', '/jobs?category=zone');
  expect(list.body.items.map(({ name }) => name)).toEqual(['tree-a', 'tree-b']);
});

describe('copies', () => {
  test('a clone says the same under its own name, comments and all', async () => {
    await make(`# kept\n${yaml('original')}`);
    const made = await api.call<Saved>('POST', '/jobs/original/clone', { body: { name: '007' } });
    expect([made.status, made.headers.get('location')]).toEqual([201, '/api/v1/jobs/007']);
    expect(made.body).toMatchObject({ name: '007', version: 1, message: 'copy of original, version 1' });
    expect(made.body.source).toBe(`# kept\n${yaml('original').replace('name: original', 'name: "007"')}`);
    expect((await api.call('POST', '/jobs/original/clone', { body: { name: '007' } })).status).toBe(409);
    expect((await api.call('POST', '/jobs/original/clone', { body: { name: 'trash' } })).status).toBe(422);
    expect((await api.call('POST', '/jobs/original/clone', { body: { name: 'Bad Name' } })).status).toBe(422);
  });

  test('a run becomes a job, with the version it followed or the definition it brought', async () => {
    await make(yaml('source'));
    const run = await endedRun('source');
    await put('source', yaml('source', { command: 'date' }));
    const made = await api.call<Saved>('POST', `/runs/${run}/save-as-job`, { body: { name: 'from-version' } });
    expect([made.status, made.headers.get('location'), made.body.source]).toEqual([201, '/api/v1/jobs/from-version', yaml('from-version')]);
    const own = await api.call<{ id: string }>('POST', '/runs', { body: { source: yaml('adhoc') } });
    const kept = await api.call<Saved>('POST', `/runs/${own.body.id}/save-as-job`, { body: { name: 'from-own' } });
    expect([kept.status, kept.body.definition]).toMatchObject([201, { name: 'from-own', steps: [{ id: 'a', type: 'local.exec' }] }]);
  });
});

describe('export and import', () => {
  const text = (...sources: readonly string[]) => sources.map((source) => `---\n${source}`).join('');
  const take = (body: string, query = '') => api.call<Report & Refusal>('POST', `/jobs/import${query ? `?${query}` : ''}`, { body });
  const actions = ({ items }: Report) => items.map(({ name, action, saved_as }) => [name, action, saved_as]);

  test.each(['yaml', 'ndjson'])('what is exported as %s is taken over as the same', async (format) => {
    await make(`# by hand\n${yaml(`ex-${format}-a`)}`);
    await api.call('POST', '/jobs', {
      body: { name: `ex-${format}-b`, steps: [{ id: 'a', type: 'local.exec', config: { command: 'id' } }] },
    });
    const names = `ex-${format}-a,ex-${format}-b`;
    const response = await fetch(`${api.url}/api/v1/jobs/export?format=${format}&names=${names}`, {
      headers: { authorization: `Bearer ${api.tokens.viewer}` },
    });
    const whole = await response.text();
    expect(response.headers.get('content-disposition')).toContain(`jobs.${format}`);
    expect(whole).toContain('# by hand');
    const same = await take(whole, `format=${format}&on_conflict=update`);
    expect([same.status, actions(same.body).map(([, action]) => action)]).toEqual([200, ['same', 'same']]);
    for (const name of names.split(',')) await api.call('DELETE', `/jobs/${name}`, { headers: anyState });
    const again = await take(whole, `format=${format}`);
    expect([again.status, again.body.saved, again.body.counts.created]).toEqual([200, true, 2]);
    expect((await api.call<Saved>('GET', `/jobs/ex-${format}-a`)).body.source).toBe(`# by hand\n${yaml(`ex-${format}-a`)}`);
    expect((await api.call('GET', '/jobs/export?names=ex-nobody')).status).toBe(404);
  });

  test('each way of meeting a name that is taken, tried first in a dry run that changes nothing', async () => {
    await make(yaml('im-a'));
    await make(yaml('im-same'));
    const bundle = text(yaml('im-a', { command: 'date' }), yaml('im-same'), yaml('im-new'));
    const expected = {
      update: [
        ['im-a', 'updated', 'im-a'],
        ['im-same', 'same', 'im-same'],
        ['im-new', 'created', 'im-new'],
      ],
      skip: [
        ['im-a', 'skipped', null],
        ['im-same', 'skipped', null],
        ['im-new', 'created', 'im-new'],
      ],
      rename: [
        ['im-a', 'renamed', 'im-a-2'],
        ['im-same', 'renamed', 'im-same-2'],
        ['im-new', 'created', 'im-new'],
      ],
      fail: [
        ['im-a', 'bad', null],
        ['im-same', 'bad', null],
        ['im-new', 'created', 'im-new'],
      ],
    } as const;
    for (const [way, outcome] of Object.entries(expected)) {
      const { status, body } = await take(bundle, `dry_run=true&on_conflict=${way}`);
      expect([status, body.saved, actions(body)]).toEqual([200, false, outcome]);
    }
    const refused = await take(bundle, 'on_conflict=fail');
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('there is already a job named "im-a"')]);
    expect((await api.call('GET', '/jobs/im-new')).status).toBe(404);
    expect((await take(bundle, 'on_conflict=rename')).body.counts).toMatchObject({ renamed: 2, created: 1 });
    expect((await api.call<Saved>('GET', '/jobs/im-a-2')).body.source).toBe(yaml('im-a-2', { command: 'date' }));
    expect((await take(bundle, 'on_conflict=update')).body.counts).toMatchObject({ updated: 1, same: 2 });
    expect((await api.call<Saved>('GET', '/jobs/im-a')).body.version).toBe(2);
  });

  test('one bad definition keeps all of them out, and its line is that of the text', async () => {
    const bundle = text(yaml('good-one'), 'name: bad-one\nsteps:\n  - { id: a, type: ssh.exce }\n', yaml('good-one'));
    const { status, body } = await take(bundle);
    expect(status).toBe(422);
    expect(body.problems).toMatchObject([
      { message: expect.stringContaining('bad-one: steps[0].type: "ssh.exce" is not a step type'), line: 10 },
      { message: expect.stringContaining('"good-one" stands in line 2 already') },
    ]);
    expect((await api.call('GET', '/jobs/good-one')).status).toBe(404);
    expect((await take('# nothing\n')).status).toBe(422);
    expect((await take('nonsense', 'format=ndjson')).status).toBe(422);
  });

  test('more than a thousand are refused, and a thousand are taken in one go', async () => {
    const many = (count: number) => text(...Array.from({ length: count }, (_, at) => yaml(`many-${at}`)));
    expect((await take(many(1_001))).status).toBe(413);
    const started = performance.now();
    const { status, body } = await take(many(1_000));
    expect([status, body.counts?.created]).toEqual([200, 1_000]);
    expect(performance.now() - started).toBeLessThan(15_000);
    const exported = await api.call<string>('GET', '/jobs/export');
    expect(exported.body.match(/^name: many-/gm)).toHaveLength(1_000);
  });
});

test('what is answered has the fields that the document promises, and no others', async () => {
  await make(yaml('promised', { more: 'category: promised\n' }));
  const saved = await put('promised', yaml('promised', { command: 'date' }));
  await api.call('PUT', '/jobs/promised/tags/stable', { body: { version: 1 } });
  await make(yaml('promised-away'));
  await api.call('DELETE', '/jobs/promised-away', { headers: anyState });
  const one = async (path: string) => (await api.call('GET', path)).body;
  const promised: readonly (readonly [z.ZodObject, unknown])[] = [
    [JobSaved, saved.body],
    [JobView, await one('/jobs/promised/tags/stable')],
    [JobTagView, await one('/jobs/promised/tags')],
    [JobDiff, await one('/jobs/promised/diff')],
    [Dependants, await one('/jobs/promised/dependants')],
    [JobHealth, await one('/jobs/promised/health')],
    [Categories, await one('/jobs/categories')],
    [JobTemplates, await one('/jobs/templates')],
    [TrashedJobView, (await api.call<{ items: unknown[] }>('GET', '/jobs/trash?limit=1')).body.items[0]],
    [Validation, (await api.call('POST', '/jobs/validate', { body: yaml('promised') })).body],
    [JobImportReport, (await api.call('POST', '/jobs/import?dry_run=true', { body: yaml('promised') })).body],
  ];
  for (const [schema, body] of promised) expect(z.strictObject(schema.shape).safeParse(body).error?.issues ?? []).toEqual([]);
});
