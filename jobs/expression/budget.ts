/** What one expression may measure and cost; above any of it, it is refused. */
export const EXPRESSION_LIMITS = {
  /** Characters between `${{` and `}}`. */
  source: 2048,
  /** Brackets, or signs before a value, inside each other. */
  nesting: 32,
  /** Levels of the parsed tree, which a long `a + b + …` makes deep too. */
  depth: 250,
  /** Evaluated nodes; big values and slow functions count for many. */
  calls: 100_000,
  /** The same for all expressions over one state of a run, so that many costly ones cannot hold a workflow either. */
  callsTogether: 1_000_000,
  /** Characters of any text on the way and of the result. */
  text: 65_536,
  /** Entries of any list or object. */
  items: 10_000,
  /** Lists and objects inside each other, in values. */
  valueDepth: 64,
  /** Characters of a regular expression. */
  pattern: 1024,
  /** `all`, `exists`, `map`, `filter` inside the body of another: one level, so none inside. */
  comprehensions: 1,
} as const;

/** An expression that costs more than it may; nothing inside an expression can catch it for good. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

/** Counts what the running expression costs. Evaluation is synchronous, so one meter serves all. */
class Meter {
  #limit = 0;
  #left = 0;

  /** Begins an expression that may spend this much. */
  start(limit: number): void {
    this.#limit = limit;
    this.#left = limit;
  }

  /** What the running expression has cost; above its limit when it was too much. */
  get spent(): number {
    return this.#limit - this.#left;
  }

  get isSpent(): boolean {
    return this.#left < 0;
  }

  /** Charges for work; throws once the budget is spent, and again at every later charge. */
  spend(calls: number): void {
    this.#left -= calls;
    if (this.#left < 0) throw new BudgetSpent(`it takes more than ${grouped(this.#limit)} calls`);
  }

  /** Charges for a value that came up and refuses one that is too big to go on with. */
  hold(value: unknown): void {
    if (typeof value === 'string') {
      this.fit(value.length);
      this.spend(value.length >> 10);
    } else if (Array.isArray(value)) {
      if (value.length > EXPRESSION_LIMITS.items)
        throw new Error(`a list of ${value.length} entries is over the limit of ${EXPRESSION_LIMITS.items}`);
      this.spend(value.length >> 6);
    }
  }

  /** Refuses a text of this many characters, before it is made. */
  fit(characters: number): void {
    if (characters > EXPRESSION_LIMITS.text)
      throw new Error(`a text of ${characters} characters is over the limit of ${EXPRESSION_LIMITS.text}`);
  }

  /** Charges for every part of a value, as comparing it does; shared parts count each time they are reached. */
  weigh(value: unknown): void {
    if (Array.isArray(value)) {
      this.spend(1 + (value.length >> 2));
      for (const part of value) if (typeof part === 'object') this.weigh(part);
    } else if (value instanceof Map) {
      this.spend(1 + (value.size >> 2));
      for (const part of value.values()) if (typeof part === 'object') this.weigh(part);
    }
  }
}

/** 100,000 for 100000; not by locale data, which change with Node while a workflow's history stays. */
export const grouped = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

export const meter = new Meter();
