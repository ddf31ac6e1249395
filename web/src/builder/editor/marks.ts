import { type Range, RangeSetBuilder, StateEffect, StateField, type Text } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter } from '@codemirror/view';
import type { Problem } from '#jobs/problem.ts';
import { t } from '../words.ts';

/** Says what is wrong where; takes the place of what was said before. */
export const setProblems = StateEffect.define<readonly Problem[]>();

/** Marks the lines that a form's field writes; null marks none. */
export const setMarked = StateEffect.define<{ readonly from: number; readonly to: number } | null>();

interface Marks {
  readonly problems: DecorationSet;
  readonly lines: ReadonlyMap<number, readonly Problem[]>;
  readonly marked: DecorationSet;
}

const marked = Decoration.line({ class: 'cm-marked' });
const underline = { error: Decoration.mark({ class: 'cm-problem' }), warning: Decoration.mark({ class: 'cm-problem cm-problem-warning' }) };

/** The signs from a problem's place to the end of its word, at least one. */
const stretch = (doc: Text, { line, column = 1, severity }: Problem): Range<Decoration> | null => {
  if (line === undefined) return null;
  const row = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const from = Math.min(row.from + column - 1, row.to);
  const word = /^[^\s,\]}#]+/.exec(doc.sliceString(from, Math.min(row.to, from + 200)))?.[0].length ?? 0;
  const to = Math.min(from + Math.max(word, 1), row.to);
  return to > from ? underline[severity].range(from, to) : null;
};

const markedLines = (doc: Text, range: { readonly from: number; readonly to: number } | null): DecorationSet => {
  if (!range) return Decoration.none;
  const builder = new RangeSetBuilder<Decoration>();
  const first = doc.lineAt(Math.min(range.from, doc.length)).number;
  const last = Math.min(doc.lineAt(Math.min(Math.max(range.from, range.to - 1), doc.length)).number, first + 500);
  for (let line = first; line <= last; line++) builder.add(doc.line(line).from, doc.line(line).from, marked);
  return builder.finish();
};

const byLine = (doc: Text, problems: readonly Problem[]): ReadonlyMap<number, readonly Problem[]> =>
  Map.groupBy(
    problems.filter(({ line }) => line !== undefined),
    ({ line = 1 }) => Math.min(Math.max(line, 1), doc.lines),
  );

const field = StateField.define<Marks>({
  create: () => ({ problems: Decoration.none, lines: new Map(), marked: Decoration.none }),
  update(before, { changes, effects, state }) {
    let now = before;
    if (!changes.empty) now = { ...now, problems: now.problems.map(changes), marked: now.marked.map(changes) };
    for (const effect of effects) {
      if (effect.is(setProblems)) {
        const found = effect.value.flatMap((problem) => stretch(state.doc, problem) ?? []);
        now = { ...now, problems: Decoration.set(found, true), lines: byLine(state.doc, effect.value) };
      }
      if (effect.is(setMarked)) now = { ...now, marked: markedLines(state.doc, effect.value) };
    }
    return now;
  },
  provide: (own) => [
    EditorView.decorations.from(own, ({ problems }) => problems),
    EditorView.decorations.from(own, ({ marked: lines }) => lines),
  ],
});

class ProblemMark extends GutterMarker {
  readonly words: string;
  constructor(words: string) {
    super();
    this.words = words;
  }
  override eq(other: ProblemMark): boolean {
    return other.words === this.words;
  }
  override toDOM(): HTMLElement {
    const mark = document.createElement('span');
    mark.className = 'cm-problem-mark';
    mark.textContent = '!';
    mark.title = this.words;
    mark.setAttribute('aria-label', t('editor.problem', this.words));
    mark.setAttribute('role', 'img');
    return mark;
  }
}

const column = gutter({
  class: 'cm-problems',
  lineMarker: (view, line) => {
    const found = view.state.field(field).lines.get(view.state.doc.lineAt(line.from).number);
    return found ? new ProblemMark(found.map(({ message }) => message).join('\n')) : null;
  },
  lineMarkerChange: ({ startState, state }) => startState.field(field).lines !== state.field(field).lines,
  initialSpacer: () => new ProblemMark(''),
});

/** Problems and the lines of the form's field, drawn in the text and beside it. */
export const marks = [field, column];
