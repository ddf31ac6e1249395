import { foldService, indentService } from '@codemirror/language';
import { EditorState, type Extension, type Line, RangeSetBuilder, type Text } from '@codemirror/state';
import { Decoration, type DecorationSet, type EditorView, ViewPlugin } from '@codemirror/view';
import { columnAfter, isBelow, isInText, textBelow, type WordKind, wordsOf } from './lines.ts';

/** How far up the beginning of a text of several lines is looked for. */
const MOST_ABOVE = 500;
/** A longer line is looked at where it is seen only. */
const LONG = 3_000;

const looks: { readonly [K in WordKind]: Decoration } = {
  key: Decoration.mark({ class: 'cm-key' }),
  comment: Decoration.mark({ class: 'cm-comment' }),
  mark: Decoration.mark({ class: 'cm-sign' }),
};

function* linesAbove(doc: Text, line: number): Generator<string> {
  for (let n = line - 1; n >= Math.max(1, line - MOST_ABOVE); n--) yield doc.line(n).text;
}

/** Of the lines from one offset to another those that are no text of several lines. */
function* plainLines(doc: Text, from: number, to: number): Generator<Line> {
  let line = doc.lineAt(from);
  const isText = isInText(line.text, linesAbove(doc, line.number));
  /** The column that lines of text are deeper than. */
  let text = isText ? line.text.search(/\S|$/) - 1 : null;
  for (;;) {
    const column = line.text.search(/\S/);
    if (text !== null && column !== -1 && column <= text) text = null;
    if (text === null && column !== -1) {
      yield line;
      text = textBelow(line.text.slice(0, LONG));
    }
    if (line.to >= to || line.number >= doc.lines) return;
    line = doc.line(line.number + 1);
  }
}

/** Looks at the lines that are seen and no others: a key pressed in a long text costs as much as in a short one. */
function wordsSeen({ state: { doc }, visibleRanges }: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of visibleRanges) {
    for (const line of plainLines(doc, from, to)) {
      const start = line.length > LONG ? Math.max(line.from, from) : line.from;
      for (const word of wordsOf(doc.sliceString(start, Math.min(line.to, to))))
        builder.add(start + word.from, start + word.to, looks[word.kind]);
    }
  }
  return builder.finish();
}

const colours = ViewPlugin.fromClass(
  class {
    words: DecorationSet;
    constructor(view: EditorView) {
      this.words = wordsSeen(view);
    }
    update({ docChanged, viewportChanged, view }: { docChanged: boolean; viewportChanged: boolean; view: EditorView }) {
      if (docChanged || viewportChanged) this.words = wordsSeen(view);
    }
  },
  { decorations: ({ words }) => words },
);

const folds = foldService.of(({ doc }, from) => {
  const first = doc.lineAt(from);
  if (first.number === doc.lines || /^\s*(#|$)/.test(first.text)) return null;
  let end = first.to;
  let at = first.to + 1;
  const below = doc.iterLines(first.number + 1);
  for (let next = below.next(); !next.done; next = below.next()) {
    if (next.value.trim() !== '') {
      if (!isBelow(first.text, next.value)) break;
      end = at + next.value.length;
    }
    at += next.value.length + 1;
  }
  return end > first.to ? { from: first.to, to: end } : null;
});

const indents = indentService.of((context, pos) => {
  const { doc } = context.state;
  const before = context.lineAt(pos, -1).text;
  if (before.trim() !== '') {
    const isText = isInText(before, linesAbove(doc, doc.lineAt(pos).number));
    return isText ? before.search(/\S/) : columnAfter(before, context.unit);
  }
  return before.length;
});

/** YAML as its lines show it: keys, comments and marks stand out, what is indented folds, and Enter goes on at the right column. */
export const yamlLines: Extension = [colours, folds, indents, EditorState.languageData.of(() => [{ commentTokens: { line: '#' } }])];
