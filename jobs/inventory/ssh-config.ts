import { matchesGlob } from '../glob.ts';
import type { Json } from '../json.ts';
import type { Inventory, InventoryEntry, InventoryProblem, InventoryTarget } from './inventory.ts';
import { splitWords, withoutRemark } from './words.ts';

interface Option {
  /** In lower case. */
  readonly keyword: string;
  readonly words: readonly string[];
  readonly line: number;
}

interface Block {
  readonly patterns: readonly string[];
  readonly line: number;
  readonly options: Option[];
}

/** Hosts of an OpenSSH client configuration: every plain word after `Host` is a target; as in ssh, the first value that any matching block gives counts. */
export function parseSshConfig(text: string): Inventory {
  const problems: InventoryProblem[] = [];
  const blocks = readBlocks(text, problems);
  const blocksOf = blocksByName(blocks, problems);
  const entries = new Map<string, InventoryEntry>();
  for (const { patterns, line } of blocks) {
    for (const alias of patterns.filter((pattern) => !/[*?!]/.test(pattern))) {
      const name = alias.toLowerCase();
      if (entries.has(name)) continue;
      const say = (at: number, message: string) => problems.push({ line: at, name, message });
      entries.set(name, { name, line, fields: fieldsOf(alias, optionsFor(alias, blocksOf(alias)), say) });
    }
  }
  return { entries: [...entries.values()], problems };
}

function readBlocks(text: string, problems: InventoryProblem[]): readonly Block[] {
  const blocks: Block[] = [{ patterns: ['*'], line: 1, options: [] }];
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const line = at + 1;
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const [, keyword = '', rest = ''] = /^([A-Za-z]+)(?:\s*=\s*|\s+|$)(.*)$/s.exec(content) ?? [];
    const words = splitWords(withoutRemark(rest));
    if (keyword === '' || words === null) {
      problems.push({
        line,
        name: null,
        message: keyword === '' ? `"${content.slice(0, 80)}" is no setting of ssh` : 'a quote is never closed',
      });
      continue;
    }
    const key = keyword.toLowerCase();
    if (key === 'include') problems.push({ line, name: null, message: 'Include is not followed; paste what it names' });
    else if (key === 'match') problems.push({ line, name: null, message: 'Match depends on more than the host; write Host blocks' });
    else if (key === 'host') blocks.push({ patterns: words, line, options: [] });
    else blocks.at(-1)?.options.push({ keyword: key, words, line });
  }
  return blocks;
}

/** Blocks with patterns are tried for every host, as is what stands before all blocks. */
const MOST_PATTERNS = 500;

/** The blocks that may be about a name, in their order: those that say it, and those with patterns. */
function blocksByName(blocks: readonly Block[], problems: InventoryProblem[]): (alias: string) => readonly Block[] {
  const places = new Map<string, number[]>();
  const open: number[] = [];
  for (const [at, { patterns, line }] of blocks.entries()) {
    if (!patterns.some((pattern) => /[*?![\]]/.test(pattern))) {
      for (const name of new Set(patterns.map((pattern) => pattern.toLowerCase()))) places.set(name, [...(places.get(name) ?? []), at]);
    } else if (open.length <= MOST_PATTERNS) open.push(at);
    else problems.push({ line, name: null, message: `is more than ${MOST_PATTERNS} Host blocks with patterns` });
  }
  return (alias) => {
    const own = places.get(alias.toLowerCase()) ?? [];
    return [...own, ...open].sort((a, b) => a - b).flatMap((at) => blocks[at] ?? []);
  };
}

/** What ssh would use for this word: of each keyword the first that stands in a matching block. */
function optionsFor(alias: string, blocks: readonly Block[]): ReadonlyMap<string, Option> {
  const found = new Map<string, Option>();
  for (const { patterns, options } of blocks) {
    if (!isMatch(alias, patterns)) continue;
    for (const option of options) if (!found.has(option.keyword)) found.set(option.keyword, option);
  }
  return found;
}

function isMatch(alias: string, patterns: readonly string[]): boolean {
  const fits = (pattern: string) => matchesGlob(pattern.replace(/[[\]]/g, '?').toLowerCase(), alias.toLowerCase());
  if (patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && fits(pattern));
}

type Say = (line: number, message: string) => void;

function fieldsOf(alias: string, options: ReadonlyMap<string, Option>, say: Say): InventoryEntry['fields'] {
  const word = (keyword: string) => options.get(keyword)?.words[0];
  const fields: { [field: string]: Json } = {
    host: (word('hostname') ?? alias).replace(/%([h%])/g, (_, sign) => (sign === 'h' ? alias : '%')),
  };
  const number = (keyword: string, field: string) => {
    const text = word(keyword);
    if (text !== undefined) fields[field] = /^\d+$/.test(text) ? Number(text) : text;
  };
  number('port', 'port');
  if (word('connecttimeout') !== 'none') number('connecttimeout', 'timeout_seconds');
  if (word('user') !== undefined) fields.username = word('user') ?? null;

  const jump = options.get('proxyjump');
  if (jump) {
    const read = readJump(jump.words.join(' '));
    if ('problem' in read) say(jump.line, read.problem);
    else fields.jump = read.jump;
  }
  const command = options.get('proxycommand');
  if (!jump && command && command.words[0]?.toLowerCase() !== 'none') {
    say(command.line, 'ProxyCommand is not run; make the host between a target and write ProxyJump');
  }
  const checking = options.get('stricthostkeychecking');
  if (checking) {
    const read = readKeyPolicy(checking.words[0] ?? '');
    if ('problem' in read) say(checking.line, read.problem);
    else fields.host_key_policy = read.policy;
  }
  return fields;
}

/** One jump by its name; longer ways are made of targets that jump themselves. */
export function readJump(text: string): { readonly jump: string | null } | { readonly problem: string } {
  if (text.toLowerCase() === 'none') return { jump: null };
  if (/[@:/]/.test(text)) return { problem: `ProxyJump ${text}: give that host a block of its own and name it here` };
  if (text.includes(',')) {
    const [first = '', ...rest] = text.split(',').reverse();
    return { problem: `ProxyJump ${text}: name ${first} here, and ${rest.reverse().join(',')} as its ProxyJump` };
  }
  return { jump: text.toLowerCase() };
}

/** `StrictHostKeyChecking` as our policy; there is none that ignores a key. */
export function readKeyPolicy(text: string): { readonly policy: 'strict' | 'accept_new' } | { readonly problem: string } {
  const word = text.toLowerCase();
  if (word === 'no' || word === 'off')
    return { problem: `StrictHostKeyChecking ${word}: host keys are never ignored; write accept-new or yes` };
  return { policy: word === 'accept-new' ? 'accept_new' : 'strict' };
}

/** Targets as an OpenSSH client configuration; what ssh has no word for is left out. */
export const writeSshConfig = (targets: readonly InventoryTarget[]): string =>
  targets
    .map((target) => {
      const settings: readonly (readonly [string, Json | undefined])[] = [
        ['HostName', typeof target.host === 'string' ? target.host.replaceAll('%', '%%') : null],
        ['Port', target.port],
        ['User', target.username],
        ['ProxyJump', target.jump],
        ['ConnectTimeout', target.timeout_seconds],
        ['StrictHostKeyChecking', target.host_key_policy === 'accept_new' ? 'accept-new' : 'yes'],
      ];
      const lines = settings.flatMap(([keyword, value]) =>
        value === null || value === undefined || /[\r\n]/.test(String(value)) ? [] : [`  ${keyword} ${quoted(String(value))}`],
      );
      return [`Host ${target.name}`, ...lines, ''].join('\n');
    })
    .join('\n');

const quoted = (text: string): string => (/^[\w.:%/+@-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`);
