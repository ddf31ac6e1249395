import type { Json } from '../json.ts';
import { type Groups, groupNamed, hostsOfText, targetsOf } from './ansible.ts';
import type { Inventory, InventoryProblem } from './inventory.ts';
import { splitWords, withoutRemark } from './words.ts';

type Section = { readonly group: string; readonly part: 'hosts' | 'children' | 'vars' };

/** Hosts of an Ansible inventory in INI form. */
export function parseAnsibleIni(text: string): Inventory {
  const problems: InventoryProblem[] = [];
  const groups: Groups = new Map();
  const hostsOf = hostsOfText();
  let section: Section = { group: 'ungrouped', part: 'hosts' };
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const line = at + 1;
    const content = raw.trim();
    if (content === '' || /^[#;]/.test(content)) continue;
    const say = (message: string) => problems.push({ line, name: null, message });
    const header = /^\[([^\]]+)\]\s*(#.*)?$/.exec(content);
    if (header) {
      const [, group = '', part = 'hosts'] = /^(.*?)(?::(\w+))?$/.exec((header[1] ?? '').trim()) ?? [];
      if (part === 'hosts' || part === 'children' || part === 'vars') section = { group, part };
      else say(`[${group}:${part}] is no part of a group; expected children or vars`);
      groupNamed(groups, group);
    } else if (section.part === 'vars') readVariable(content, line, groups, section.group, say);
    else if (section.part === 'children') groupNamed(groups, section.group).children.set(withoutComment(content), line);
    else readHosts(content, line, { groups, group: section.group, hostsOf }, say);
  }
  return targetsOf(groups, problems);
}

type Say = (message: string) => void;
interface Place {
  readonly groups: Groups;
  readonly group: string;
  readonly hostsOf: ReturnType<typeof hostsOfText>;
}

const withoutComment = (content: string) => content.replace(/\s+#.*$/, '');

/** In a section of variables a value is text to the end of its line. */
function readVariable(content: string, line: number, groups: Groups, group: string, say: Say): void {
  const [, name, value = ''] = /^([^=\s]+)\s*=\s*(.*)$/s.exec(content) ?? [];
  if (name === undefined) say(`expected a variable, name=value`);
  else groupNamed(groups, group).vars.set(name, { value: /^(["']).*\1$/s.test(value) ? value.slice(1, -1) : value, line });
}

/** Beside a host a value is a Python literal where it is one, else text. */
function readHosts(content: string, line: number, { groups, group, hostsOf }: Place, say: Say): void {
  const words = splitWords(withoutRemark(content));
  if (words === null) {
    say('a quote is never closed');
    return;
  }
  const [pattern = '', ...given] = words;
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(pattern) ?? [];
  const [hostPattern, portVar] = /\]$|^[^[]*$/.test(host) || !port ? [host, port] : [pattern, undefined];
  const hosts = hostsOf(hostPattern);
  if ('problem' in hosts) {
    say(hosts.problem);
    return;
  }
  const vars = new Map(portVar === undefined ? [] : [['ansible_port', { value: Number(portVar) as Json, line }]]);
  for (const [at, word] of given.entries()) {
    const equals = word.indexOf('=');
    if (equals < 1) {
      // Not repeated: it may be what should stand behind a password's name.
      say(`word ${at + 2} is no variable; expected name=value without blanks, or quotes around them`);
      return;
    }
    vars.set(word.slice(0, equals), { value: readLiteral(word.slice(equals + 1)), line });
  }
  for (const name of hosts) {
    const known = groupNamed(groups, group).hosts.get(name);
    groupNamed(groups, group).hosts.set(name, { line: known?.line ?? line, vars: new Map([...(known?.vars ?? []), ...vars]) });
  }
}

const WORDS: { readonly [word: string]: Json } = { True: true, False: false, None: null, true: true, false: false };

/** A value as Ansible reads it beside a host. */
export function readLiteral(text: string): Json {
  if (Object.hasOwn(WORDS, text)) return WORDS[text] ?? null;
  if (/^'[^'\\]*'$/.test(text)) return text.slice(1, -1);
  if (!/^["[{\d-]/.test(text)) return text;
  try {
    const value = JSON.parse(text) as Json;
    // What would not be written like this again (1e3, a number too large) is text.
    return typeof value === 'number' && String(value) !== text ? text : value;
  } catch {
    return text;
  }
}
