import { canonical } from '../canonical.ts';
import type { Json, JsonObject } from '../json.ts';

/** A matrix taken apart: what is combined, and what is added to that or taken from it. */
export interface Axes {
  readonly axes: { readonly [name: string]: readonly Json[] };
  readonly include: readonly JsonObject[];
  readonly exclude: readonly JsonObject[];
}

/** How many combinations the axes alone have. */
export const countOfAxes = ({ axes }: Pick<Axes, 'axes'>): number => {
  const lists = Object.values(axes);
  return lists.length === 0 ? 0 : lists.reduce((count, list) => count * list.length, 1);
};

/**
 * Every combination of the axes but the excluded, the last axis changing fastest, then what `include` adds: its fields go to each
 * combination whose axes they agree with; one that agrees with none becomes a combination of its own.
 */
export function combinationsOf({ axes, include, exclude }: Axes): readonly JsonObject[] {
  const given = product(Object.entries(axes)).filter((one) => !exclude.some((pattern) => fits(one, pattern)));
  const grown: JsonObject[] = [...given];
  const added: JsonObject[] = [];
  for (const more of include) {
    let found = false;
    for (const [at, original] of given.entries()) {
      if (!agrees(original, more)) continue;
      grown[at] = { ...grown[at], ...more };
      found = true;
    }
    if (!found) added.push(more);
  }
  return [...grown, ...added];
}

function product(axes: readonly (readonly [string, readonly Json[]])[]): readonly JsonObject[] {
  if (axes.length === 0) return [];
  return axes.reduce<readonly JsonObject[]>(
    (sofar, [name, values]) => sofar.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
}

const isSame = (a: Json | undefined, b: Json | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && canonical(a) === canonical(b));

/** Every field of the pattern is so in the combination. */
const fits = (one: JsonObject, pattern: JsonObject): boolean => Object.entries(pattern).every(([name, value]) => isSame(one[name], value));

/** No axis of the combination would be overwritten. */
const agrees = (original: JsonObject, more: JsonObject): boolean =>
  Object.entries(more).every(([name, value]) => !Object.hasOwn(original, name) || isSame(original[name], value));
