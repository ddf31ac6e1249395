import type { DefinitionDiff } from '#jobs/diff/diff-definitions.ts';
import type { ListDiff } from '#jobs/diff/diff-lists.ts';
import type { FieldChange } from '#jobs/diff/diff-values.ts';
import type { Json } from '#jobs/json.ts';
import { keysOf, placeOf } from '#jobs/problem.ts';
import { plural } from '../../../words/counted.ts';

/** One difference between two definitions, to be said in a line: of what, which field, from what to what. */
export interface Sentence {
  readonly kind: 'added' | 'removed' | 'moved' | 'changed';
  /** A step, a parameter or the job itself. */
  readonly subject: { readonly sort: Sort; readonly name: string };
  /** The field of it, as people write it; empty for the whole. */
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a sentence can be about. */
export const SORTS = ['job', 'step', 'on_failure', 'on_cancel', 'parameter'] as const;
type Sort = (typeof SORTS)[number];

const LONGEST = 120;

/** A value in a few words: short ones as they are, texts of several lines by their length, lists and objects by their size when they are long. */
export const valueWords = (value: Json): string => {
  if (typeof value === 'string') {
    const lines = value.split('\n').length;
    if (lines > 1) return plural(lines, 'line', 'lines');
    return value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value === '' ? '""' : value;
  }
  const text = JSON.stringify(value);
  if (text.length <= LONGEST)
    return Array.isArray(value) && value.every((one) => typeof one !== 'object') ? value.join(', ') || '[]' : text;
  if (Array.isArray(value)) return plural(value.length, 'entry', 'entries');
  return plural(Object.keys(value as object).length, 'field', 'fields');
};

const wordsOf = (value: Json | undefined): string | null => (value === undefined ? null : valueWords(value));

const ofField = (subject: Sentence['subject'], change: FieldChange, pointer: string): Sentence => ({
  kind: change.before === undefined ? 'added' : change.after === undefined ? 'removed' : 'changed',
  subject,
  field: placeOf(pointer),
  before: wordsOf(change.before),
  after: wordsOf(change.after),
});

/** Below a parameter it is about the parameter; anywhere else about the job. */
const ofDefinition = (change: FieldChange): Sentence => {
  const [first, name] = keysOf(change.pointer);
  if (first !== 'parameters' || name === undefined) return ofField({ sort: 'job', name: '' }, change, change.pointer);
  const within = change.pointer.split('/').slice(3);
  return ofField({ sort: 'parameter', name }, change, within.length === 0 ? '' : `/${within.join('/')}`);
};

const ofList = (sort: Sort, { removed, added, moved, changed }: ListDiff): readonly Sentence[] => {
  const about = (name: string) => ({ sort, name });
  const typeOf = ({ type }: { readonly [key: string]: Json }) => (typeof type === 'string' ? type : null);
  return [
    ...removed.map(({ id, value }): Sentence => ({ kind: 'removed', subject: about(id), field: '', before: typeOf(value), after: null })),
    ...added.map(({ id, value }): Sentence => ({ kind: 'added', subject: about(id), field: '', before: null, after: typeOf(value) })),
    ...moved.map(
      ({ id, from, to }): Sentence => ({ kind: 'moved', subject: about(id), field: '', before: String(from + 1), after: String(to + 1) }),
    ),
    ...changed.flatMap(({ id, fields }) => fields.map((change) => ofField(about(id), change, change.pointer))),
  ];
};

/** Everything that became another, the job's own fields first, then steps and handlers in their order. */
export const sentencesOf = (diff: DefinitionDiff): readonly Sentence[] => [
  ...diff.fields.map(ofDefinition),
  ...(diff.steps ? ofList('step', diff.steps) : []),
  ...(diff.on_failure ? ofList('on_failure', diff.on_failure) : []),
  ...(diff.on_cancel ? ofList('on_cancel', diff.on_cancel) : []),
];
