import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writePorts } from '#platform/local/state.ts';
import { keepLogin, readLogin } from './login-file.ts';

let clone: string;
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'capstan-login-'));
});
afterAll(() => rmSync(clone, { recursive: true }));

test('without a login the API of the clone one stands in is asked, and outside of any the usual port', () => {
  const env = { XDG_CONFIG_HOME: join(clone, 'none') };
  expect(readLogin(env, undefined, clone).url).toBe('http://127.0.0.1:8420/api/v1');
  writePorts(join(clone, '.capstan'), { api: 8421 });
  expect(readLogin(env, undefined, clone)).toEqual({ url: 'http://127.0.0.1:8421/api/v1', token: null });
});

test('an address asked for goes before CAPSTAN_URL, that before a kept login, and that before the clone', () => {
  const env = { XDG_CONFIG_HOME: join(clone, 'kept') };
  writePorts(join(clone, '.capstan'), { api: 8421 });
  keepLogin(env, { url: 'http://kept.example/api/v1', token: 'secret' });
  expect(readLogin(env, undefined, clone)).toEqual({ url: 'http://kept.example/api/v1', token: 'secret' });
  const named = { ...env, CAPSTAN_URL: 'named.example' };
  expect(readLogin(named, undefined, clone)).toEqual({ url: 'http://named.example/api/v1', token: null });
  expect(readLogin(named, 'asked.example:1', clone).url).toBe('http://asked.example:1/api/v1');
});
