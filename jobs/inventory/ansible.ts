import type { Json } from '../json.ts';
import {
  INVENTORY_FIELD_NAMES,
  type Inventory,
  type InventoryEntry,
  type InventoryField,
  type InventoryProblem,
  LARGEST_INVENTORY,
} from './inventory.ts';
import { readJump, readKeyPolicy } from './ssh-config.ts';
import { splitWords } from './words.ts';

/** A variable and the line it stands in. */
export interface Variable {
  readonly value: Json;
  readonly line: number;
}
export type Variables = Map<string, Variable>;

/** A group of hosts as Ansible has it, before its meaning is worked out. */
export interface Group {
  readonly hosts: Map<string, { readonly line: number; readonly vars: Variables }>;
  readonly children: Map<string, number>;
  readonly vars: Variables;
}
export type Groups = Map<string, Group>;

export const groupNamed = (groups: Groups, name: string): Group => {
  const group = groups.get(name) ?? { hosts: new Map(), children: new Map(), vars: new Map() };
  groups.set(name, group);
  return group;
};

/** Most that hosts stand in groups, all together: a few words stand for thousands of them. */
const MOST_MENTIONS = 100_000;
const LONGEST_PATTERN = 500;
const MOST_VARIABLES = 1000;
const MOST_GROUPS_OF_HOST = 200;

/** `expandHosts` for one text: too many hosts in all its patterns together are a problem, too. */
export function hostsOfText(): typeof expandHosts {
  let count = 0;
  const full = { problem: `with it hosts are named more than ${MOST_MENTIONS} times` };
  return (pattern) => {
    if (count > MOST_MENTIONS) return full;
    const hosts = expandHosts(pattern);
    if ('problem' in hosts) return hosts;
    count += hosts.length;
    return count > MOST_MENTIONS ? full : hosts;
  };
}

/** Groups every host is in anyway. */
const EVERYWHERE = ['all', 'ungrouped'];

/** What hosts become as targets: groups, also those around their groups, are tags; variables are fields where Ansible and we mean the same, else attributes. */
export function targetsOf(groups: Groups, problems: InventoryProblem[]): Inventory {
  const parents = new Map<string, Set<string>>();
  for (const [name, { children }] of groups)
    for (const child of children.keys()) parents.set(child, (parents.get(child) ?? new Set()).add(name));

  for (const [child, around] of parents) parents.set(child, new Set([...around].sort()));

  const hosts = new Map<string, { line: number; groups: Set<string>; vars: Variables }>();
  for (const [name, group] of groups) {
    for (const [host, { line, vars }] of group.hosts) {
      const known = hosts.get(host) ?? { line, groups: new Set(), vars: new Map() };
      hosts.set(host, known);
      known.groups.add(name);
      for (const [variable, given] of vars) known.vars.set(variable, given);
    }
  }
  const entries = [...hosts].map(([host, { line, groups: direct, vars }]) => {
    const around = outermostFirst(direct, parents);
    const variables = ['all', ...around].reduce((sum, name) => sum + (groups.get(name)?.vars.size ?? 0), vars.size);
    if (variables > MOST_VARIABLES || around.length > MOST_GROUPS_OF_HOST) {
      const most = `at most ${MOST_VARIABLES} and ${MOST_GROUPS_OF_HOST} allowed`;
      problems.push({ line, name: host.toLowerCase(), message: `has ${variables} variables and ${around.length} groups or more; ${most}` });
      return { name: host.toLowerCase(), line, fields: {} };
    }
    const inherited: Variables = new Map(groups.get('all')?.vars);
    for (const name of around) for (const [variable, given] of groups.get(name)?.vars ?? []) inherited.set(variable, given);
    for (const [variable, given] of vars) inherited.set(variable, given);
    return entryOf(
      host,
      line,
      around.filter((name) => !EVERYWHERE.includes(name)),
      inherited,
      problems,
    );
  });
  return { entries, problems };
}

/** The groups and all groups around them, as Ansible has one win over the other: by how deep they lie, then by name; a circle is gone through once. */
function outermostFirst(direct: ReadonlySet<string>, parents: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const ordered = new Set<string>();
  const open = new Set<string>();
  const visit = (name: string): void => {
    if (ordered.has(name) || open.has(name) || name === 'all' || open.size > MOST_GROUPS_OF_HOST) return;
    open.add(name);
    for (const parent of parents.get(name) ?? []) visit(parent);
    ordered.add(name);
  };
  for (const name of [...direct].sort()) visit(name);
  const depths = new Map<string, number>();
  for (const name of ordered) depths.set(name, 1 + Math.max(0, ...[...(parents.get(name) ?? [])].map((parent) => depths.get(parent) ?? 0)));
  return [...ordered].sort((a, b) => (depths.get(a) ?? 0) - (depths.get(b) ?? 0) || (a < b ? -1 : 1));
}

const SAME: ReadonlyMap<string, InventoryField> = new Map([
  ['ansible_host', 'host'],
  ['ansible_ssh_host', 'host'],
  ['ansible_port', 'port'],
  ['ansible_ssh_port', 'port'],
  ['ansible_user', 'username'],
  ['ansible_ssh_user', 'username'],
  ['ansible_timeout', 'timeout_seconds'],
  ['ansible_ssh_timeout', 'timeout_seconds'],
  ['ansible_network_os', 'device_type'],
]);
const ARGUMENTS = ['ansible_ssh_common_args', 'ansible_ssh_extra_args', 'ansible_ssh_args'];
const SECRET = /(^|_)(pass|passwd|password|passphrase|secret|token|api_?key|private_key)$/i;
const OWN = 'capstan_';

function entryOf(host: string, line: number, tags: readonly string[], vars: Variables, problems: InventoryProblem[]): InventoryEntry {
  const name = host.toLowerCase();
  const attributes = new Map<string, Json>();
  const fields: { [field: string]: Json } = { host, tags: [...tags].sort() };
  for (const [variable, { value, line: at }] of vars) {
    const say = (message: string) => problems.push({ line: at, name, message });
    const same = SAME.get(variable);
    const own = variable.startsWith(OWN) ? variable.slice(OWN.length) : '';
    if (SECRET.test(variable)) say(`${variable}: no secret is taken from an inventory; make a credential and name it in the target`);
    else if (same)
      fields[same] = typeof value === 'string' && /^\d+$/.test(value) && same !== 'username' && same !== 'host' ? Number(value) : value;
    else if (ARGUMENTS.includes(variable)) readArguments(String(value), fields, say);
    else if (variable === 'ansible_connection') readConnection(String(value), fields, say);
    else if (INVENTORY_FIELD_NAMES.some((field) => field === own)) fields[own] = value;
    else attributes.set(variable, value);
  }
  return { name, line, fields: { attributes: Object.fromEntries(attributes), ...fields } };
}

type Say = (message: string) => void;

/** What ssh would be started with: the jump is taken over, another way is refused, the rest is ssh's own. */
function readArguments(text: string, fields: { [field: string]: Json }, say: Say): void {
  const words = splitWords(text);
  if (words === null) say('a quote is never closed');
  for (const [keyword, value] of sshOptions(words ?? [])) {
    if (keyword === 'proxyjump') {
      const read = readJump(value);
      if ('problem' in read) say(read.problem);
      else fields.jump = read.jump;
    } else if (keyword === 'proxycommand') say('ProxyCommand is not run; make the host between a target and write ProxyJump');
    else if (keyword === 'stricthostkeychecking') {
      const read = readKeyPolicy(value);
      if ('problem' in read) say(read.problem);
      else fields.host_key_policy = read.policy;
    }
  }
}

/** The settings that a command line of ssh makes: `-J gate`, `-o ProxyJump=gate`. */
function sshOptions(words: readonly string[]): readonly (readonly [keyword: string, value: string])[] {
  const joined = words.flatMap((word, at) =>
    ['-o', '-J'].includes(word) ? [`${word}${words[at + 1] ?? ''}`] : /^-[oJ]./.test(word) ? [word] : [],
  );
  return joined.map((word) => {
    if (word.startsWith('-J')) return ['proxyjump', word.slice(2)];
    const [, keyword = '', value = ''] = /^(\w+)(?:\s*=\s*|\s+)(.*)$/s.exec(word.slice(2)) ?? [];
    return [keyword.toLowerCase(), value];
  });
}

function readConnection(connection: string, fields: { [field: string]: Json }, say: Say): void {
  const kind = connection.split('.').at(-1) ?? '';
  if (kind === 'network_cli') fields.kind = 'device';
  else if (!['ssh', 'smart', 'paramiko', 'paramiko_ssh', 'libssh'].includes(kind)) say(`ansible_connection: ${connection} is not SSH`);
}

/** The hosts that a pattern such as `web[01:50].example` or `db-[a:f]` stands for. */
export function expandHosts(pattern: string): readonly string[] | { readonly problem: string } {
  if (pattern.length > LONGEST_PATTERN) return { problem: `"${pattern.slice(0, 80)}…" is longer than ${LONGEST_PATTERN} characters` };
  const range = /\[([^\]]*)\]/.exec(pattern);
  if (!range) return [pattern];
  const [first = '', last = '', step = '1', ...more] = (range[1] ?? '').split(':');
  const members = more.length === 0 && /^[1-9]\d*$/.test(step) ? membersOf(first, last, Number(step)) : null;
  if (!members) return { problem: `"${pattern}": [${range[1]}] is not a range; write [1:9], [01:50] or [a:f]` };
  const rest = expandHosts(pattern.slice(range.index + range[0].length));
  if ('problem' in rest) return rest;
  if (members.length * rest.length > LARGEST_INVENTORY) return { problem: `"${pattern}" stands for more than ${LARGEST_INVENTORY} hosts` };
  const before = pattern.slice(0, range.index);
  return members.flatMap((member) => rest.map((tail) => `${before}${member}${tail}`));
}

function membersOf(first: string, last: string, step: number): readonly string[] | null {
  const isNumbers = /^\d+$/.test(first) && /^\d+$/.test(last);
  const isLetters = /^[a-z]$/i.test(first) && /^[a-z]$/i.test(last);
  if (!isNumbers && !isLetters) return null;
  const [from, to] = isNumbers ? [Number(first), Number(last)] : [first.charCodeAt(0), last.charCodeAt(0)];
  const count = Math.floor((to - from) / step) + 1;
  if (count < 1 || count > LARGEST_INVENTORY) return null;
  const width = isNumbers && first.startsWith('0') ? first.length : 0;
  return Array.from({ length: count }, (_, at) =>
    isNumbers ? String(from + at * step).padStart(width, '0') : String.fromCharCode(from + at * step),
  );
}
