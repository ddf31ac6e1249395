import { templateError } from './errors.ts';
import { PatternError } from './pattern/nodes.ts';
import { compilePattern, type Pattern } from './pattern/pattern.ts';

export const VALUE_OPTIONS = ['Required', 'Filldown', 'Fillup', 'Key', 'List'] as const;
export type ValueOption = (typeof VALUE_OPTIONS)[number];

/** The longest name of a value or state. */
export const LONGEST_NAME = 48;

/** A `Value` line of a template. */
export interface Value {
  readonly name: string;
  /** In the order in which they are written, which is the order in which they act. */
  readonly options: readonly ValueOption[];
  /** Its expression in its outer parentheses. */
  readonly regex: string;
  /** What stands for `${name}` in a rule: the expression as a named group. */
  readonly group: string;
  /** Compiled for a List, whose nested groups are matched on their own. */
  readonly nested: Pattern | null;
}

/** Reads `Value [options] name (regex)`; throws without the line's number, which the caller knows. */
export function parseValue(line: string): Value {
  const tokens = line.split(' ');
  if (tokens.length < 3) throw templateError('Expect at least 3 tokens on line.');
  const hasOptions = !tokens[2]?.startsWith('(');
  const options = hasOptions ? parseOptions(tokens[1] ?? '') : [];
  const name = tokens[hasOptions ? 2 : 1] ?? '';
  const regex = tokens.slice(hasOptions ? 3 : 2).join(' ');

  if (Array.from(name).length > LONGEST_NAME) throw templateError(`Invalid Value name '${name}' or name too long.`);
  if (!/^\(.*\)$/s.test(regex) || count(regex, '(') !== count(regex, ')')) {
    throw templateError(`Value '${regex}' must be contained within a '()' pair.`);
  }
  return { name, options, regex, group: `(?P<${name}>${regex.slice(1)}`, nested: options.includes('List') ? nestedPattern(regex) : null };
}

const count = (text: string, char: string): number => text.split(char).length - 1;

function parseOptions(text: string): ValueOption[] {
  const options: ValueOption[] = [];
  for (const name of text.split(',')) {
    const option = VALUE_OPTIONS.find((known) => known === name);
    if (option !== undefined && options.includes(option)) throw templateError(`Duplicate option "${name}"`);
    if (option === undefined) throw templateError(`Unknown option "${name}"`);
    options.push(option);
  }
  return options;
}

function nestedPattern(regex: string): Pattern {
  try {
    return compilePattern(regex);
  } catch (error) {
    if (error instanceof PatternError) throw templateError(error.message);
    throw error;
  }
}
