import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '#jobs/json.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
let source: Server;
let asked: string[] = [];
beforeAll(async () => {
  source = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/broken') response.writeHead(500).end();
    else response.end(JSON.stringify({ versions: [{ id: 'v1' }, { id: 'v2' }, { id: 'v1' }] }));
  });
  await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
  stack = await startStack();
  for (const [name, tags] of [
    ['edge-1', ['ber']],
    ['edge-2', ['fra']],
    ['edge-3', ['ber']],
  ] as const) {
    const target = { name, kind: 'ssh', host: '127.0.0.1', username: 'nobody', tags };
    expect((await stack.as.call('POST', '/targets', target)).status).toBe(201);
  }
  await stack.as.job({
    name: 'lister',
    steps: [{ id: 'a', type: 'local.exec', config: { command: 'true' } }],
    outputs: { sizes: '${{ [1, 2, 4] }}' },
  });
  await stack.as.job({
    name: 'chooser',
    parameters: {
      site: { type: 'string', pattern: '^[a-z]+$', choices: { values: ['ber', 'fra'] } },
      host: {
        type: 'string',
        default: 'edge-1',
        choices: { targets: { tags: ['${{ parameters.site }}'] }, depends_on: ['site'], strict: true },
      },
      size: { type: 'integer', default: 1, choices: { job: { name: 'lister', output: 'sizes' } } },
      version: {
        type: 'string',
        default: 'v1',
        choices: {
          http: { url: `${url}/of/\${{ parameters.site }}`, items: 'result.versions.map(v, v.id)' },
          depends_on: ['site'],
          cache: '1h',
        },
      },
      broken: { type: 'string', default: 'x', choices: { http: { url: `${url}/broken` } } },
      plain: { type: 'string', default: 'x' },
    },
    steps: [{ id: 'a', type: 'local.exec', config: { command: 'true' } }],
  });
});
afterAll(async () => {
  await stack?.stop();
  source?.close();
});

const choose = async (parameter: string, parameters: JsonObject = {}) => {
  const { status, body } = await stack.as.call('POST', `/jobs/chooser/parameters/${parameter}/choices`, { parameters });
  return { status, ...body } as unknown as {
    status: number;
    items: unknown;
    cached: boolean;
    detail: string;
    problems: { pointer: string }[];
  };
};

test('choices come from a list, from targets that depend on another choice, and from what another job found', async () => {
  expect(await choose('site')).toMatchObject({ status: 200, items: ['ber', 'fra'], cached: false });
  expect(await choose('host', { site: 'ber' })).toMatchObject({ items: ['edge-1', 'edge-3'] });
  expect(await choose('host', {})).toMatchObject({ status: 422, problems: [{ pointer: '/parameters/site' }] });
  expect(await choose('size')).toMatchObject({ status: 503, detail: expect.stringContaining('no run of job lister has completed yet') });
  await stack.as.until(await stack.as.start('lister'));
  expect(await choose('size')).toMatchObject({ items: [1, 2, 4] });
  const { body: forged } = await stack.as.call('POST', '/runs', {
    definition: {
      name: 'lister',
      steps: [{ id: 'a', type: 'local.exec', config: { command: 'true' } }],
      outputs: { sizes: '${{ [666] }}' },
    },
  });
  expect(await stack.as.until(String(forged.id))).toMatchObject({ status: 'completed' });
  expect(await choose('size')).toMatchObject({ items: [1, 2, 4] });
});

test('choices that an address names are asked for by a worker, once while they are kept, and a fault of it is told', async () => {
  asked = [];
  expect(await choose('version', { site: 'ber' })).toMatchObject({ items: ['v1', 'v2'], cached: false });
  expect(await choose('version', { site: 'ber' })).toMatchObject({ items: ['v1', 'v2'], cached: true });
  await choose('version', { site: 'fra' });
  expect(await choose('version', { site: '../elsewhere' })).toMatchObject({ status: 422, problems: [{ pointer: '/parameters/site' }] });
  expect(asked).toEqual(['/of/ber', '/of/fra']);
  expect(await choose('broken')).toMatchObject({ status: 503, detail: expect.stringContaining('answered 500') });
});

test('a strict choice is looked at again when the run starts', async () => {
  const start = (parameters: JsonObject) => stack.as.call('POST', '/jobs/chooser/runs', { parameters });
  expect(await start({ site: 'ber', host: 'edge-2' })).toMatchObject({
    status: 422,
    body: { problems: [{ pointer: '/parameters/host', message: 'parameters.host: "edge-2" is not among the 2 choices there are now' }] },
  });
  expect((await start({ site: 'fra', host: 'edge-2' })).status).toBe(202);
});

test('what has no choices says so', async () => {
  expect((await choose('plain')).status).toBe(422);
  expect((await choose('nobody')).status).toBe(404);
});
