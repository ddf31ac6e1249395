import { trim } from '../lines.ts';
import { compilePattern, type Pattern } from '../pattern/pattern.ts';
import { type Subject, subjectOf } from '../pattern/subject.ts';

/** A line of an index: which templates, one after the other, read the output of a command on a platform. */
export interface IndexEntry {
  readonly templates: readonly string[];
  readonly platform: string;
  readonly command: string;
  matches(platform: Subject, command: Subject): boolean;
}

/** Reads an index as Python's `clitable` does: the first line that is no comment names the columns, lines of another length are passed over. */
export function parseIndex(text: string): readonly IndexEntry[] {
  const lines = text.split(/\r\n|\r|\n/);
  const head = lines.findIndex((line) => trim(line.split('#')[0] ?? '') !== '');
  const columns = (lines[head] ?? '').split('#')[0]?.split(',').map(trim) ?? [];
  const cellsOf = (line: string): string[] => line.split(',').map(trim);
  return lines
    .slice(head + 1)
    .filter((line) => !line.startsWith('#') && cellsOf(line).length === columns.length)
    .map((line) => entryOf(Object.fromEntries(cellsOf(line).map((cell, i) => [columns[i] ?? '', cell]))));
}

function entryOf({ Template = '', Platform = '', Command = '' }: Record<string, string>): IndexEntry {
  const platform = once(Platform);
  const command = once(completed(Command));
  return {
    templates: Template.split(':'),
    platform: Platform,
    command: Command,
    matches: (onPlatform, given) => fits(platform(), onPlatform) && fits(command(), given),
  };
}

/** An empty cell fits everything; another one must match from the beginning. */
const fits = (pattern: Pattern | null, subject: Subject): boolean => pattern === null || pattern.match(subject) !== null;

function once(text: string): () => Pattern | null {
  let pattern: Pattern | null | undefined;
  return () => {
    pattern ??= text === '' ? null : compilePattern(text);
    return pattern;
  };
}

/** `sh[[ow]]` stands for `sh`, `sho` and `show`. */
function completed(command: string): string {
  return command.replace(/\[\[(.+?)\]\]/g, (_, word: string) => {
    const letters = Array.from(word);
    return `(${letters.join('(')}${')?'.repeat(letters.length)}`;
  });
}

/** The first entry for a command on a platform; null when the index knows none. */
export function findEntry(entries: readonly IndexEntry[], platform: string, command: string): IndexEntry | null {
  const on = subjectOf(platform);
  const given = subjectOf(command);
  return entries.find((entry) => entry.matches(on, given)) ?? null;
}
