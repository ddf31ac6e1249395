import { type Compiler, compile, type Try } from './compile.ts';
import { PatternError } from './nodes.ts';
import { parsePattern } from './parse.ts';
import { RunState, TooMuchWork } from './run-state.ts';
import type { Subject } from './subject.ts';

/** How many steps matching may still take; each match takes its own away. */
export interface Steps {
  left: number;
}

/** A compiled Python regular expression. */
export interface Pattern {
  readonly text: string;
  /** How many groups it captures. */
  readonly groups: number;
  /** Groups with a name, in the order in which they open. */
  readonly names: ReadonlyMap<string, number>;
  /** Matches at the beginning of the text, as `re.match` does; throws TooMuchWork when no steps are left. */
  match(subject: Subject, steps?: Steps): Match | null;
}

/** The groups of a match: 0 is all of it; null where a group took no part. */
export interface Match {
  readonly spans: readonly (readonly [number, number] | null)[];
  text(group: number): string | null;
  named(name: string): string | null;
}

/** Compiles a regular expression of Python 3.11; throws PatternError in Python's words. */
export function compilePattern(text: string): Pattern {
  const parsed = parsePattern(text);
  const groups = parsed.groups.length - 1;
  const state = new RunState(groups);
  const compiler: Compiler = {
    state,
    groups: parsed.groups,
    lookbehindError: () => new PatternError('look-behind requires fixed-width pattern'),
  };
  const ended: Try = (ptr) => {
    state.reached = ptr;
    return true;
  };
  const run = compile(parsed.nodes, parsed.flags, ended, compiler);
  return {
    text,
    groups,
    names: parsed.names,
    match(subject, steps = { left: Number.POSITIVE_INFINITY }) {
      state.begin(subject.codes, steps.left);
      try {
        if (!run(0)) return null;
      } catch (error) {
        if (error instanceof RangeError) throw new TooMuchWork('the match nests deeper than the stack');
        throw error;
      } finally {
        steps.left = state.steps;
      }
      return matchOf(subject, parsed.names, [[0, state.reached], ...Array.from({ length: groups }, (_, i) => state.span(i + 1))]);
    },
  };
}

function matchOf(subject: Subject, names: ReadonlyMap<string, number>, spans: Match['spans']): Match {
  const text = (group: number): string | null => {
    const span = spans[group];
    return span ? subject.slice(span[0], span[1]) : null;
  };
  return { spans, text, named: (name) => text(names.get(name) ?? -1) };
}
