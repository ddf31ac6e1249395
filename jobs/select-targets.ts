import { matchesGlob } from './glob.ts';
import type { Json, JsonObject } from './json.ts';
import type { TargetSelector } from './target-choice.ts';

/** What a selector looks at. */
export interface SelectableTarget {
  readonly name: string;
  readonly kind: string;
  readonly tags: readonly string[];
  readonly attributes: JsonObject;
  readonly enabled: boolean;
}

/** Fields of a selector that are conditions of their own or say what to do; all others are attributes. */
export const SELECTOR_FIELDS = ['names', 'kind', 'tags', 'any_tags', 'not_tags', 'allow_empty'] as const;

/** The names of the targets that a selector means, in order; those that are switched off are never meant. */
export const selectTargets = (targets: readonly SelectableTarget[], selector: TargetSelector): readonly string[] =>
  targets
    .filter((target) => target.enabled && isMeant(target, selector))
    .map(({ name }) => name)
    .sort(byName);

/** By code points, as databases in the C collation do: the order of parts must not depend on a machine's language. */
export const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether a selector means a target, switched on or not: every field given holds. */
export function isMeant(target: SelectableTarget, selector: TargetSelector): boolean {
  const { names, kind, tags, any_tags, not_tags } = selector;
  return (
    (names === undefined || names.some((pattern) => matchesGlob(pattern, target.name))) &&
    (kind === undefined || kind === target.kind) &&
    (tags ?? []).every((tag) => target.tags.includes(tag)) &&
    (any_tags === undefined || any_tags.some((tag) => target.tags.includes(tag))) &&
    !(not_tags ?? []).some((tag) => target.tags.includes(tag)) &&
    attributesOf(selector).every(([name, value]) => Object.hasOwn(target.attributes, name) && isSame(target.attributes[name], value))
  );
}

/** The attributes a selector asks for. */
export const attributesOf = (selector: TargetSelector): readonly (readonly [name: string, value: Json])[] =>
  Object.entries(selector).flatMap(([name, value]) =>
    value === undefined || SELECTOR_FIELDS.some((field) => field === name) ? [] : [[name, value] as const],
  );

/** As texts: what came from a spreadsheet or a command line has no other type. */
const isSame = (is: Json | undefined, wanted: Json): boolean =>
  is !== undefined &&
  is !== null &&
  wanted !== null &&
  typeof is !== 'object' &&
  typeof wanted !== 'object' &&
  String(is) === String(wanted);
