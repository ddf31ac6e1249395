import type { Json } from '../json.ts';
import { pointerTo } from '../problem.ts';
import { type Groups, groupNamed, hostsOfText, targetsOf, type Variables } from './ansible.ts';
import { isObject, readDocument } from './document.ts';
import type { Inventory, InventoryProblem } from './inventory.ts';

const PARTS = ['hosts', 'children', 'vars'];

/** Hosts of an Ansible inventory in YAML form. */
export function parseAnsibleYaml(text: string): Inventory {
  if (/:\s*!vault\b/.test(text)) {
    const line = text.split('\n').findIndex((content) => /:\s*!vault\b/.test(content)) + 1;
    const message = 'no secret is taken from an inventory, vaults are not opened; make a credential and name it in the target';
    return { entries: [], problems: [{ line, name: null, message }] };
  }
  const read = readDocument(text);
  if ('length' in read) return { entries: [], problems: read };
  const problems: InventoryProblem[] = [];
  const groups: Groups = new Map();
  const hostsOf = hostsOfText();
  const { lineOf } = read;
  const say = (pointer: string, message: string) => void problems.push({ line: lineOf(pointer), name: null, message });

  const variables = (value: Json | undefined, pointer: string): Variables => {
    if (value === null || value === undefined) return new Map();
    if (isObject(value))
      return new Map(Object.entries(value).map(([name, each]) => [name, { value: each, line: lineOf(pointerTo(pointer, name)) }]));
    say(pointer, 'expected variables, name: value');
    return new Map();
  };

  const readGroup = (name: string, value: Json, pointer: string): void => {
    const group = groupNamed(groups, name);
    if (value === null) return;
    if (!isObject(value)) {
      say(pointer, `${name}: expected a group with hosts, children or vars`);
      return;
    }
    for (const key of Object.keys(value).filter((each) => !PARTS.includes(each))) {
      say(pointerTo(pointer, key), `"${key}" is no part of a group; expected ${PARTS.join(', ')}`);
    }
    for (const [variable, given] of variables(value.vars, pointerTo(pointer, 'vars'))) group.vars.set(variable, given);
    for (const [pattern, vars] of entriesAt(value.hosts, pointerTo(pointer, 'hosts'))) {
      const at = pointerTo(pointerTo(pointer, 'hosts'), pattern);
      const hosts = hostsOf(pattern);
      if ('problem' in hosts) say(at, hosts.problem);
      else for (const host of hosts) group.hosts.set(host, { line: lineOf(at), vars: variables(vars, at) });
    }
    for (const [child, content] of entriesAt(value.children, pointerTo(pointer, 'children'))) {
      const at = pointerTo(pointerTo(pointer, 'children'), child);
      group.children.set(child, lineOf(at));
      readGroup(child, content, at);
    }
  };

  const entriesAt = (value: Json | undefined, pointer: string): readonly [string, Json][] => {
    if (value === null || value === undefined) return [];
    if (isObject(value)) return Object.entries(value);
    say(pointer, 'expected names with what belongs to them; write "name:"');
    return [];
  };

  if (isObject(read.value)) for (const [name, value] of Object.entries(read.value)) readGroup(name, value, pointerTo('', name));
  else say('', 'expected groups');
  return targetsOf(groups, problems);
}
