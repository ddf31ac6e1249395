import type { Driver } from './driver.ts';
import { Echo } from './echo.ts';
import { turnsPage } from './pagers.ts';
import { isSameHost, type Prompt, promptOf, standsAbove } from './prompt.ts';
import { isQuestion, type Question } from './questions.ts';
import type { Sight, Terminal } from './terminal.ts';

/** What to do about what stands on the screen. */
export type Next =
  | { readonly do: 'done'; readonly prompt: Prompt }
  | { readonly do: 'turn page'; readonly send: string }
  | { readonly do: 'answer'; readonly question: Question }
  | { readonly do: 'give up'; readonly asked: string };

/** Characters of a command's output that are kept. */
const KEPT_OUTPUT = 2 * 1024 * 1024;
const KEPT_FAILURES = 5;
/** Stillness after which a prompt with another name counts, and a question that nobody has an answer for. */
const STRANGER_MS = 2000;
const RENAMED_MS = 150;
const QUESTION_MS = 500;
const ANSWER_MS = 30;

const RENAMES = /\b(?:host-?name|sysname|identity|prompt|system-name|name)\b/i;

/** What a device answers to one command, from its echo to the prompt after it. */
export class Reply {
  readonly #driver: Driver;
  readonly #known: Prompt;
  readonly #questions: readonly Question[];
  readonly #renames: boolean;
  #echo: Echo | null;
  #held: string[] = [];
  #output = '';
  #failures: string[] = [];
  #fresh: string[] = [];
  #handled: { readonly finished: number; readonly line: string; readonly paged: boolean } | null = null;
  cut = false;

  constructor(driver: Driver, command: string, known: Prompt, questions: readonly Question[]) {
    this.#driver = driver;
    this.#known = known;
    this.#questions = questions;
    this.#renames = RENAMES.test(command);
    this.#echo = new Echo(command);
  }

  /** All it said, without echo and prompt; the beginning only when `cut`. */
  get output(): string {
    return this.#output;
  }

  /** The lines that say it was refused. */
  get failure(): string | null {
    return this.#failures.length === 0 ? null : this.#failures.join('\n');
  }

  get hasEcho(): boolean {
    return this.#echo === null;
  }

  /** Lines that are certain to be output and were not taken yet. */
  takeFresh(): readonly string[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  /** Keeps for certain what was held back in case a prompt followed. */
  end(): void {
    for (const line of this.#held.splice(0)) this.#keep(line);
  }

  /** What stands there asks for; null while it is nothing yet. */
  look(terminal: Terminal): Sight<Next> | null {
    for (const line of terminal.takeLines()) this.#take(line, terminal);
    const { line, finished } = terminal;
    if (this.#handled !== null) {
      if (this.#handled.finished === finished && line.startsWith(this.#handled.line)) return null;
      if (this.#handled.finished === finished) this.#handled = null;
    }
    if (this.#echo !== null) return null;
    const slowMs = terminal.gapMs < 1 ? 0 : Math.min(3000, 3 * terminal.gapMs);

    const question = this.#questions.find((asked) => asked.matches(line));
    if (question !== undefined) return { value: { do: 'answer', question }, settleMs: Math.max(slowMs, question.settleMs ?? ANSWER_MS) };
    const page = turnsPage(this.#driver, line, terminal.rawTail);
    if (page !== null) return { value: { do: 'turn page', send: page }, settleMs: slowMs };
    const prompt = promptOf(this.#driver, line, terminal.above);
    if (prompt !== null) {
      const strangeMs = isSameHost(prompt, this.#known) ? 0 : this.#renames ? RENAMED_MS : STRANGER_MS;
      return { value: { do: 'done', prompt }, settleMs: Math.max(slowMs, strangeMs) };
    }
    return isQuestion(line) ? { value: { do: 'give up', asked: line.trim() }, settleMs: Math.max(slowMs, QUESTION_MS) } : null;
  }

  /** The last line was answered; until it changes it asks for nothing more. */
  handled(terminal: Terminal, paged: boolean): void {
    this.#handled = { finished: terminal.finished, line: terminal.line, paged };
  }

  /** Drops what was held back, for it belonged to the prompt. */
  drop(): void {
    this.#held = [];
  }

  #take(text: string, terminal: Terminal): void {
    if (this.#echo !== null) {
      if (!this.#echo.endsWith(text)) return;
      this.#echo = null;
      terminal.measureAnew();
      return;
    }
    const line = this.#withoutPager(text);
    if (line === null) return;
    this.#held.push(line);
    while (this.#held.length > 0 && !(this.#held.length <= 2 && this.#held.every((held) => standsAbove(this.#driver, held)))) {
      this.#keep(this.#held.shift() ?? '');
    }
  }

  /** A pager that does not take itself away is no output. */
  #withoutPager(line: string): string | null {
    const paged = this.#handled?.paged ? this.#handled.line.trimEnd() : '';
    this.#handled = null;
    if (paged === '' || !line.startsWith(paged)) return line;
    return line.length === paged.length || line.slice(paged.length).trim() === '' ? null : line.slice(paged.length);
  }

  #keep(line: string): void {
    this.#fresh.push(line);
    if (this.#failures.length < KEPT_FAILURES && this.#driver.failures.some((failure) => failure.test(line.slice(0, 500)))) {
      this.#failures.push(line.trim());
    }
    if (this.#output.length + line.length < KEPT_OUTPUT) this.#output += `${line}\n`;
    else this.cut = true;
  }
}
