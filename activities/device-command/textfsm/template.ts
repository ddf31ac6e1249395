import { TextFsmError, templateError } from './errors.ts';
import { fileLines, trimEnd } from './lines.ts';
import { compilePattern } from './pattern/pattern.ts';
import { subjectOf } from './pattern/subject.ts';
import { LINE_OPS, parseRule, RECORD_OPS, type Rule } from './rule.ts';
import { LONGEST_NAME, parseValue, type Value } from './value.ts';

/** A template of TextFSM: what a row holds and how lines are told apart. */
export interface Template {
  readonly values: readonly Value[];
  readonly states: ReadonlyMap<string, readonly Rule[]>;
}

const stateName = compilePattern(String.raw`^(\w+)$`);
const RESERVED: readonly string[] = [...LINE_OPS, ...RECORD_OPS];

/** Reads a template; what Python's `textfsm` refuses is refused in the same words, naming the line. */
export function parseTemplate(text: string): Template {
  const reader = new TemplateReader(fileLines(text));
  const values = reader.values();
  const groups = new Map(values.map((value) => [value.name, value.group]));
  const states = new Map<string, readonly Rule[]>();
  for (let name = reader.stateName(states); name !== null; name = reader.stateName(states)) {
    states.set(name, reader.rules(groups));
  }
  checkStates(states);
  return { values, states };
}

class TemplateReader {
  readonly #lines: readonly string[];
  #line = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  #next(): string | null {
    const line = this.#lines[this.#line];
    if (line === undefined) return null;
    this.#line += 1;
    return trimEnd(line);
  }

  /** The values at the head, up to the first blank line. */
  values(): Value[] {
    const values: Value[] = [];
    for (let line = this.#next(); line !== null && line !== ''; line = this.#next()) {
      if (isComment(line)) continue;
      if (line.startsWith('Value ')) values.push(this.#value(line, values));
      else if (values.length === 0) throw templateError('No Value definitions found.');
      else throw templateError(`Expected blank line after last Value entry. Line: ${this.#line}.`);
    }
    return values;
  }

  #value(line: string, before: readonly Value[]): Value {
    let value: Value;
    try {
      value = parseValue(line);
    } catch (error) {
      if (error instanceof TextFsmError) throw templateError(`${error.message} Line ${this.#line}.`);
      throw error;
    }
    if (before.some(({ name }) => name === value.name)) {
      throw templateError(`Duplicate declarations for Value '${value.name}'. Line: ${this.#line}.`);
    }
    return value;
  }

  /** The name of the next state; null at the end. */
  stateName(states: ReadonlyMap<string, unknown>): string | null {
    let line = this.#next();
    while (line !== null && (line === '' || isComment(line))) line = this.#next();
    if (line === null) return null;
    if (!stateName.match(subjectOf(line)) || Array.from(line).length > LONGEST_NAME || RESERVED.includes(line)) {
      throw templateError(`Invalid state name: '${line}'. Line: ${this.#line}`);
    }
    if (states.has(line)) throw templateError(`Duplicate state name: '${line}'. Line: ${this.#line}`);
    return line;
  }

  /** The rules of a state, up to a blank line. */
  rules(groups: ReadonlyMap<string, string>): Rule[] {
    const rules: Rule[] = [];
    for (let line = this.#next(); line !== null && line !== ''; line = this.#next()) {
      if (isComment(line)) continue;
      if (!/^( {1,2}|\t)\^/.test(line)) throw templateError(`Missing white space or carat ('^') before rule. Line: ${this.#line}`);
      rules.push(parseRule(line, this.#line, groups));
    }
    return rules;
  }
}

const comment = compilePattern(String.raw`^\s*#`);
const isComment = (line: string): boolean => comment.match(subjectOf(line)) !== null;

function checkStates(states: Map<string, readonly Rule[]>): void {
  if (!states.has('Start')) throw templateError("Missing state 'Start'.");
  if (states.get('End')?.length) throw templateError("Non-Empty 'End' state.");
  if (states.get('EOF')?.length) throw templateError("Non-Empty 'EOF' state.");
  states.delete('End');
  for (const [name, rules] of states) {
    for (const { lineOp, newState } of rules) {
      if (lineOp === 'Error' || newState === '' || newState === 'End' || newState === 'EOF') continue;
      if (!states.has(newState)) throw templateError(`State '${newState}' not found, referenced in state '${name}'`);
    }
  }
}
