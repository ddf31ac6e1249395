import { stringify } from 'yaml';
import type { Json } from '../json.ts';
import { readLiteral } from './ansible-ini.ts';
import { type InventoryTarget, toldFields } from './inventory.ts';

/** Variables of ours beside Ansible's, so that nothing is lost. */
const WORDS: { readonly [field: string]: string } = { port: 'ansible_port', username: 'ansible_user', host: 'ansible_host' };
const GROUP = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const TAKEN = ['all', 'ungrouped', '__proto__'];
/** An attribute that would be read back as something else. */
const NOT_ATTRIBUTE = /^(ansible|capstan)_|(^|_)(pass|passwd|password|passphrase|secret|token|api_?key|private_key)$|[\s=:#'"\\]|^$/i;

interface Host {
  readonly name: string;
  readonly groups: readonly string[];
  readonly vars: readonly (readonly [name: string, value: Json])[];
}

/** A target as Ansible has it: tags that can be groups, then variables. */
function hostOf(target: InventoryTarget): Host {
  const tags = (target.tags ?? []) as readonly string[];
  const attributes = Object.entries((target.attributes ?? {}) as { readonly [name: string]: Json });
  const areGroups = tags.every((tag) => GROUP.test(tag) && !TAKEN.includes(tag)) && tags.join() === [...tags].sort().join();
  const areVars = attributes.every(([name]) => !NOT_ATTRIBUTE.test(name));
  const told = toldFields(target).flatMap(([field, value]): (readonly [string, Json])[] => {
    if (field === 'tags') return areGroups ? [] : [['capstan_tags', value]];
    if (field === 'attributes') return areVars ? attributes : [['capstan_attributes', value]];
    return [[WORDS[field] ?? `capstan_${field}`, value]];
  });
  return { name: target.name, groups: areGroups ? tags : [], vars: told };
}

/** Targets as an Ansible inventory in INI form. */
export function writeAnsibleIni(targets: readonly InventoryTarget[]): string {
  const hosts = targets.map(hostOf);
  const lines = hosts.map(({ name, vars }) =>
    [name, ...vars.map(([variable, value]) => `${variable}=${shellWord(literal(value))}`)].join(' '),
  );
  const groups = [...new Set(hosts.flatMap((host) => host.groups))].sort();
  const sections = groups.map((group) =>
    ['', `[${group}]`, ...hosts.filter((host) => host.groups.includes(group)).map(({ name }) => name)].join('\n'),
  );
  return [...lines, ...sections, ''].join('\n');
}

/** A text stands bare where it is read back as itself; what else Python calls by words of its own, by those. */
function literal(value: Json): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  const isBare = typeof value === 'string' && /^[^\s'"\\]+$/.test(value) && readLiteral(value) === value;
  return isBare ? value : JSON.stringify(value);
}

const shellWord = (text: string): string => (/^[\w./:@~,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`);

/** Targets as an Ansible inventory in YAML form. */
export function writeAnsibleYaml(targets: readonly InventoryTarget[]): string {
  const hosts = targets.map(hostOf);
  const groups = [...new Set(hosts.flatMap((host) => host.groups))].sort();
  const children = groups.map((group) => [
    group,
    { hosts: Object.fromEntries(hosts.filter((host) => host.groups.includes(group)).map(({ name }) => [name, {}])) },
  ]);
  const all = {
    hosts: Object.fromEntries(hosts.map(({ name, vars }) => [name, Object.fromEntries(vars)])),
    ...(children.length > 0 && { children: Object.fromEntries(children) }),
  };
  return stringify({ all }, { aliasDuplicateObjects: false, version: '1.2', lineWidth: 0 });
}
