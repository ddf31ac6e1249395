import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testExamples } from '../testing/examples.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
};

const answer: RequestListener = async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://peer');
  const json = (status: number, value: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  switch (pathname) {
    case '/health':
      return json(200, { status: 'ok' });
    case '/echo':
      return response.writeHead(200, { 'content-type': request.headers['content-type'] ?? '' }).end(await bodyOf(request));
    case '/keys':
      return json(200, { named: Object.keys(request.headers), knows: Object.values(request.headers).includes(SECRET) });
    case '/whisper':
      return json(418, { you_sent: request.headers['x-api-key'] });
    case '/gone':
      return json(410, { message: 'gone' });
    case '/seen':
      return json(200, {
        method: request.method,
        query: Object.fromEntries(searchParams),
        headers: request.headers,
        body: await bodyOf(request),
      });
    case '/to':
      return response.writeHead(Number(searchParams.get('status') ?? 302), { location: searchParams.get('url') ?? '' }).end();
    case '/loop':
      return response.writeHead(302, { location: '/loop' }).end();
    case '/bomb':
      return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000)));
    case '/gzip':
      return response.writeHead(200, { 'content-encoding': 'gzip', 'set-cookie': 'a=b' }).end(gzipSync('packed'));
    case '/hang':
      return response.writeHead(200).write('begun');
    case '/cut':
      response.writeHead(200, { 'content-length': '100' }).write('only this');
      setTimeout(() => response.destroy(), 50);
      return;
    default:
      return json(404, {});
  }
};

const SECRET = 'Bearer 7f3e-sesame-91';

describe('http.request', () => {
  let worker: TestWorker;
  let server: Server;
  let other: Server;
  const urlOf = (of: Server, path: string) => `http://127.0.0.1:${(of.address() as AddressInfo).port}${path}`;
  const url = (path: string) => urlOf(server, path);

  beforeAll(async () => {
    [server, other] = [createServer(answer).listen(0, '127.0.0.1'), createServer(answer).listen(0, '127.0.0.1')];
    await Promise.all([once(server, 'listening'), once(other, 'listening')]);
    worker = await testWorker({ CAPSTAN_WORKER__HTTP_ALLOW: '["127.0.0.1"]' });
    await worker.addCredential('api', 'ssh_password', { password: SECRET });
  });
  afterAll(async () => {
    await worker.close();
    for (const each of [server, other]) each.closeAllConnections();
    for (const each of [server, other]) each.close();
  });

  const request = async (config: { readonly url: string } & Parameters<TestWorker['attempt']>[1]) => {
    const run = await worker.newRun();
    await worker.attempt('http.request', config, { run });
    return (await worker.step(run)).result as { status: number; headers: Record<string, string>; body: never; url: string };
  };

  testExamples(
    'http.request',
    () => worker,
    {},
    (config) => ({ ...config, url: String(config.url).replace('https://api.example.com', url('')) }),
  );

  test('sends query, headers and text as given', async () => {
    const { body } = await request({
      method: 'PUT',
      url: url('/seen?a=1'),
      query: { b: 'x&y' },
      headers: { 'X-Name': 'v' },
      body: 'plain',
    });
    expect(body).toMatchObject({ method: 'PUT', query: { a: '1', b: 'x&y' }, body: 'plain', headers: { 'x-name': 'v' } });
  });

  test('gives the receiver the same key for every attempt of a step that changes something', async () => {
    const run = await worker.newRun();
    await worker.attempt('http.request', { method: 'POST', url: url('/seen'), body: {} }, { run });
    expect((await worker.step(run)).result).toMatchObject({ body: { headers: { 'idempotency-key': `${run}/one` } } });
  });

  test('reads packed answers and leaves cookies out', async () => {
    const { body, headers } = await request({ url: url('/gzip') });
    expect(body).toBe('packed');
    expect(headers).not.toHaveProperty('set-cookie');
  });

  test('stops at max_bytes of the unpacked answer', async () => {
    const ended = worker.attempt('http.request', { url: url('/bomb'), max_bytes: 1_000_000 });
    await expect(ended).rejects.toMatchObject({ type: 'policy', message: expect.stringContaining('1000000') });
  });

  test('follows redirects, as far as allowed', async () => {
    expect(await request({ url: url('/to?url=/health') })).toMatchObject({ status: 200, url: url('/health') });
    await expect(worker.attempt('http.request', { url: url('/loop') })).rejects.toThrow(/redirects more than 5 times/);
    expect(await request({ url: url('/loop'), follow_redirects: 0, expect: { status: [302] } })).toMatchObject({ status: 302 });
  });

  test('takes the login along to the same origin only', async () => {
    const headers = { Authorization: 'Bearer abc' };
    const same = await request({ url: url('/to?url=/seen'), headers });
    expect(same.body).toMatchObject({ headers: { authorization: 'Bearer abc' } });
    const away = await request({ url: url(`/to?url=${encodeURIComponent(urlOf(other, '/seen'))}`), headers });
    expect((away.body as { headers: object }).headers).not.toHaveProperty('authorization');
  });

  describe('a secret header', () => {
    const secrets = { TOKEN: 'api.password' };
    const secret_headers = { 'X-Api-Key': 'TOKEN' };
    const rowOf = async (path: string) => {
      const run = await worker.newRun();
      await worker.attempt('http.request', { url: url(path), secret_headers }, { run, secrets }).catch(() => undefined);
      return { row: await worker.step(run), shown: JSON.stringify([await worker.step(run), await worker.log(run)]) };
    };

    test('arrives, and its value is kept nowhere', async () => {
      const { row, shown } = await rowOf('/keys');
      expect(row.result).toMatchObject({ body: { knows: true, named: expect.arrayContaining(['x-api-key']) } });
      expect(row.config).toMatchObject({ secret_headers });
      expect(shown).not.toContain('sesame');
    });

    test.each(['/seen', '/whisper'])('is masked when %s sends it back', async (path) => {
      const { row, shown } = await rowOf(path);
      expect(row.status).toBe(path === '/seen' ? 'completed' : 'failed');
      expect(shown).toContain('***');
      expect(shown).not.toContain('sesame');
    });

    test('goes along to the same origin, and to no other', async () => {
      const same = await rowOf('/to?url=/keys');
      expect(same.row.result).toMatchObject({ body: { knows: true } });
      const away = await rowOf(`/to?url=${encodeURIComponent(urlOf(other, '/keys'))}`);
      expect(away.row.result).toMatchObject({ status: 200, body: { knows: false } });
      expect((away.row.result as { body: { named: string[] } }).body.named).not.toContain('x-api-key');
    });

    test('whose secret the step does not bind is named', async () => {
      const ended = worker.attempt('http.request', { url: url('/keys'), secret_headers });
      await expect(ended).rejects.toMatchObject({ type: 'invalid_input', message: expect.stringContaining('binds no secret TOKEN') });
    });
  });

  test('a POST answered by 303 is followed by GET, by 307 again by POST', async () => {
    const post = (status: number) => request({ method: 'POST', url: url(`/to?status=${status}&url=/seen`), body: { a: 1 } });
    expect((await post(303)).body).toMatchObject({ method: 'GET', body: '' });
    expect((await post(307)).body).toMatchObject({ method: 'POST', body: '{"a":1}' });
  });

  // Only this machine's own addresses: should the guard ever break, the test turns red and nothing leaves the machine. The table of all others is pure.
  test.each([
    'http://127.0.0.2:9/',
    'http://[::1]:9/',
    'http://[::ffff:127.0.0.2]:9/',
    'http://2130706434:9/',
    'http://0x7f.2:9/',
    'http://0177.0.0.2:9/',
    'http://0.0.0.0:9/',
  ])('%s is not called, and never tried again', async (target) => {
    await expect(worker.attempt('http.request', { url: target })).rejects.toMatchObject({ type: 'policy', nonRetryable: true });
  });

  test('a forbidden address is not called behind a redirect or a name either', async () => {
    const behind = worker.attempt('http.request', { url: url('/to?url=http://127.0.0.2:9/') });
    await expect(behind).rejects.toMatchObject({ type: 'policy' });
    const strict = await testWorker();
    try {
      const named = strict.attempt('http.request', { url: `http://localhost:${(server.address() as AddressInfo).port}/health` });
      await expect(named).rejects.toMatchObject({ type: 'policy', message: expect.stringContaining('localhost resolves to') });
    } finally {
      await strict.close();
    }
  });

  test.each([
    ['nobody listens', 'http://127.0.0.1:1/', 'connection'],
    ['the name does not exist', 'http://no-such-host.invalid/', 'connection'],
    ['the scheme is another', 'file:///etc/passwd', 'invalid_input'],
    ['it is no URL', 'not a url', 'invalid_input'],
  ])('when %s the failure says so', async (_why, target, type) => {
    await expect(worker.attempt('http.request', { url: target })).rejects.toMatchObject({ type });
  });

  test('an answer that breaks off is connection', async () => {
    await expect(worker.attempt('http.request', { url: url('/cut') })).rejects.toMatchObject({
      type: 'connection',
      message: expect.stringContaining('broke off'),
    });
  });

  test('over its time, ends as timed out', async () => {
    await expect(worker.attempt('http.request', { url: url('/hang') }, { timeoutMs: 300 })).rejects.toMatchObject({ type: 'timeout' });
  });

  test('cancelled, ends at once', async () => {
    const began = Date.now();
    await expect(worker.attempt('http.request', { url: url('/hang') }, { cancel: AbortSignal.timeout(300) })).rejects.toMatchObject({
      name: 'CancelledFailure',
    });
    expect(Date.now() - began).toBeLessThan(3000);
  });
});
