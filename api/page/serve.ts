import { randomBytes } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import type { Env } from '../env.ts';
import { notFound } from '../problem.ts';
import type { Assets } from './assets.ts';

/** Everything the page may do in a browser: its own files and nothing else; styles made at run time carry the nonce. */
const policy = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Serves the built page below `ui_path`: its files by name, and `index.html` for every page path, so that any link can be opened. */
export function servePage(assets: Assets | null, paths: { readonly ui_path: string; readonly api_prefix: string }): MiddlewareHandler<Env> {
  const root = paths.ui_path.replace(/\/+$/, '');
  const index = assets && placeAt(assets, root, paths.api_prefix);
  return async (c, next) => {
    if ((c.req.method !== 'GET' && c.req.method !== 'HEAD') || !(c.req.path === root || c.req.path.startsWith(`${root}/`))) return next();
    if (!assets || index === null) throw notFound('the page has not been built here; `npm start` builds it');
    const file = c.req.path.slice(root.length);
    const asset = assets.byPath.get(file);
    if (asset) return answerAsset(c, asset);
    if (/\.\w+$/.test(file)) throw notFound(`no file ${file}`);
    return answerIndex(c, index);
  };
}

/** Tells the page where it stands, where its API is and which build it is; it is built for `/`. */
const placeAt = ({ index, build }: Assets, root: string, api: string): string =>
  index
    .replace(/data-api="[^"]*"/, `data-api="${api}"`)
    .replace(/data-base="[^"]*"/, `data-base="${root}"`)
    .replace(/data-build="[^"]*"/, `data-build="${build}"`)
    .replace(/\b(src|href)="\/(?!\/)/g, `$1="${root}/`);

function answerIndex(c: Context<Env>, index: string): Response {
  const nonce = randomBytes(16).toString('base64');
  const meta = `<meta name="csp-nonce" content="${nonce}">`;
  const html = index.includes('name="csp-nonce"')
    ? index.replace(/<meta\s+name="csp-nonce"[^>]*>/, meta)
    : index.replace('<head>', `<head>\n    ${meta}`);
  return c.body(html, 200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policy(nonce),
  });
}

function answerAsset(c: Context<Env>, asset: NonNullable<ReturnType<Assets['byPath']['get']>>): Response {
  c.header('Cache-Control', asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  c.header('ETag', asset.tag);
  c.header('Vary', 'Accept-Encoding');
  // A worker's script runs under the policy it came with, not under the page's.
  c.header('Content-Security-Policy', "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'");
  if (c.req.header('if-none-match') === asset.tag) return c.body(null, 304);
  c.header('Content-Type', asset.type);
  if (asset.gzip && /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) {
    c.header('Content-Encoding', 'gzip');
    return c.body(asset.gzip);
  }
  return c.body(asset.bytes);
}
