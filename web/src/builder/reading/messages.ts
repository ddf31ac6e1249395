import type { JobDefinition } from '#jobs/definition.ts';
import type { Problem } from '#jobs/problem.ts';
import type { Change } from '../document/change.ts';
import type { Edit } from '../document/edit.ts';
import type { Path } from '../document/parsed.ts';
import type { Range } from '../document/range.ts';

/** The lists of a definition that hold what a run does. */
export const LISTS = ['steps', 'on_failure', 'on_cancel'] as const;
export type ListName = (typeof LISTS)[number];

/** What a text says, or why it says nothing. */
export type Outline =
  | { readonly readable: true; readonly definition: JobDefinition; readonly places: { readonly [L in ListName]: readonly Range[] } }
  | { readonly readable: false };

/** What one is asked who reads texts elsewhere, so that typing never waits for it. */
export type Question =
  | { readonly kind: 'outline'; readonly text: string }
  | { readonly kind: 'problems'; readonly text: string }
  | { readonly kind: 'edit'; readonly text: string; readonly edits: readonly Edit[] }
  | { readonly kind: 'range'; readonly text: string; readonly path: Path };

/** The changes of each edit in turn, or the sentence why they cannot be made. */
export type EditAnswer = { readonly steps: readonly (readonly Change[])[] } | { readonly refused: string };

export interface Answers {
  readonly outline: Outline;
  readonly problems: readonly Problem[];
  readonly edit: EditAnswer;
  readonly range: Range | null;
}
