import { codeFields } from '../expression/bind.ts';
import { SAFE_IN_CODE } from '../expression/render.ts';
import type { Json, JsonObject, JsonSchema } from '../json.ts';
import { pointerTo } from '../problem.ts';
import type { Report } from './conversion.ts';

/** What was pasted into a text where it stood: an expression as it is written here, and what to call it beside code. */
export interface Pasted {
  readonly expression: string;
  readonly variable: string;
  /** Values of it cannot break out of code. */
  readonly isHarmless: boolean;
}

/** How a foreign format writes what it pastes. */
export interface Pasting {
  readonly pattern: RegExp;
  /** What the text inside means; nothing where it means nothing here. */
  readonly read: (inside: string) => Pasted | undefined;
}

/** A config without pasting: in a text that a machine executes values are bound as environment, elsewhere they become expressions. */
export function bound(config: JsonObject, schema: JsonSchema, pasting: Pasting, pointer: string, report: Report): JsonObject {
  const code = new Set(codeFields(schema, asExpressions(config, pasting)));
  const own = config.environment;
  const environment = new Bindings(typeof own === 'object' && own !== null ? Object.keys(own) : []);
  const rewrite = (value: Json, at: string): Json => {
    if (typeof value === 'string') {
      const text = code.has(at.slice(pointer.length)) ? inCode(value, pasting, environment) : inText(value, pasting);
      report.rewritten(at, value, text);
      for (const [whole, inside = ''] of value.matchAll(pasting.pattern)) {
        if (!pasting.read(inside.trim())) report.unmapped(at, `${whole} means nothing here; it was left as it is`);
      }
      return text;
    }
    if (Array.isArray(value)) return value.map((one, n) => rewrite(one, pointerTo(at, n)));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rewrite(one, pointerTo(at, key))]));
  };
  const rewritten = rewrite(config, pointer) as JsonObject;
  const given = rewritten.environment;
  const added = environment.all;
  return Object.keys(added).length === 0
    ? rewritten
    : { ...rewritten, environment: { ...(typeof given === 'object' && given !== null && !Array.isArray(given) && given), ...added } };
}

const inText = (text: string, { pattern, read }: Pasting): string =>
  text.replace(pattern, (whole, inside: string) => {
    const pasted = read(inside.trim());
    return pasted ? `\${{ ${pasted.expression} }}` : whole;
  });

/** So that `codeFields` sees expressions, however the format writes them. */
const asExpressions = (config: Json, pasting: Pasting): Json =>
  JSON.parse(JSON.stringify(config), (_, value) => (typeof value === 'string' ? inText(value, pasting) : value));

/** A shell text in which each pasted value is a variable, quoted as its place asks for. */
function inCode(text: string, { pattern, read }: Pasting, environment: Bindings): string {
  let out = '';
  let from = 0;
  const quotes = new Quotes();
  for (const found of text.matchAll(pattern)) {
    const [whole, inside = ''] = found;
    const before = text.slice(from, found.index);
    quotes.read(before);
    out += before;
    from = found.index + whole.length;
    const pasted = read(inside.trim());
    if (!pasted) out += whole;
    else if (pasted.isHarmless) out += `\${{ ${pasted.expression} }}`;
    else out += quotes.around(`\${${environment.variableFor(pasted)}}`);
  }
  return out + text.slice(from);
}

/** The environment variables that pasted values are bound to: one for each expression, and none that is there already. */
class Bindings {
  readonly #taken: Set<string>;
  readonly #byExpression = new Map<string, string>();

  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken);
  }

  get all(): JsonObject {
    return Object.fromEntries([...this.#byExpression].map(([expression, variable]) => [variable, `\${{ ${expression} }}`]));
  }

  variableFor({ expression, variable }: Pasted): string {
    const known = this.#byExpression.get(expression);
    if (known !== undefined) return known;
    let free = variable;
    for (let n = 2; this.#taken.has(free); n++) free = `${variable}_${n}`;
    this.#taken.add(free);
    this.#byExpression.set(expression, free);
    return free;
  }
}

/** Follows in which quotes of a shell text one stands. */
class Quotes {
  #open: '"' | "'" | null = null;

  read(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const mark = text[at];
      if (mark === '\\' && this.#open !== "'") at += 1;
      else if (mark === this.#open) this.#open = null;
      else if (this.#open === null && (mark === '"' || mark === "'")) this.#open = mark;
    }
  }

  around(variable: string): string {
    if (this.#open === '"') return variable;
    return this.#open === "'" ? `'"${variable}"'` : `"${variable}"`;
  }
}

/** Whether the values of a parameter can stand in code: numbers, booleans, and the words of an enum that are nothing but words. */
export function isHarmlessParameter(schema: Json | undefined): boolean {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return false;
  const { type, enum: words } = schema as JsonObject;
  if (Array.isArray(words)) return words.every((word) => typeof word === 'number' || (typeof word === 'string' && SAFE_IN_CODE.test(word)));
  return type === 'integer' || type === 'number' || type === 'boolean';
}

/** The environment variable for a value of this name; the prefix keeps a parameter called `path` from being the path. */
export const variableOf = (name: string): string => `PARAM_${name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}`;
