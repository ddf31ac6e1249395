import type { Json } from '#jobs/json.ts';

interface Described {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly 'x-permission'?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: { readonly [type: string]: { readonly schema?: Json } } };
  readonly responses?: { readonly [code: string]: Answer };
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: { readonly [key: string]: Json };
}

interface Answer {
  readonly description?: string;
  readonly content?: { readonly [type: string]: { readonly schema?: Json } };
}

/** An OpenAPI document, as far as it is read here. */
export interface OpenApi {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Described } };
  readonly components?: { readonly schemas?: { readonly [name: string]: Json } };
}

/** One route with one method. */
export interface Operation extends Described {
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** All operations of a document, in its order, under their first tag. */
export const operationsByTag = (document: OpenApi, fallback: string): ReadonlyMap<string, readonly Operation[]> =>
  Map.groupBy(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      METHODS.flatMap((method) => {
        const described = methods[method];
        return described ? [{ ...described, id: `${method} ${path}`, method: method.toUpperCase(), path }] : [];
      }),
    ),
    ({ tags }) => tags?.[0] ?? fallback,
  );

/** True when an operation has all of these words somewhere in what names it. */
export const isAbout = ({ path, method, summary }: Operation, words: string): boolean => {
  const said = `${method} ${path} ${summary ?? ''}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
};

/** What a parameter takes, in a few words: `integer, 1 to 200`, `one of a, b`. */
export const takes = ({ schema = {} }: Parameter): string => {
  const { type, enum: words, minimum, maximum, format, default: preset } = schema;
  const kind = Array.isArray(words) ? words.join(' | ') : [type, format].filter((part) => typeof part === 'string').join(', ');
  const range = minimum !== undefined && maximum !== undefined ? `${String(minimum)} to ${String(maximum)}` : '';
  return [kind, range, preset === undefined ? '' : `default ${JSON.stringify(preset)}`].filter(Boolean).join('; ');
};

const DEPTH = 12;
const MOST_PARTS = 2_000;

/** A schema with what it refers to in place, as far as a person would read; a ring ends at its name, and of a very large one the rest is left as names. */
export const unfolded = (schema: Json | undefined, document: OpenApi): Json => {
  let room = MOST_PARTS;
  const unfold = (part: Json | undefined, seen: readonly string[]): Json => {
    room -= 1;
    if (typeof part !== 'object' || part === null) return part ?? null;
    if (Array.isArray(part)) return part.map((one: Json) => unfold(one, seen));
    const object = part as { readonly [key: string]: Json };
    const name = typeof object.$ref === 'string' ? object.$ref.replace('#/components/schemas/', '') : undefined;
    if (name === undefined) return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, unfold(value, seen)]));
    const found = document.components?.schemas?.[name];
    if (found === undefined || seen.includes(name) || seen.length >= DEPTH || room <= 0) return name;
    return unfold(found, [...seen, name]);
  };
  return unfold(schema, []);
};
