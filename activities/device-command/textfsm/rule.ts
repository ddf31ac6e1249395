import { templateError } from './errors.ts';
import { trim } from './lines.ts';
import { PatternError } from './pattern/nodes.ts';
import { compilePattern, type Pattern } from './pattern/pattern.ts';
import { subjectOf } from './pattern/subject.ts';

export const LINE_OPS = ['Continue', 'Next', 'Error'] as const;
export const RECORD_OPS = ['Clear', 'Clearall', 'Record', 'NoRecord'] as const;
export type LineOp = (typeof LINE_OPS)[number] | '';
export type RecordOp = (typeof RECORD_OPS)[number] | '';

/** A rule of a state: what a line must look like, and what follows when it does. */
export interface Rule {
  readonly pattern: Pattern;
  readonly lineOp: LineOp;
  readonly recordOp: RecordOp;
  /** Where to go, or the message of an Error; '' for staying. */
  readonly newState: string;
  readonly line: number;
}

const NEW_STATE = String.raw`(?P<new_state>\w+|\".*\")`;
const LINE_OP = `(?P<line_op>${LINE_OPS.join('|')})`;
const RECORD_OP = `(?P<record_op>${RECORD_OPS.join('|')})`;
const withAction = compilePattern(String.raw`(?P<match>.*)(\s->(?P<action>.*))`);
const actions = [
  compilePattern(String.raw`\s+(${LINE_OP}(\.${RECORD_OP})?)(\s+${NEW_STATE})?$`),
  compilePattern(String.raw`\s+${RECORD_OP}(\s+${NEW_STATE})?$`),
  compilePattern(String.raw`(\s+${NEW_STATE})?$`),
];
const word = compilePattern(String.raw`\w+`);

/** Reads a rule; `groups` says what stands for each `${name}`. */
export function parseRule(text: string, line: number, groups: ReadonlyMap<string, string>): Rule {
  const rule = trim(text);
  if (rule === '') throw templateError(`Null data in FSMRule. Line: ${line}`);
  const split = withAction.match(subjectOf(rule));
  const match = split?.named('match') ?? rule;
  const pattern = rulePattern(groups.size > 0 ? substitute(match, groups, line) : match, line);
  return { pattern, line, ...(split ? parseAction(rule, split.named('action') ?? '', line) : { lineOp: '', recordOp: '', newState: '' }) };
}

function parseAction(rule: string, action: string, line: number): Pick<Rule, 'lineOp' | 'recordOp' | 'newState'> {
  const subject = subjectOf(action);
  const found = actions.map((pattern) => pattern.match(subject)).find((match) => match !== null);
  if (!found) throw templateError(`Badly formatted rule '${rule}'. Line: ${line}.`);
  const lineOp = LINE_OPS.find((op) => op === found.named('line_op')) ?? '';
  const recordOp = RECORD_OPS.find((op) => op === found.named('record_op')) ?? '';
  const newState = found.named('new_state') ?? '';
  if (lineOp === 'Continue' && newState !== '') {
    throw templateError(`Action '${lineOp}' with new state ${newState} specified. Line: ${line}.`);
  }
  if (lineOp !== 'Error' && newState !== '' && !word.match(subjectOf(newState))) {
    throw templateError(`Alphanumeric characters only in state names. Line: ${line}.`);
  }
  return { lineOp, recordOp, newState };
}

/** Puts values in the place of `${name}` and `$name`, and `$` in the place of `$$`, as Python's `string.Template` does. */
function substitute(match: string, groups: ReadonlyMap<string, string>, line: number): string {
  return match.replace(
    /\$(?:(\$)|([_a-zA-Z][_a-zA-Z0-9]*)|\{([_a-zA-Z][_a-zA-Z0-9]*)\})?/g,
    (_, dollar?: string, bare?: string, braced?: string) => {
      if (dollar !== undefined) return '$';
      const group = groups.get(bare ?? braced ?? '');
      if (group === undefined) throw templateError(`Duplicate or invalid variable substitution: '${match}'. Line: ${line}.`);
      return group;
    },
  );
}

function rulePattern(regex: string, line: number): Pattern {
  try {
    return compilePattern(regex);
  } catch (error) {
    if (error instanceof PatternError) throw templateError(`Invalid regular expression: '${regex}'. Line: ${line}.`);
    throw error;
  }
}
