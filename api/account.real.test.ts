import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertUser, updateUser } from '#db/queries/users.ts';
import { type Installation, startInstallation } from './testing/installation.ts';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
});
afterAll(() => api.close());

const here = () => ({ origin: api.url });

async function login(user: string, password: string) {
  const answer = await api.call('POST', '/login', { token: null, body: { user, password }, headers: here() });
  return { ...answer, cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
}

const me = (cookie: string) => api.call('GET', '/me', { token: null, headers: { cookie } });

test('a login answers with who it is and a cookie that scripts cannot read and other sites cannot send', async () => {
  const { status, body, headers, cookie } = await login('operator', 'operator-password');
  expect(status).toBe(200);
  expect(body).toMatchObject({ user: { name: 'operator' }, roles: ['operator'], must_change_password: false });
  expect(headers.getSetCookie()[0]).toMatch(/^capstan_session=[\w-]{43}; .*HttpOnly; .*SameSite=Lax/);
  expect((await me(cookie)).body).toMatchObject({ user: { name: 'operator' } });
});

test('neither the cookie nor the token stands in the database', async () => {
  const { cookie } = await login('viewer', 'viewer-password');
  const secret = cookie.split('=')[1] ?? '';
  const rows = await api.database.sql`select to_jsonb(s)::text as row from sessions s union all select to_jsonb(t)::text from tokens t`;
  const text = JSON.stringify(rows);
  expect(text).not.toContain(secret);
  for (const token of Object.values(api.tokens)) expect(text).not.toContain(token);
});

test('a wrong password and a name that does not exist are answered alike', async () => {
  const wrong = await login('viewer', 'not-the-password');
  const unknown = await login('nobody-here', 'not-the-password');
  const { request_id: a, ...first } = wrong.body;
  const { request_id: b, ...second } = unknown.body;
  expect(a).not.toBe(b);
  expect(wrong.status).toBe(401);
  expect(second).toEqual(first);
});

test('after ten failures the right password waits too, with the time to wait', async () => {
  for (let i = 0; i < 10; i++) expect((await login('guessed', 'wrong')).status).toBe(401);
  const refused = await login('guessed', 'wrong');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(200);
});

test('a one-time password lets its user do nothing but change it, and the change ends all other sessions', async () => {
  const made = await api.call('POST', '/users', { body: { name: 'newcomer', role: 'operator', password: 'given-by-admin' } });
  expect(made.status).toBe(201);
  expect(JSON.stringify(made.body)).not.toContain('given-by-admin');
  const elsewhere = await login('newcomer', 'given-by-admin');
  const { cookie, body } = await login('newcomer', 'given-by-admin');
  expect(body).toMatchObject({ must_change_password: true });

  const headers = { cookie, ...here() };
  const refused = await api.call('GET', '/runs', { token: null, headers });
  expect([refused.status, refused.body.type]).toEqual([403, 'password_change_required']);
  const short = await api.call('POST', '/me/password', { token: null, headers, body: { current: 'given-by-admin', next: 'short' } });
  expect(short.status).toBe(422);
  expect(JSON.stringify(short.body)).not.toContain('"short"');
  const wrong = await api.call('POST', '/me/password', {
    token: null,
    headers,
    body: { current: 'something else', next: 'my-own-password' },
  });
  expect(wrong.status).toBe(422);

  const changed = await api.call('POST', '/me/password', {
    token: null,
    headers,
    body: { current: 'given-by-admin', next: 'my-own-password' },
  });
  expect([changed.status, changed.body.must_change_password]).toEqual([200, false]);
  expect((await api.call('GET', '/runs', { token: null, headers })).status).toBe(200);
  expect((await me(elsewhere.cookie)).status).toBe(401);
  expect((await login('newcomer', 'given-by-admin')).status).toBe(401);
});

test('a session ends with the logout, and the cookie is taken back', async () => {
  const { cookie } = await login('viewer', 'viewer-password');
  const out = await api.call('POST', '/logout', { token: null, headers: { cookie, ...here() } });
  expect(out.status).toBe(204);
  expect(out.headers.getSetCookie()[0]).toMatch(/^capstan_session=; Max-Age=0/);
  expect((await me(cookie)).status).toBe(401);
});

test.each([
  ['was not used for twelve hours', { last_seen_at: '13 hours', expires_at: '-1 day' }],
  ['is a week old', { last_seen_at: '0 seconds', expires_at: '1 second' }],
])('a session that %s has ended within five seconds', async (_what, ago) => {
  const { cookie } = await login('viewer', 'viewer-password');
  await api.database.sql`
    update sessions set last_seen_at = now() - ${ago.last_seen_at}::interval, expires_at = now() - ${ago.expires_at}::interval`;
  await expect.poll(async () => (await me(cookie)).status, { timeout: 5_000 }).toBe(401);
});

test.each([
  ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['a neighbour of our site', { 'sec-fetch-site': 'same-site' }],
  ['a browser that only sends Origin', { origin: 'https://evil.example' }],
  ['an opaque origin', { origin: 'null' }],
  ['no word of where it comes from', {}],
])('a change with a cookie from %s is refused', async (_what, headers) => {
  const { cookie } = await login('admin', 'admin-password');
  const answer = await api.call('POST', '/tokens', { token: null, body: { name: 'stolen' }, headers: { cookie, ...headers } });
  expect(answer.status).toBe(403);
  expect(await api.database.sql`select from tokens where name = 'stolen'`).toHaveLength(0);
});

test('a body of a type that a form can send is refused', async () => {
  const { cookie } = await login('admin', 'admin-password');
  const answer = await api.call('POST', '/tokens', {
    token: null,
    body: { name: 'form' },
    headers: { cookie, ...here(), 'content-type': 'text/plain' },
  });
  expect(answer.status).toBe(415);
});

test('tokens are listed the newest first, a page at a time to their end', async () => {
  for (const name of ['page-a', 'page-b', 'page-c']) expect((await api.call('POST', '/tokens', { body: { name } })).status).toBe(201);
  type Listed = { readonly items: readonly { readonly name: string }[]; readonly next: string | null };
  const seen: string[] = [];
  let next: string | null = '';
  while (next !== null) {
    const after: string = next === '' ? '' : `&after=${next}`;
    const { body } = await api.call<Listed>('GET', `/tokens?limit=2${after}`);
    seen.push(...body.items.map(({ name }) => name));
    next = body.next;
  }
  expect(seen.slice(0, 3)).toEqual(['page-c', 'page-b', 'page-a']);
  expect(new Set(seen).size).toBe(seen.length);
  expect((await api.call('GET', '/tokens?after=nonsense')).status).toBe(400);
});

test('a token works until it is revoked, and never does more than its role or its user', async () => {
  const made = await api.call<{ token: string; id: string; prefix: string }>('POST', '/tokens', {
    body: { name: 'reader', role: 'viewer' },
  });
  const { token, id } = made.body;
  expect(made.status).toBe(201);
  expect((await api.call('GET', '/runs', { token })).status).toBe(200);
  expect((await api.call('GET', '/users', { token })).status).toBe(403);
  const listed = await api.call('GET', '/tokens');
  expect(JSON.stringify(listed.body)).not.toContain(token);
  expect((await api.call('DELETE', `/tokens/${id}`)).status).toBe(204);
  expect((await api.call('GET', '/runs', { token })).status).toBe(401);

  const more = await api.call('POST', '/tokens', { token: api.tokens.viewer, body: { name: 'more', role: 'admin' } });
  expect([more.status, more.body.detail]).toEqual([422, 'role: "admin" is more than your own, viewer']);
});

test('a token makes no token, unless it is an administrator’s, and then none that outlives it', async () => {
  const refused = await api.call('POST', '/tokens', { token: api.tokens.operator, body: { name: 'successor' } });
  expect([refused.status, refused.body.detail]).toEqual([403, 'a token makes no tokens; sign in to make one']);
  const { cookie } = await login('operator', 'operator-password');
  const made = await api.call('POST', '/tokens', { token: null, body: { name: 'mine' }, headers: { cookie, ...here() } });
  expect([made.status, made.body.expires_at]).toEqual([201, null]);

  const [soon, later] = [Date.now() + 60_000, Date.now() + 120_000].map((at) => new Date(at).toISOString());
  const brief = await api.call<{ token: string }>('POST', '/tokens', { body: { name: 'brief', expires_at: soon } });
  const { token } = brief.body;
  expect((await api.call('POST', '/tokens', { token, body: { name: 'longer', expires_at: later } })).status).toBe(422);
  const { body } = await api.call<{ expires_at: string }>('POST', '/tokens', { token, body: { name: 'as long' } });
  expect(Date.parse(body.expires_at)).toBe(Date.parse(soon ?? ''));
});

test('a token asked for again with the same key is the same one, whose new secret alone works, until it is used', async () => {
  const headers = { 'idempotency-key': 'a lost answer' };
  const make = (body: object = { name: 'once' }) => api.call<{ id: string; token: string }>('POST', '/tokens', { body, headers });
  const [lost, shown] = [await make(), await make()];
  expect([shown.status, shown.body.id]).toEqual([201, lost.body.id]);
  expect(await api.database.sql`select from tokens where name = 'once'`).toHaveLength(1);
  expect((await api.call('GET', '/runs', { token: lost.body.token })).status).toBe(401);
  expect((await api.call('GET', '/runs', { token: shown.body.token })).status).toBe(200);
  await api.database.sql`update tokens set last_used_at = now() where id = ${shown.body.id}`;
  expect((await make()).status).toBe(409);
  expect((await make({ name: 'another' })).status).toBe(409);
});

test('a token may revoke itself, but no other one of its user', async () => {
  const { cookie } = await login('operator', 'operator-password');
  const headers = { cookie, ...here() };
  const make = async (name: string) =>
    (await api.call<{ id: string; token: string }>('POST', '/tokens', { token: null, body: { name }, headers })).body;
  const [one, two] = [await make('one'), await make('two')];
  expect((await api.call('DELETE', `/tokens/${two.id}`, { token: one.token })).status).toBe(404);
  expect((await api.call('DELETE', `/tokens/${one.id}`, { token: one.token })).status).toBe(204);
  expect((await api.call('DELETE', `/tokens/${two.id}`, { token: null, headers })).status).toBe(204);
});

test('a password that an administrator sets ends the tokens of its user', async () => {
  await api.call('POST', '/users', { body: { name: 'phished', role: 'viewer', password: 'long-enough-password' } });
  const { cookie } = await login('phished', 'long-enough-password');
  await api.call('POST', '/me/password', {
    token: null,
    headers: { cookie, ...here() },
    body: { current: 'long-enough-password', next: 'another-long-password' },
  });
  const { body } = await api.call<{ token: string }>('POST', '/tokens', {
    token: null,
    body: { name: 'kept' },
    headers: { cookie, ...here() },
  });
  expect((await api.call('GET', '/me', { token: body.token })).status).toBe(200);
  const { headers } = await api.call('GET', '/users/phished');
  await api.call('PUT', '/users/phished', {
    body: { role: 'viewer', active: true, password: 'given-by-an-administrator' },
    headers: { 'if-match': headers.get('etag') ?? '' },
  });
  expect((await api.call('GET', '/me', { token: body.token })).status).toBe(401);
});

test('a token of someone else is not there for whoever does not administer users', async () => {
  const { body } = await api.call<{ id: string }>('POST', '/tokens', { body: { name: 'mine' } });
  expect((await api.call('DELETE', `/tokens/${body.id}`, { token: api.tokens.operator })).status).toBe(404);
});

test('closing an account ends its tokens and its sessions at once', async () => {
  await api.call('POST', '/users', { body: { name: 'leaver', role: 'viewer', password: 'long-enough-password' } });
  const { cookie } = await login('leaver', 'long-enough-password');
  const { headers } = await api.call('GET', '/users/leaver');
  const closed = await api.call('PUT', '/users/leaver', {
    body: { role: 'viewer', active: false },
    headers: { 'if-match': headers.get('etag') ?? '' },
  });
  expect(closed.status).toBe(200);
  expect((await me(cookie)).status).toBe(401);
  expect((await login('leaver', 'long-enough-password')).status).toBe(401);
});

test('the last administrator cannot be locked out', async () => {
  const { headers } = await api.call('GET', '/users/admin');
  const answer = await api.call('PUT', '/users/admin', {
    body: { role: 'viewer', active: true },
    headers: { 'if-match': headers.get('etag') ?? '' },
  });
  expect([answer.status, answer.body.detail]).toEqual([409, 'admin is the only administrator; make another one first']);
});

test('of two administrators who close each other’s account at once, one stays', async () => {
  const { sql } = api.database;
  for (let round = 0; round < 5; round++) {
    await sql`delete from users where name = 'deputy'`;
    await sql`update users set role = 'admin', active = true, version = 1 where name = 'admin'`;
    const password_hash = null;
    const audit = { actor: 'test', request_id: null };
    await insertUser(sql, { name: 'deputy', display_name: null, role: 'admin', password_hash, must_change_password: false }, audit);
    const close = (name: string) => updateUser(sql, name, 1, { display_name: null, role: 'admin', active: false }, audit);
    const outcomes = await Promise.allSettled([close('admin'), close('deputy')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  }
  await sql`update users set active = true where name = 'admin'`;
  await sql`update tokens set revoked_at = null where user_id = (select id from users where name = 'admin')`;
});

test('a group lends its role to its members while they are in it', async () => {
  expect((await api.call('GET', '/users', { token: api.tokens.viewer })).status).toBe(403);
  const { cookie } = await login('viewer', 'viewer-password');
  const made = await api.call('POST', '/groups', { body: { name: 'chiefs', role: 'admin', members: ['viewer'] } });
  expect(made.status).toBe(201);
  expect((await api.call('GET', '/users', { token: null, headers: { cookie } })).status).toBe(200);
  expect((await api.call('DELETE', '/groups/chiefs')).status).toBe(204);
  expect((await api.call('GET', '/users', { token: null, headers: { cookie } })).status).toBe(403);
});

test('a group with a member who does not exist is not made', async () => {
  const answer = await api.call('POST', '/groups', { body: { name: 'ghosts', members: ['viewer', 'casper'] } });
  expect([answer.status, answer.body.detail]).toEqual([422, 'members: no user casper']);
  expect((await api.call('GET', '/groups/ghosts')).status).toBe(404);
});
