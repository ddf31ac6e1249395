import { history, undo } from '@codemirror/commands';
import { ChangeSet, EditorState } from '@codemirror/state';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from '#jobs/canonical.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { readSource } from '#jobs/source.ts';
import { applied, type Edit } from './edit.ts';
import { editText } from './edit-text.ts';
import { CannotEdit, parseText } from './parsed.ts';
import { itemRanges } from './range.ts';
import { type Draw, drawFrom, value, yamlOf } from './testing/written-yaml.ts';

const KEEP = ['name', 'type', 'config', 'retry'];
const ORDER = ['id', 'name', 'type', 'needs', 'config', 'retry', 'compensate'];
const LISTS = ['steps', 'on_failure'] as const;

const undoing = fc.record({ type: fc.constant('u'), config: value, 'x-own': value }, { requiredKeys: ['type'] });
const step = fc.record(
  {
    id: fc.constant(''),
    type: fc.constant('t'),
    needs: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
    config: value,
    retry: value,
    compensate: undoing,
    'x-own': value,
  },
  { requiredKeys: ['id', 'type'] },
);
const job = fc
  .record({ steps: fc.array(step, { minLength: 1, maxLength: 4 }), on_failure: fc.array(step, { minLength: 1, maxLength: 2 }), x: value })
  .map(({ steps, on_failure, x }) => ({
    name: 'job',
    steps: steps.map((one, at) => ({ ...one, id: `s${at}` })),
    on_failure: on_failure.map((one, at) => ({ ...one, id: `f${at}` })),
    x,
  })) as unknown as fc.Arbitrary<JsonObject>;

type Item = JsonObject & { readonly id: string };
const itemsIn = (value: Json, list: string): readonly Item[] => ((value as JsonObject)[list] ?? []) as readonly Item[];

/** Something done to steps, and the items whose text it changes. */
interface Done {
  readonly edits: readonly Edit[];
  readonly touched: readonly string[];
  readonly copies: boolean;
}

function doneTo(before: JsonObject, draw: Draw): Done | null {
  const from = LISTS[draw(2)] as string;
  const index = draw(itemsIn(before, from).length);
  const item = itemsIn(before, from)[index] as Item;
  const path = [from, index];
  const list = LISTS[draw(2)] as string;
  const most = itemsIn(before, list).length;
  switch (draw(4)) {
    case 0: {
      const at = draw(most + (from === list ? 0 : 1));
      return { edits: [{ kind: 'move', path, list: [list], at, order: ['name', ...LISTS] }], touched: [item.id], copies: false };
    }
    case 1: {
      const into = draw(itemsIn(before, 'steps').length);
      const target = itemsIn(before, 'steps')[into] as Item;
      if (target.id === item.id || target.compensate !== undefined) return null;
      const edit: Edit = { kind: 'nest', path, map: ['steps', into], key: 'compensate', keep: KEEP, order: ORDER };
      return { edits: [edit], touched: [item.id, target.id], copies: false };
    }
    case 2: {
      if (item.compensate === undefined) return null;
      const edit: Edit = { kind: 'free', path: [...path, 'compensate'], list: [from], at: index + 1, fields: { id: 'freed' } };
      return { edits: [edit], touched: [item.id], copies: false };
    }
    default: {
      const copy: Edit = { kind: 'duplicate', path, fields: { id: 'copy' } };
      const move: Edit = { kind: 'move', path: [from, index + 1], list: [list], at: draw(most + 1), order: ['name', ...LISTS] };
      return { edits: [copy, move], touched: [], copies: true };
    }
  }
}

const commentsIn = (text: string): readonly string[] => (text.match(/# note \d+;/g) ?? []).toSorted();
const anchorsIn = (text: string): readonly string[] => (text.match(/&a\d+/g) ?? []).toSorted();

/** What is written of each item, its own comments and all, by its id. */
const writtenOf = (text: string): ReadonlyMap<string, string> => {
  const parsed = parseText(text);
  const said = readSource(text).value as JsonObject;
  return new Map(
    LISTS.flatMap((list) =>
      itemRanges(parsed, [list]).map(({ from, to }, at) => [itemsIn(said, list)[at]?.id ?? '', text.slice(from, to).trim()] as const),
    ),
  );
};

test('steps that are moved, copied, made to undo others or freed take comments, blank lines and anchors along, and undo brings back every byte', () => {
  let made = 0;
  let refused = 0;
  fc.assert(
    fc.property(job, fc.infiniteStream(fc.nat(9999)), fc.boolean(), (before, chances, crlf) => {
      const draw = drawFrom(chances);
      const text = yamlOf(before, draw, crlf);
      const done = doneTo(before, draw);
      if (done === null) return;
      let after = text;
      let all = ChangeSet.empty(text.length);
      try {
        for (const edit of done.edits) {
          const { text: next, changes } = editText(after, edit);
          all = all.compose(ChangeSet.of([...changes], after.length, '\n'));
          after = next;
        }
      } catch (error) {
        if (!(error instanceof CannotEdit)) throw error;
        // Written anew between brackets, a piece would lose its names.
        if (!error.message.startsWith('The anchor')) refused += 1;
        return;
      }
      made += 1;
      expect(canonical(readSource(after).value)).toBe(canonical(done.edits.reduce<Json>(applied, before)));
      const [notes, now] = [commentsIn(text), commentsIn(after)];
      if (done.copies) expect([...new Set(now)]).toEqual(notes);
      else expect(now).toEqual(notes);
      const isNested = done.edits.some(({ kind }) => kind === 'nest');
      if (!isNested) expect(anchorsIn(after)).toEqual(anchorsIn(text));
      const [old, then] = [writtenOf(text), writtenOf(after)];
      for (const [id, words] of old) if (!done.touched.includes(id)) expect(then.get(id)).toBe(words);
      // One step back is the text as it was.
      let state = EditorState.create({ doc: text, extensions: [history(), EditorState.lineSeparator.of('\n')] });
      state = state.update({ changes: all }).state;
      expect(state.sliceDoc()).toBe(after);
      const dispatch = (transaction: { readonly state: EditorState }) => {
        state = transaction.state;
      };
      undo({ state, dispatch });
      expect(state.sliceDoc()).toBe(text);
    }),
    { numRuns: 150 },
  );
  expect(refused).toBeLessThan(made / 50);
});
