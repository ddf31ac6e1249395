import { STEP_SPECS } from '#activities/catalog.ts';
import { type JobDefinition, parseDefinition } from '#jobs/definition.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { LIMITS } from '#jobs/limits.ts';
import { InvalidInput, type Problem } from '#jobs/problem.ts';
import { readSource } from '#jobs/source.ts';
import { editText } from '../document/edit-text.ts';
import { CannotEdit, type Parsed, parseText } from '../document/parsed.ts';
import { itemRanges, rangeOf } from '../document/range.ts';
import { type Answers, type EditAnswer, LISTS, type Outline, type Question } from './messages.ts';

let known: { readonly text: string; readonly parsed: Parsed } | null = null;

const parsedOf = (text: string): Parsed => {
  if (known?.text !== text) known = { text, parsed: parseText(text) };
  return known.parsed;
};

const isTooLong = (text: string): boolean => text.length > LIMITS.sourceBytes;

/** Answers what is asked of a text; never throws for what a person wrote, and never reads one that is over its size. */
export function answer<Q extends Question>(question: Q): Answers[Q['kind']] {
  const answers = {
    outline: () => outlineOf(question.text),
    problems: () => problemsOf(question.text),
    edit: () => (question.kind === 'edit' ? edited(question.text, question.edits) : null),
    range: () => (question.kind === 'range' ? placeOf(question.text, question.path) : null),
  };
  return answers[question.kind]() as Answers[Q['kind']];
}

const problemsOf = (text: string): readonly Problem[] => parseDefinition(text, STEP_SPECS).problems;

function outlineOf(text: string): Outline {
  if (isTooLong(text)) return { readable: false };
  try {
    const { value } = readSource(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { readable: false };
    const parsed = parsedOf(text);
    const places = Object.fromEntries(LISTS.map((list) => [list, itemRanges(parsed, [list])]));
    return {
      readable: true,
      definition: tamed(value as JsonObject),
      places: places as { [L in (typeof LISTS)[number]]: ReturnType<typeof itemRanges> },
    };
  } catch (error) {
    if (error instanceof InvalidInput || error instanceof CannotEdit) return { readable: false };
    throw error;
  }
}

const isMap = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is half-written and no list or map yet is left out, so that panes may rely on the shape of what is there. */
const tamed = (value: JsonObject): JobDefinition => {
  const { steps: _, on_failure: __, on_cancel: ___, parameters, ...rest } = value;
  const lists = LISTS.flatMap((list) => {
    const items = value[list];
    return Array.isArray(items) ? [[list, items.map((item: Json) => tamedStep(isMap(item) ? item : {}))] as const] : [];
  });
  return {
    ...rest,
    ...(isMap(parameters) && {
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, one]) => [name, isMap(one) ? one : {}])),
    }),
    steps: [],
    ...Object.fromEntries(lists),
  } as unknown as JobDefinition;
};

const tamedStep = ({ needs, compensate, matrix, ...step }: JsonObject): JsonObject => ({
  ...step,
  // Each stays at its index, by which forms change it.
  ...(Array.isArray(needs) && { needs: needs.map(String) }),
  ...(isMap(compensate) && { compensate }),
  ...(isMap(matrix) && { matrix }),
});

function edited(text: string, edits: Extract<Question, { kind: 'edit' }>['edits']): EditAnswer {
  if (isTooLong(text)) return { refused: `The text is longer than the ${LIMITS.sourceBytes} bytes that are read.` };
  try {
    let now = text;
    const steps = edits.map((edit) => {
      const { text: next, changes } = editText(now, edit);
      now = next;
      return changes;
    });
    return { steps };
  } catch (error) {
    if (error instanceof CannotEdit) return { refused: error.message };
    throw error;
  }
}

function placeOf(text: string, path: Extract<Question, { kind: 'range' }>['path']) {
  try {
    return isTooLong(text) ? null : rangeOf(parsedOf(text), path);
  } catch (error) {
    if (error instanceof CannotEdit) return null;
    throw error;
  }
}
