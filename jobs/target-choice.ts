import type { Json } from './json.ts';

/** Which targets, as a definition or a start says it: one name, several names, or what they must have in common. Texts may hold templates in definitions. */
export type TargetChoice = string | readonly string[] | TargetSelector;

/** Every field given must hold. Fields other than these are attributes and must be equal: `{ tags: [edge], site: ber }`. */
export interface TargetSelector {
  /** Names or globs (`*`, `?`, `[a-z]`), any of which must match. */
  readonly names?: readonly string[];
  readonly kind?: string;
  /** All of these. */
  readonly tags?: readonly string[];
  readonly any_tags?: readonly string[];
  readonly not_tags?: readonly string[];
  /** No match is no failure: the step is done with nothing. */
  readonly allow_empty?: boolean;
  readonly [attribute: string]: Json | undefined;
}
