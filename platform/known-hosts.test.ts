import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keysFor, parseKnownHosts } from './known-hosts.ts';

const missing = spawnSync('ssh-keygen', ['-?']).error ? 'no ssh-keygen on this machine (Debian: openssh-client)' : null;

describe.skipIf(missing !== null)(`known_hosts${missing === null ? '' : ` (${missing})`}`, () => {
  let directory: string;
  let one: string;
  let two: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'capstan-known-'));
    [one, two] = (['ed25519', 'ecdsa'] as const).map((type) => {
      const file = join(directory, type);
      execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', '', '-f', file]);
      return readFileSync(`${file}.pub`, 'utf8').trim();
    }) as [string, string];
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** What `ssh-keygen -F` finds for the host: fingerprints of plain keys. */
  const oracle = (text: string, host: string): readonly string[] => {
    const file = join(directory, 'known_hosts');
    writeFileSync(file, text);
    const { stdout } = spawnSync('ssh-keygen', ['-l', '-F', host, '-f', file], { encoding: 'utf8' });
    return [...stdout.matchAll(/(SHA256:\S+)/g)].map((match) => match[1] ?? '').sort();
  };
  const ours = (text: string, host: string, port = 22): readonly string[] =>
    keysFor(parseKnownHosts(text), host, port)
      .keys.map(({ fingerprint }) => fingerprint)
      .sort();
  const hashed = (text: string): string => {
    const file = join(directory, 'to_hash');
    writeFileSync(file, text);
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    return readFileSync(file, 'utf8');
  };

  test('the keys of a host are those that ssh-keygen finds: lists, wildcards, negations, ports, comments', () => {
    const text = [
      '# the database hosts',
      '',
      `db-1,db-2.example.com,10.0.0.7 ${one} who made this`,
      `*.example.com,!secret.example.com ${two}`,
      `[db-1]:2222,[2001:db8::1]:22 ${two}`,
      `web-?\t${one}`,
      `a*b*c ${two}`,
    ].join('\n');
    const names = ['db-1', 'DB-1', 'db-2.example.com', '10.0.0.7', 'x.example.com', 'secret.example.com', 'example.com', 'web-1', 'web-12'];
    for (const name of [...names, 'axbxc', 'abcb', 'abc', 'other']) expect([name, ours(text, name)]).toEqual([name, oracle(text, name)]);
    expect(ours(text, 'db-1', 2222)).toEqual(oracle(text, '[db-1]:2222'));
    expect(ours(text, 'db-1', 2222)).toHaveLength(1);
    expect(ours(text, 'db-1', 2223)).toEqual([]);
  });

  test('hashed names, as ssh-keygen -H writes them, are found', () => {
    const text = hashed(`db-1 ${one}\n[db-1]:2222 ${two}\nDB-3 ${two}\n`);
    expect(text).not.toContain('db-1');
    for (const [host, port] of [
      ['db-1', 22],
      ['db-1', 2222],
      ['db-2', 22],
      ['db-3', 22],
    ] as const) {
      expect(ours(text, host, port)).toEqual(oracle(text, port === 22 ? host : `[${host}]:${port}`));
    }
    expect(ours(text, 'db-1')).toHaveLength(1);
  });

  test('a revoked key is marked, whatever else vouches for it; an authority is named as unsupported', () => {
    const known = parseKnownHosts(`db-1 ${one}\n@revoked * ${one}\ndb-1 ${two}\n@cert-authority *.example.com,db-1 ${two}\n`);
    const { keys, unsupported } = keysFor(known, 'db-1', 22);
    expect(keys.map(({ type, revoked }) => [type, revoked])).toEqual([
      ['ssh-ed25519', true],
      ['ecdsa-sha2-nistp256', undefined],
    ]);
    expect(unsupported).toEqual([4]);
  });

  test('a line that makes no sense is named, and the others are read', () => {
    const { lines, problems } = parseKnownHosts(
      `db-1 ssh-ed25519 AAAA\n@odd db-1 ${one}\ndb-1\ndb-1 ssh-rsa ${one.split(' ')[1]}\ndb-2 ${one}`,
    );
    expect(lines.map(({ line }) => line)).toEqual([5]);
    expect(problems.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
  });
});
