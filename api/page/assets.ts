import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES: { readonly [extension: string]: string } = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = /^(text|application)\/|svg/;

export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Compressed when first asked for, where that makes it smaller: compressing all would take a tenth of a start. */
  readonly gzip: Uint8Array<ArrayBuffer> | null;
  readonly tag: string;
  /** Its name holds its content's hash, so it never changes. */
  readonly immutable: boolean;
}

/** The built page: `index.html` as text, everything else by its path, and an id that changes with every build. */
export interface Assets {
  readonly index: string;
  readonly byPath: ReadonlyMap<string, Asset>;
  readonly build: string;
}

/** Reads the built page into memory; null when there is none. */
export function readAssets(folder: string): Assets | null {
  const indexFile = join(folder, 'index.html');
  if (!existsSync(indexFile)) return null;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const byPath = new Map(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [`/${relative(folder, file).split(sep).join('/')}`, readAsset(file)];
    }),
  );
  const index = readFileSync(indexFile, 'utf8');
  byPath.delete('/index.html');
  return { index, byPath, build: hashOf(Buffer.from(index)) };
}

function readAsset(file: string): Asset {
  const type = TYPES[extname(file)] ?? 'application/octet-stream';
  const bytes = new Uint8Array(readFileSync(file));
  let gzip: Asset['gzip'] | undefined;
  return {
    type,
    bytes,
    get gzip() {
      if (gzip === undefined) gzip = COMPRESSIBLE.test(type) && bytes.length > 512 ? smaller(bytes) : null;
      return gzip;
    },
    tag: `"${hashOf(bytes)}"`,
    immutable: /[/\\]assets[/\\].*-[\w-]{8,}\.\w+$/.test(file),
  };
}

function smaller(bytes: Uint8Array): Asset['gzip'] {
  const gzip = new Uint8Array(gzipSync(bytes, { level: 9 }));
  return gzip.length < bytes.length ? gzip : null;
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
