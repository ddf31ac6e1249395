import { expect, test } from 'vitest';
import { parseSshConfig, writeSshConfig } from './ssh-config.ts';

test('each plain word after Host is a target; the first value that a matching block gives counts', () => {
  const { entries, problems } = parseSshConfig(`
# of the whole network
User fallback
Host web1 Web2
  HostName %h.example.com
  Port=2222
Host web* !web2
  User "deploy man"
  ProxyJump bastion
Host bastion
  HostName 10.0.0.1
  ProxyJump none
  ConnectTimeout 20
  StrictHostKeyChecking accept-new
  IdentityFile ~/.ssh/id_ed25519
Host *
  Port 22
`);
  expect(problems).toEqual([]);
  expect(entries).toEqual([
    { name: 'web1', line: 4, fields: { host: 'web1.example.com', port: 2222, username: 'fallback', jump: 'bastion' } },
    { name: 'web2', line: 4, fields: { host: 'Web2.example.com', port: 2222, username: 'fallback' } },
    {
      name: 'bastion',
      line: 10,
      fields: { host: '10.0.0.1', port: 22, timeout_seconds: 20, username: 'fallback', jump: null, host_key_policy: 'accept_new' },
    },
  ]);
});

test('what stands behind an unquoted # is a remark', () => {
  const { entries, problems } = parseSshConfig(
    'Host gate # don’t touch\nHost web1 # the "new one\n  User "#1"  # him\n  ProxyJump gate # over it',
  );
  expect(problems).toEqual([]);
  expect(entries.map(({ name, fields }) => [name, fields.username, fields.jump])).toEqual([
    ['gate', undefined, undefined],
    ['web1', '#1', 'gate'],
  ]);
});

test('a separator of lines that ssh does not know as one is a sign like any other', () => {
  const { entries, problems } = parseSshConfig('Host a\n  User "x\u2028y"\n');
  expect([problems, entries[0]?.fields.username]).toEqual([[], 'x\u2028y']);
});

test('blocks with patterns have a bound, and what is written for ssh is one setting a line', () => {
  const { problems } = parseSshConfig(Array.from({ length: 501 }, (_, n) => `Host h${n}*`).join('\n'));
  expect(problems).toEqual([{ line: 501, name: null, message: expect.stringContaining('500 Host blocks') }]);
  expect(writeSshConfig([{ name: 'a', host: 'a', username: 'x"\n  ProxyCommand id' }])).toBe(
    'Host a\n  HostName a\n  StrictHostKeyChecking yes\n',
  );
});

test.each([
  ['Include ~/.ssh/conf.d/*', 1, 'Include is not followed'],
  ['Match user root\n  Port 1', 1, 'Match depends'],
  ['Host a\n  ProxyJump root@gate:22', 2, 'give that host a block of its own'],
  ['Host a\n  ProxyJump gate1,gate2', 2, 'name gate2 here, and gate1 as its ProxyJump'],
  ['Host a\n  ProxyCommand nc %h 22', 2, 'ProxyCommand is not run'],
  ['Host a\n  StrictHostKeyChecking no', 2, 'host keys are never ignored'],
  ['Host a\n  User "open', 2, 'a quote is never closed'],
  ['Host a\n  !!', 2, 'is no setting of ssh'],
])('%j is refused at line %i', (text, line, message) => {
  expect(parseSshConfig(text).problems).toEqual([expect.objectContaining({ line, message: expect.stringContaining(message) })]);
});
