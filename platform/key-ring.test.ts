import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadKeyRing } from './key-ring.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'capstan-keys-'));
  file = join(folder, 'state', 'keys');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const key = () => randomBytes(32).toString('base64');

test('a missing file is made, readable by its owner alone, and read again as it was', async () => {
  const made = await loadKeyRing({ file, env: undefined });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await loadKeyRing({ file, env: undefined })).toEqual(made);
  expect(made.keys.get(made.active)).toHaveLength(32);
});

test('many processes that start at once agree on one key and leave no drafts', async () => {
  const rings = await Promise.all(Array.from({ length: 20 }, () => loadKeyRing({ file, env: undefined })));
  expect(new Set(rings.map(({ active, keys }) => `${active} ${Buffer.from(keys.get(active) ?? []).toString('hex')}`)).size).toBe(1);
  expect(await readdir(join(folder, 'state'))).toEqual(['keys']);
});

test('keys given in the environment come before the file; the first is active, the others still open', async () => {
  const [a, b] = [key(), key()];
  const ring = await loadKeyRing({ file, env: `new:${a}, old:${b}` });
  expect(ring.active).toBe('new');
  expect([...ring.keys].map(([id, bytes]) => [id, Buffer.from(bytes).toString('base64')])).toEqual([
    ['new', a],
    ['old', b],
  ]);
  await expect(readFile(file)).rejects.toThrow('ENOENT');
});

test('a key without an id is known by what it is, so another key is never taken for it', async () => {
  const [a, b] = [key(), key()];
  const ids = await Promise.all([a, a, b].map(async (env) => (await loadKeyRing({ file, env })).active));
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).not.toBe(ids[2]);
});

test.each([
  ['short', 'id:c2hvcnQ=', 'CAPSTAN_KEY: key 1 has 5 bytes; expected base64 of 32'],
  ['second short', `a:${'A'.repeat(43)}=,b:AAAA`, 'CAPSTAN_KEY: key 2 has 3 bytes'],
  ['same id', `a:${'A'.repeat(43)}=,a:${'B'.repeat(43)}=`, 'the key id "a" stands there twice'],
  ['odd id', `a b:${'A'.repeat(43)}=`, 'has the id "a b"; expected letters'],
  ['nothing', ' , ', 'CAPSTAN_KEY holds no key'],
])('a bad key ring (%s) is refused with its place and what is expected', async (_, env, message) => {
  await expect(loadKeyRing({ file, env })).rejects.toThrow(message);
});

test('a refusal never shows the key', async () => {
  const almost = randomBytes(31).toString('base64');
  await expect(loadKeyRing({ file, env: `id:${almost}` })).rejects.not.toThrow(almost);
});

test('a damaged file is refused by its name, not replaced', async () => {
  await loadKeyRing({ file, env: undefined });
  await writeFile(file, 'id:AAAA');
  await expect(loadKeyRing({ file, env: undefined })).rejects.toThrow(`${file}: key 1 has 3 bytes`);
  expect(await readFile(file, 'utf8')).toBe('id:AAAA');
});
