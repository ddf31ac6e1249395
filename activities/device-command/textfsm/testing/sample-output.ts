import { TextFsmError } from '../errors.ts';
import { splitLines } from '../lines.ts';
import { Machine } from '../machine.ts';
import { TooMuchWork } from '../pattern/run-state.ts';
import { type Subject, subjectOf } from '../pattern/subject.ts';
import type { Rule } from '../rule.ts';
import type { Template } from '../template.ts';
import { Random } from './random.ts';
import { Sampler } from './sample-text.ts';

/** Made-up output of a device, and what it does to its template. */
export interface SampleOutput {
  readonly text: string;
  readonly rows: number;
  /** Lines of the template whose rules it met. */
  readonly rules: ReadonlySet<number>;
}

const TRIES_PER_RULE = 25;
const MOST_STEPS = 30_000;
/** After this many vain searches for a line a rule counts as hidden behind others. */
const MOST_FAILURES = 3;

/** How many walks may look for the first row. */
const MOST_WALKS = 60;

/**
 * Outputs made from a template's own rules, of which at least one gives a row if any was found: most walks go through the rules in their order, some wander.
 * Each kept one meets a rule that those before it did not.
 */
export function sampleOutputs(template: Template, seed: number, walks: number): readonly SampleOutput[] {
  const aids: Aids = { samplers: new Map(), failures: new Map() };
  const rules = [...template.states.values()].flat().filter(({ lineOp }) => lineOp !== 'Error');
  const met = new Set<number>();
  const kept: SampleOutput[] = [];
  const hasRow = (): boolean => kept.some(({ rows }) => rows > 0);
  const isDone = (): boolean => rules.every((rule) => met.has(rule.line) || (aids.failures.get(rule) ?? 0) >= MOST_FAILURES);
  for (let walk = 0; walk < (hasRow() ? walks : MOST_WALKS) && !(hasRow() && isDone()); walk++) {
    const sample = new Walk(template, aids, met, new Random(seed + walk), walk % 3 !== 2).run();
    if ([...sample.rules].some((line) => !met.has(line)) || (sample.rows > 0 && !hasRow())) kept.push(sample);
    for (const line of sample.rules) met.add(line);
  }
  return kept;
}

/** What walks over one template share. */
interface Aids {
  readonly samplers: Map<Rule, Sampler>;
  readonly failures: Map<Rule, number>;
}

class Walk {
  readonly #machine: Machine;
  readonly #lines: string[] = [];
  readonly #rules = new Set<number>();
  readonly #tried = new Map<Rule, number>();
  readonly #template: Template;
  readonly #aids: Aids;
  readonly #mostLines: number;
  readonly #met: ReadonlySet<number>;
  readonly #random: Random;
  readonly #inOrder: boolean;

  constructor(template: Template, aids: Aids, met: ReadonlySet<number>, random: Random, inOrder: boolean) {
    this.#template = template;
    this.#aids = aids;
    this.#mostLines = Math.min(400, 40 + [...template.states.values()].flat().length * 2);
    this.#met = met;
    this.#random = random;
    this.#inOrder = inOrder;
    this.#machine = new Machine(template);
  }

  run(): SampleOutput {
    for (let misses = 0; this.#lines.length < this.#mostLines && misses < 30 && !this.#machine.ended; ) {
      const rule = this.#choose();
      if (rule === null) break;
      const line = this.#lineFor(rule);
      misses = line === null ? misses + 1 : 0;
      if (line !== null) this.#say(line);
    }
    this.#machine.finish();
    return { text: this.#lines.map((line) => `${line}\n`).join(''), rows: this.#machine.rows.length, rules: this.#rules };
  }

  #choose(): Rule | null {
    const rules = (this.#template.states.get(this.#machine.state) ?? []).filter(
      (rule) => rule.lineOp !== 'Error' && (this.#aids.failures.get(rule) ?? 0) < MOST_FAILURES,
    );
    const staying = rules.filter(({ newState }) => newState !== 'End' && newState !== 'EOF');
    const early = staying.length > 0 && (this.#lines.length < 12 || this.#random.chance(0.9));
    const candidates = early ? staying : rules;
    if (candidates.length === 0) return null;
    const unmet = candidates.filter((rule) => !this.#met.has(rule.line) && !this.#rules.has(rule.line));
    if (!this.#inOrder) return this.#random.pick(unmet.length > 0 && this.#random.chance(0.5) ? unmet : candidates);
    // The least tried first, so that each pass goes through a state's rules as they are written.
    const rule = candidates.reduce((least, next) => ((this.#tried.get(next) ?? 0) < (this.#tried.get(least) ?? 0) ? next : least));
    this.#tried.set(rule, (this.#tried.get(rule) ?? 0) + 1);
    return rule;
  }

  /** A line that reaches the rule and raises no Error; null when none was found. */
  #lineFor(rule: Rule): string | null {
    const sampler = this.#aids.samplers.get(rule) ?? new Sampler(rule.pattern.text);
    this.#aids.samplers.set(rule, sampler);
    for (let i = 0; i < TRIES_PER_RULE; i++) {
      const line = sampler.text(this.#random);
      if (splitLines(`${line}\n`)[0] !== line) continue;
      const matched = this.#matchingWithin(subjectOf(line));
      if (matched === null) break;
      if (matched.includes(rule) && matched.every(({ lineOp }) => lineOp !== 'Error')) return line;
    }
    this.#aids.failures.set(rule, (this.#aids.failures.get(rule) ?? 0) + 1);
    return null;
  }

  /** Null for a line that a rule would think about for too long: Python has no limit, and would. */
  #matchingWithin(subject: Subject): readonly Rule[] | null {
    try {
      return this.#matching(subject);
    } catch (error) {
      if (error instanceof TooMuchWork) return null;
      throw error;
    }
  }

  #matching(subject: Subject): readonly Rule[] {
    const matched: Rule[] = [];
    const steps = { left: MOST_STEPS };
    for (const rule of this.#template.states.get(this.#machine.state) ?? []) {
      if (!rule.pattern.match(subject, steps)) continue;
      matched.push(rule);
      if (rule.lineOp !== 'Continue') break;
    }
    return matched;
  }

  #say(line: string): void {
    try {
      for (const rule of this.#machine.line(line)) this.#rules.add(rule.line);
      this.#lines.push(line);
    } catch (error) {
      // A List that takes no part raises in Python too; such a line is left out.
      if (!(error instanceof TextFsmError)) throw error;
    }
  }
}

/** The same output as a bad line or another release might give it: lines missing, doubled, swapped, with other blanks, or with a character changed. */
export function damaged(text: string, random: Random): string {
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const at = random.below(line.length + 1);
    const kind = random.below(24);
    if (kind === 0) lines.splice(i, 1);
    else if (kind === 1) lines.splice(i, 0, line);
    else if (kind === 2) lines[i] = `${line}  \r`;
    else if (kind === 3) lines[i] = ` ${line}`;
    else if (kind === 4)
      lines[i] = `${line.slice(0, at)}${random.pick(['', ' ', 'x', '7', '\u00a0', 'é', '\u{1F600}'])}${line.slice(at + 1)}`;
  }
  return lines.join('\n');
}
