import { isGlob } from './glob.ts';
import type { Json } from './json.ts';
import { attributesOf } from './select-targets.ts';
import type { TargetChoice, TargetSelector } from './target-choice.ts';

/**
 * Which targets, as a command line says it: names and globs, `tag:edge`, `tag:!lab`, `tag:ber|fra` (any of them), `kind:device`, `site=ber`, with
 * commas between; all must hold, but of names any. Throws RangeError for words that say nothing.
 */
export function readTargetWords(text: string): readonly string[] | TargetSelector {
  const words = text.split(',').map((word) => word.trim());
  if (words.some((word) => word === ''))
    throw new RangeError(`"${text}" has nothing between two commas; write core-1,edge-* or tag:edge,site=ber`);
  const names: string[] = [];
  const lists: { tags: string[]; any_tags: string[]; not_tags: string[] } = { tags: [], any_tags: [], not_tags: [] };
  const rest: { [field: string]: Json } = {};
  for (const word of words) {
    const [, field, value] = /^(tag|kind):(.*)$/.exec(word) ?? [];
    const [, attribute, wanted] = /^([^=]+)=(.*)$/.exec(word) ?? [];
    if (value === '' || value === '!') throw new RangeError(`"${word}" names no ${field}`);
    if (field === 'tag' && value) readTag(value, lists);
    else if (field === 'kind' && value) rest.kind = value;
    else if (attribute !== undefined) rest[attribute] = wanted ?? '';
    else names.push(word);
  }
  const used = Object.entries(lists).filter(([, tags]) => tags.length > 0);
  if (used.length === 0 && Object.keys(rest).length === 0 && !names.some(isGlob)) return names;
  return { ...(names.length > 0 && { names }), ...Object.fromEntries(used), ...rest };
}

function readTag(value: string, lists: { tags: string[]; any_tags: string[]; not_tags: string[] }): void {
  if (value.startsWith('!')) lists.not_tags.push(value.slice(1));
  else if (value.includes('|')) lists.any_tags.push(...value.split('|').filter((tag) => tag !== ''));
  else lists.tags.push(value);
}

/** The same, where one name is one target and not a list of one. */
export function readTarget(words: string): TargetChoice {
  const choice = readTargetWords(words);
  const [only, another] = isNames(choice) ? choice : [];
  return only !== undefined && another === undefined ? only : choice;
}

/** A choice in those words, for rows and messages. */
export function targetWords(choice: TargetChoice): string {
  if (typeof choice === 'string') return choice;
  if (isNames(choice)) return choice.join(',');
  const { names = [], kind, tags = [], any_tags, not_tags = [] } = choice;
  const words = [
    ...names,
    ...(kind === undefined ? [] : [`kind:${kind}`]),
    ...tags.map((tag) => `tag:${tag}`),
    ...(any_tags === undefined ? [] : [`tag:${any_tags.length === 1 ? `${any_tags[0]}|` : any_tags.join('|')}`]),
    ...not_tags.map((tag) => `tag:!${tag}`),
    ...attributesOf(choice).map(([name, value]) => `${name}=${String(value)}`),
  ];
  return words.join(',');
}

const isNames = (choice: readonly string[] | TargetSelector): choice is readonly string[] => Array.isArray(choice);
