import { setImmediate } from 'node:timers/promises';
import type { Cell } from './cells.ts';
import { TextFsmError } from './errors.ts';
import { splitLines } from './lines.ts';
import { boundedLine, Machine, PARSE_LIMITS, type ParseLimits } from './machine.ts';
import type { Template } from './template.ts';

/** How long the process is held before others get their turn. */
const TURN_MS = 20;

/**
 * The rows that a template finds in a text, a cell per value, exactly as Python's `TextFSM.ParseText`. The process is lent to others every few milliseconds.
 * Throws `unexpected_output` where the template says Error, and `too_much_work` past the limits: there are no rows then, not some of them.
 */
export async function parseText(
  template: Template,
  text: string,
  limits: ParseLimits = PARSE_LIMITS,
): Promise<readonly (readonly Cell[])[]> {
  const machine = new Machine(template);
  const lines = splitLines(text);
  let used = 0;
  let turn = performance.now();
  for (let i = 0; i < lines.length && !machine.ended; i++) {
    boundedLine(machine, lines[i] ?? '', i + 1, limits);
    const held = performance.now() - turn;
    if (used + held > limits.budgetMs) throw overBudget(limits, i + 1, lines.length);
    if (held < TURN_MS) continue;
    used += held;
    await setImmediate();
    turn = performance.now();
  }
  machine.finish();
  return machine.rows;
}

const overBudget = (limits: ParseLimits, line: number, of: number): TextFsmError =>
  new TextFsmError('too_much_work', `parsing took more than ${limits.budgetMs} ms, at line ${line} of ${of}`);
