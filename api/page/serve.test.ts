import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { afterAll, expect, test } from 'vitest';
import type { Env } from '../env.ts';
import { answerProblem, type HttpProblem } from '../problem.ts';
import { readAssets } from './assets.ts';
import { servePage } from './serve.ts';

const folder = mkdtempSync(join(tmpdir(), 'capstan-page-'));
const script = `export const words = '${'a page '.repeat(200)}';`;
mkdirSync(join(folder, 'assets'));
writeFileSync(
  join(folder, 'index.html'),
  '<!doctype html><html data-api="/x" data-base="" data-build=""><head><script src="/assets/index-2Xhf7Qlb.js"></script></head></html>',
);
writeFileSync(join(folder, 'assets', 'index-2Xhf7Qlb.js'), script);
writeFileSync(join(folder, 'icon.svg'), '<svg/>');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pageAt = (ui_path: string) => {
  const app = new Hono<Env>();
  app.onError((error, c) => answerProblem(c, error as HttpProblem));
  app.use(servePage(readAssets(folder), { ui_path, api_prefix: '/api/v1' }));
  return app;
};

test('every page path answers with the page, under a policy whose nonce is new each time and stands in the page', async () => {
  const app = pageAt('/');
  const seen = new Set<string>();
  for (const path of ['/', '/runs', '/runs/42', '/jobs/my.job-x/']) {
    const response = await app.request(path);
    const html = await response.text();
    const nonce = /<meta name="csp-nonce" content="([^"]+)">/.exec(html)?.[1] ?? '';
    expect([path, response.status, response.headers.get('cache-control')]).toEqual([path, 200, 'no-store']);
    expect(response.headers.get('content-security-policy')).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(response.headers.get('content-security-policy')).not.toMatch(/unsafe|\*|https?:/);
    expect(html).toContain('data-api="/api/v1"');
    expect(html).toContain(`data-build="${readAssets(folder)?.build}"`);
    seen.add(nonce);
  }
  expect(seen.size).toBe(4);
});

test('a hashed file is compressed and kept for ever, another is asked about each time', async () => {
  const app = pageAt('/');
  const hashed = await app.request('/assets/index-2Xhf7Qlb.js', { headers: { 'accept-encoding': 'gzip, br' } });
  expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(gunzipSync(Buffer.from(await hashed.arrayBuffer())).toString()).toBe(script);
  const plain = await app.request('/assets/index-2Xhf7Qlb.js');
  expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, script]);
  const icon = await app.request('/icon.svg');
  expect(icon.headers.get('cache-control')).toBe('no-cache');
  expect((await app.request('/icon.svg', { headers: { 'if-none-match': icon.headers.get('etag') ?? '' } })).status).toBe(304);
});

test.each(['/../package.json', '/..%2f..%2fpackage.json', '/assets/../../package.json', '/assets/nope.js', '/index.html.bak'])(
  '%s gives away no file',
  async (path) => {
    const response = await pageAt('/').request(path);
    expect(await response.text()).not.toContain('dependencies');
    expect([200, 404]).toContain(response.status);
  },
);

test('the page can live below another path, with its files beside it', async () => {
  const app = pageAt('/board');
  const html = await (await app.request('/board/runs')).text();
  expect(html).toContain('src="/board/assets/index-2Xhf7Qlb.js"');
  expect(html).toContain('data-base="/board"');
  expect((await app.request('/board/assets/index-2Xhf7Qlb.js')).status).toBe(200);
  expect((await app.request('/elsewhere')).status).toBe(404);
});

test('where the page was not built this is said', async () => {
  const app = new Hono<Env>();
  app.onError((error, c) => answerProblem(c, error as HttpProblem));
  app.use(servePage(readAssets(join(folder, 'missing')), { ui_path: '/', api_prefix: '/api/v1' }));
  const response = await app.request('/');
  expect([response.status, await response.json()]).toMatchObject([
    404,
    { detail: 'the page has not been built here; `npm start` builds it' },
  ]);
});
