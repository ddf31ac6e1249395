import { createHash, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The keys that wrap every credential's own key, by id; new ones are wrapped by the active one. */
export interface KeyRing {
  readonly active: string;
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

const KEY_BYTES = 32;
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** The key ring from `env` (`CAPSTAN_KEY`: base64 of 32 bytes, or `id:base64,id:base64`, the first active); without it from `file`, which is made, readable by its owner alone, if it is missing. */
export const loadKeyRing = async ({ file, env }: { readonly file: string; readonly env: string | undefined }): Promise<KeyRing> =>
  env ? parseKeyRing(env, 'CAPSTAN_KEY') : parseKeyRing(await readOrCreate(file), file);

const readOrCreate = async (file: string): Promise<string> => {
  const present = await readFile(file, 'utf8').catch(nothingThere);
  if (present !== null) return present;
  await mkdir(dirname(file), { recursive: true });
  // Written aside and linked: whoever is first wins, and nobody ever reads half a key.
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${newId()}:${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await chmod(draft, 0o600);
    await link(draft, file).catch(alreadyThere);
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, 'utf8');
};

const newId = (): string => `k${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`;

const nothingThere = (problem: NodeJS.ErrnoException): null => {
  if (problem.code === 'ENOENT') return null;
  throw problem;
};

const alreadyThere = (problem: NodeJS.ErrnoException): void => {
  if (problem.code !== 'EEXIST') throw problem;
};

const parseKeyRing = (text: string, source: string): KeyRing => {
  const keys = new Map<string, Uint8Array>();
  for (const [index, entry] of text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .entries()) {
    const { id, key } = parseKey(entry, `${source}: key ${index + 1}`);
    if (keys.has(id)) throw new Error(`${source}: the key id "${id}" stands there twice`);
    keys.set(id, key);
  }
  const [active] = keys.keys();
  if (active === undefined) throw new Error(`${source} holds no key; expected base64 of ${KEY_BYTES} bytes, or id:base64,id:base64`);
  return { active, keys };
};

/** The key itself is never in a message. */
const parseKey = (entry: string, place: string): { id: string; key: Uint8Array } => {
  const colon = entry.indexOf(':');
  const key = Buffer.from(entry.slice(colon + 1), 'base64');
  if (key.length !== KEY_BYTES) throw new Error(`${place} has ${key.length} bytes; expected base64 of ${KEY_BYTES}`);
  const id = colon < 0 ? fingerprintOf(key) : entry.slice(0, colon);
  if (!ID.test(id)) throw new Error(`${place} has the id "${id}"; expected letters, digits, - or _, at most 64`);
  return { id, key };
};

/** A key given without an id is known by this, so that another key is never taken for it. */
const fingerprintOf = (key: Uint8Array): string => createHash('sha256').update('capstan key id').update(key).digest('hex').slice(0, 12);
