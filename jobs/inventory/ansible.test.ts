import { expect, test } from 'vitest';
import { expandHosts } from './ansible.ts';
import { parseAnsibleIni } from './ansible-ini.ts';
import { parseAnsibleYaml } from './ansible-yaml.ts';

const INI = `
jumper ansible_host=10.0.0.1

[web]
web[01:03].example.com ansible_port=2222 rank=1 note='"two words"'
[db]
db-a:2200 ansible_user=dba ansible_ssh_common_args='-o ProxyJump=jumper -o StrictHostKeyChecking=accept-new'
[core]
core1 ansible_connection=ansible.netcommon.network_cli ansible_network_os=cisco.ios.ios # old

[prod:children]
web
db
[prod:vars]
site=ber
rank=9
ntp = 10.0.0.9
[all:vars]
ansible_user=deploy
site=everywhere
`;

const YAML = `
all:
  vars: { ansible_user: deploy, site: everywhere }
  hosts:
    jumper: { ansible_host: 10.0.0.1 }
  children:
    prod:
      vars: { site: ber, rank: '9', ntp: 10.0.0.9 }
      children:
        web:
          hosts:
            web[01:03].example.com: { ansible_port: 2222, rank: 1, note: two words }
        db:
          hosts:
            db-a:
              ansible_port: 2200
              ansible_user: dba
              ansible_ssh_common_args: -J jumper -oStrictHostKeyChecking=accept-new
    core:
      hosts:
        core1: { ansible_connection: network_cli, ansible_network_os: cisco.ios.ios }
`;

const web = (name: string) => ({
  name,
  fields: {
    host: name,
    port: 2222,
    username: 'deploy',
    tags: ['prod', 'web'],
    attributes: { site: 'ber', rank: 1, ntp: '10.0.0.9', note: 'two words' },
  },
});
const MEANT = [
  {
    name: 'core1',
    fields: {
      host: 'core1',
      kind: 'device',
      device_type: 'cisco.ios.ios',
      username: 'deploy',
      tags: ['core'],
      attributes: { site: 'everywhere' },
    },
  },
  {
    name: 'db-a',
    fields: {
      host: 'db-a',
      port: 2200,
      username: 'dba',
      jump: 'jumper',
      host_key_policy: 'accept_new',
      tags: ['db', 'prod'],
      attributes: { site: 'ber', rank: '9', ntp: '10.0.0.9' },
    },
  },
  { name: 'jumper', fields: { host: '10.0.0.1', username: 'deploy', tags: [], attributes: { site: 'everywhere' } } },
  web('web01.example.com'),
  web('web02.example.com'),
  web('web03.example.com'),
];

test.each([
  ['INI', parseAnsibleIni, INI],
  ['YAML', parseAnsibleYaml, YAML],
])('an inventory in %s: groups and those around them are tags, the nearest variable counts', (_, parse, text) => {
  const { entries, problems } = parse(text);
  expect(problems).toEqual([]);
  expect(entries.map(({ name, fields }) => ({ name, fields })).sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(MEANT);
});

test.each([
  [parseAnsibleIni, 'a ansible_password=x', 1, 'ansible_password: no secret is taken from an inventory; make a credential'],
  [parseAnsibleIni, '[g]\na\n[g:vars]\nansible_become_pass = x', 4, 'no secret is taken'],
  [parseAnsibleIni, 'a api_token=x', 1, 'no secret is taken'],
  [parseAnsibleIni, 'a ansible_connection=winrm', 1, 'ansible_connection: winrm is not SSH'],
  [parseAnsibleIni, 'a ansible_ssh_common_args=\'-o ProxyCommand="nc %h"\'', 1, 'ProxyCommand is not run'],
  [parseAnsibleIni, 'a b', 1, 'word 2 is no variable; expected name=value'],
  [parseAnsibleIni, 'web[1:x]', 1, '[1:x] is not a range'],
  [parseAnsibleIni, '[g:odd]', 1, 'is no part of a group'],
  [parseAnsibleYaml, 'all:\n  hosts:\n    a: { ansible_ssh_pass: x }', 3, 'no secret is taken'],
  [parseAnsibleYaml, 'all:\n  vars:\n    k: !vault |\n      $ANSIBLE_VAULT', 3, 'vaults are not opened'],
  [parseAnsibleYaml, 'all:\n  hosts: [a]', 2, 'expected names with what belongs to them'],
  [parseAnsibleYaml, 'all:\n  host: {}', 2, '"host" is no part of a group'],
])('%o refuses %j at line %i, and shows no secret', (parse, text, line, message) => {
  const { problems } = parse(text);
  expect(problems).toEqual([expect.objectContaining({ line, message: expect.stringContaining(message) })]);
});

test('groups in a circle are gone through once', () => {
  const { entries } = parseAnsibleIni('[a]\nx\n[a:children]\nb\n[b:children]\na');
  expect(entries.map(({ fields }) => fields.tags)).toEqual([['a', 'b']]);
});

test.each([
  ['web', ['web']],
  ['w[1:3]', ['w1', 'w2', 'w3']],
  ['w[01:10:4]x', ['w01x', 'w05x', 'w09x']],
  ['[a:c]-[1:2]', ['a-1', 'a-2', 'b-1', 'b-2', 'c-1', 'c-2']],
])('%s stands for %j', (pattern, hosts) => {
  expect(expandHosts(pattern)).toEqual(hosts);
});

test('a range without end is refused before it is made', () => {
  expect(expandHosts('w[1:200]-[1:200]')).toMatchObject({ problem: expect.stringContaining('more than 10000 hosts') });
  expect(expandHosts('w[1:99999999]')).toMatchObject({ problem: expect.stringContaining('is not a range') });
});

test.each([
  ['many patterns', Array.from({ length: 11 }, (_, n) => `h${n}-[0:9999]`).join('\n'), 11, 'more than 100000 times'],
  ['a pattern of many ranges', '[1:1]'.repeat(20_000), 1, 'longer than 500 characters'],
  ['variables of a group', `h\n[all:vars]\n${Array.from({ length: 1001 }, (_, n) => `v${n}=1`).join('\n')}`, 1, 'has 1001 variables'],
  ['groups inside groups', `[g0]\nh\n${Array.from({ length: 20_000 }, (_, n) => `[g${n + 1}:children]\ng${n}`).join('\n')}`, 2, 'groups'],
])('a text that would stand for more than can be is refused: %s', (_what, text, line, message) => {
  expect(parseAnsibleIni(text).problems).toContainEqual(expect.objectContaining({ line, message: expect.stringContaining(message) }));
});

test('a word that follows a variable by mistake is not repeated, for it may be a password', () => {
  const { problems } = parseAnsibleIni("web1 ansible_password= hunter2 # don't\n");
  expect(problems).toEqual([{ line: 1, name: null, message: expect.stringContaining('word 3 is no variable') }]);
});

test('of groups that give one variable the one that lies deeper wins, whatever they are called', () => {
  const text = 'h1\n[a]\nh1\n[b]\nh1\n[c]\nh1\n[z:children]\na\n[a:vars]\nsite=deep\n[b:vars]\nsite=b\nrank=b\n[c:vars]\nrank=c\n';
  expect(parseAnsibleIni(text).entries).toMatchObject([
    { fields: { tags: ['a', 'b', 'c', 'z'], attributes: { site: 'deep', rank: 'c' } } },
  ]);
});
