import type { Json, JsonObject } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { pointerTo } from '../problem.ts';
import { NAME_PATTERN } from '../schema-words.ts';

/** What a conversion did to one place of the foreign text: another name for it, another way to say it, or nothing, because there is no such thing here. */
export interface ConversionNote {
  readonly kind: 'renamed' | 'rewritten' | 'unmapped';
  /** JSON pointer into what was given. */
  readonly pointer: string;
  readonly message: string;
}

/** A foreign job in the words of a definition; whether it is a valid one is for `validateDefinition` to say. */
export interface Converted {
  readonly definition: JsonObject;
  readonly notes: readonly ConversionNote[];
  /** Steps left out because their type is not known here, by the name they had. */
  readonly leftOut: readonly string[];
}

/** The foreign text is not of the form it was said to be. */
export class NotThatForm extends Error {
  override readonly name = 'NotThatForm';
}

/** Throws for more steps than a definition may have, before time is spent on each. */
export function refuseTooMany(steps: readonly Json[]): void {
  if (steps.length > LIMITS.steps) throw new NotThatForm(`steps: has ${steps.length} entries; at most ${LIMITS.steps} allowed`);
}

/** Collects what a conversion did. */
export class Report {
  readonly #notes: ConversionNote[] = [];

  get notes(): readonly ConversionNote[] {
    return this.#notes;
  }

  renamed(pointer: string, from: string, to: string): void {
    if (from !== to) this.#add('renamed', pointer, `${from} is called ${to} here`);
  }

  rewritten(pointer: string, from: string, to: string): void {
    if (from !== to) this.#add('rewritten', pointer, `${quoted(from)} became ${quoted(to)}`);
  }

  unmapped(pointer: string, message: string): void {
    this.#add('unmapped', pointer, message);
  }

  /** Everything of an object that nobody has read. */
  unread(object: JsonObject, known: readonly string[], pointer: string): void {
    for (const key of Object.keys(object)) {
      if (!known.includes(key)) this.unmapped(pointerTo(pointer, key), `there is no ${key} here; it was left out`);
    }
  }

  #add(kind: ConversionNote['kind'], pointer: string, message: string): void {
    this.#notes.push({ kind, pointer, message });
  }
}

const quoted = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** Names as they are written here, each once: `Read system facts` becomes `read-system-facts`, a second one `read-system-facts-2`. */
export class Slugs {
  readonly #taken = new Set<string>();

  of(text: string, otherwise: string): string {
    const plain = text
      .normalize('NFKD')
      .replace(/\p{Mark}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9._]+/g, '-')
      .replace(/^[-._]+|[-._]+$/g, '')
      .slice(0, 90);
    const base = new RegExp(NAME_PATTERN).test(plain) ? plain : otherwise;
    for (let n = 1; ; n++) {
      const slug = n === 1 ? base : `${base}-${n}`;
      if (this.#taken.has(slug)) continue;
      this.#taken.add(slug);
      return slug;
    }
  }
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text of a field, or nothing where it is none. */
export const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** A number of seconds as a duration is written here; nothing for what is no number of seconds. */
export const secondsOf = (value: Json | undefined): string | undefined => {
  const seconds = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof seconds === 'number' && Number.isInteger(seconds) && seconds > 0 ? `${seconds}s` : undefined;
};
