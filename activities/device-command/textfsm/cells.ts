import { TextFsmError } from './errors.ts';
import type { Match } from './pattern/pattern.ts';
import { subjectOf } from './pattern/subject.ts';
import type { Value, ValueOption } from './value.ts';

/** An item of a List: what the value matched, or its nested groups by name. */
export type Item = string | null | { readonly [group: string]: string | null };

/** What a row holds for one value. */
export type Cell = string | readonly Item[];

/** A required value is empty: the record is not kept. */
export class SkipRecord extends Error {
  override readonly name = 'SkipRecord';
}

/** The place of one value in the record that is being built. */
export class Slot {
  readonly value: Value;
  content: Cell | null = null;
  #before: string | null = null;
  #list: Item[] = [];
  readonly #fillUp: (content: Cell) => void;

  constructor(value: Value, fillUp: (content: Cell) => void) {
    this.value = value;
    this.#fillUp = fillUp;
  }

  assign(match: Match): void {
    const text = match.named(this.value.name);
    this.content = text;
    for (const option of this.value.options) {
      if (option === 'Filldown') this.#before = text;
      else if (option === 'Fillup' && text) this.#fillUp(text);
      else if (option === 'List') this.#list.push(this.#item(text));
    }
  }

  /** A matched text, or its nested groups where the expression names some. */
  #item(text: string | null): Item {
    const { nested, name } = this.value;
    if (!nested || nested.groups < 2) return text;
    if (text === null) throw new TextFsmError('unexpected_output', `List '${name}' has nested groups and took no part in the match`);
    const match = nested.names.size > 0 ? nested.match(subjectOf(text)) : null;
    return match ? Object.fromEntries(Array.from(nested.names.keys(), (group) => [group, match.named(group)])) : text;
  }

  /** Forgets what this row held; what fills down stays. */
  clear(): void {
    this.content = null;
    for (const option of this.value.options) {
      if (option === 'Filldown') this.content = this.#before;
      else if (option === 'List' && !this.#has('Filldown')) this.#list = [];
    }
  }

  clearAll(): void {
    this.content = null;
    this.#before = null;
    this.#list = [];
  }

  /** Makes the content what a record keeps; throws SkipRecord. Options act in the order in which they are written. */
  settle(): void {
    for (const option of this.value.options) {
      if (option === 'Required' && isEmpty(this.content)) throw new SkipRecord();
      if (option === 'List') this.content = [...this.#list];
    }
  }

  #has(option: ValueOption): boolean {
    return this.value.options.includes(option);
  }
}

/** Empty as Python's truth has it: nothing, no text, no items. */
export const isEmpty = (content: Cell | null): boolean => content === null || content.length === 0;
