import { type Cell, isEmpty, SkipRecord, Slot } from './cells.ts';
import { TextFsmError } from './errors.ts';
import type { Steps } from './pattern/pattern.ts';
import { TooMuchWork } from './pattern/run-state.ts';
import { subjectOf } from './pattern/subject.ts';
import type { Rule } from './rule.ts';
import type { Template } from './template.ts';

/** A template at work on one text: lines go in, rows come out. */
export class Machine {
  readonly rows: Cell[][] = [];
  readonly #template: Template;
  readonly #slots: readonly Slot[];
  readonly #byName: ReadonlyMap<string, Slot>;
  #rules: readonly Rule[];
  #state = 'Start';

  constructor(template: Template) {
    this.#template = template;
    this.#rules = template.states.get('Start') ?? [];
    this.#slots = template.values.map((value, column) => new Slot(value, (content) => this.#fillUp(column, content)));
    this.#byName = new Map(this.#slots.map((slot) => [slot.value.name, slot]));
  }

  /** True once a rule has led to End or EOF: no further line counts. */
  get ended(): boolean {
    return this.#state === 'End' || this.#state === 'EOF';
  }

  /** The state the next line meets. */
  get state(): string {
    return this.#state;
  }

  /** Passes a line through the rules of the current state; answers with the rules that matched it. Throws what the template calls an Error, and TooMuchWork when it runs out of steps. */
  line(text: string, steps?: Steps): readonly Rule[] {
    const subject = subjectOf(text);
    const matched: Rule[] = [];
    for (const rule of this.#rules) {
      const match = rule.pattern.match(subject, steps);
      if (!match) continue;
      matched.push(rule);
      for (const name of rule.pattern.names.keys()) this.#byName.get(name)?.assign(match);
      this.#record(rule);
      if (rule.lineOp === 'Error') throw new TextFsmError('unexpected_output', errorOf(rule, text));
      if (rule.lineOp === 'Continue') continue;
      if (rule.newState !== '') this.#enter(rule.newState);
      break;
    }
    return matched;
  }

  /** The end of the text: the record in progress is kept, unless the template says otherwise. */
  finish(): void {
    if (this.#state !== 'End' && !this.#template.states.has('EOF')) this.#append();
  }

  #enter(state: string): void {
    this.#state = state;
    if (!this.ended) this.#rules = this.#template.states.get(state) ?? [];
  }

  #record({ recordOp }: Rule): void {
    if (recordOp === 'Record') this.#append();
    else if (recordOp === 'Clear') this.#clear();
    else if (recordOp === 'Clearall') for (const slot of this.#slots) slot.clearAll();
  }

  #clear(): void {
    for (const slot of this.#slots) slot.clear();
  }

  #append(): void {
    try {
      for (const slot of this.#slots) slot.settle();
    } catch (error) {
      if (!(error instanceof SkipRecord)) throw error;
      this.#clear();
      return;
    }
    const nothing = this.#slots.every(({ content }) => content === null || (typeof content !== 'string' && content.length === 0));
    if (nothing) return;
    this.rows.push(this.#slots.map(({ content }) => content ?? ''));
    this.#clear();
  }

  #fillUp(column: number, content: Cell): void {
    for (let i = this.rows.length - 1; i >= 0; i--) {
      const row = this.rows[i];
      if (!row || !isEmpty(row[column] ?? null)) return;
      row[column] = content;
    }
  }
}

function errorOf({ newState, line }: Rule, text: string): string {
  return newState === ''
    ? `State Error raised. Rule Line: ${line}. Input Line: ${text}`
    : `Error: ${newState}. Rule Line: ${line}. Input Line: ${text}.`;
}

/** What a text may ask for before its parsing is given up. */
export interface ParseLimits {
  readonly longestLine: number;
  /** Steps of matching one line against all rules it meets; ten million take about a third of a second. */
  readonly mostSteps: number;
  /** Milliseconds of our own time, looked at between lines. */
  readonly budgetMs: number;
}

export const PARSE_LIMITS: ParseLimits = { longestLine: 65_536, mostSteps: 10_000_000, budgetMs: 10_000 };

/** One line into the machine, within the limits. */
export function boundedLine(machine: Machine, text: string, number: number, limits: ParseLimits): void {
  if (text.length > limits.longestLine) {
    throw new TextFsmError('too_much_work', `line ${number} has ${text.length} characters, more than ${limits.longestLine}`);
  }
  try {
    machine.line(text, { left: limits.mostSteps });
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error;
    throw new TextFsmError('too_much_work', `line ${number}: ${error.message}`, { cause: error });
  }
}
