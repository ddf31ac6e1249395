import { isMap, isScalar, Scalar } from 'yaml';
import type { Json } from '#jobs/json.ts';
import type { Change } from './change.ts';
import { type BlockEntry, blockEntriesOf, entriesOf, isNothing, lineStart, nextLine } from './entries.ts';
import { CannotEdit, isCollection, nodeAt, type Parsed, type Path } from './parsed.ts';
import type { Quotes } from './scalars.ts';
import { blockLines, type Written, writeBlock, writeFlow } from './write.ts';

type Writer = (column: number) => Written;

/** Gives another value to a place that is there; its anchor and a comment beside it stay. `write` says how it is written on lines. */
export function replaceValue(parsed: Parsed, path: Path, value: Json, write?: Writer): readonly Change[] {
  if (path.length === 0) return [replaceRoot(parsed, value)];
  const parent = nodeAt(parsed, path.slice(0, -1));
  if (!isCollection(parent)) throw new CannotEdit('What this stands in is not there.');
  const key = String(path.at(-1));
  if (parent.flow)
    return [
      replaceInFlow(
        parsed,
        entriesOf(parent).find((one) => String(one.key) === key),
        value,
      ),
    ];
  const entry = blockEntriesOf(parsed, parent).find((one) => String(one.key) === key);
  if (!entry) throw new CannotEdit('What this stands in is not there.');
  const written = (write ?? ((column) => writeBlock(value, column, quotesOf(entry.value))))(entry.column);
  const isItem = !isMap(parent);
  if (isCollection(entry.value) && !entry.value.flow) return replaceBlock(parsed, entry, written, isItem);
  if (isScalar(entry.value) && (entry.value.type === 'BLOCK_LITERAL' || entry.value.type === 'BLOCK_FOLDED')) {
    return [replaceText(parsed, entry, written, isItem)];
  }
  return replaceInline(parsed, entry, written, isItem);
}

const quotesOf = (node: unknown): Quotes =>
  !isScalar(node) ? 'none' : node.type === Scalar.QUOTE_SINGLE ? 'single' : node.type === Scalar.QUOTE_DOUBLE ? 'double' : 'none';

function replaceRoot({ text, root, eol }: Parsed, value: Json): Change {
  if (root !== null && !isNothing(root) && !(isCollection(root) && root.items.length === 0)) {
    throw new CannotEdit('The whole text can only be replaced as text.');
  }
  if (typeof value !== 'object' || value === null) throw new CannotEdit('A definition is a map.');
  const lines = blockLines(value, 0).join(eol) + eol;
  return isCollection(root)
    ? { from: root.range[0], to: root.range[1], insert: lines.trimEnd() }
    : { from: text.length, to: text.length, insert: lines };
}

function replaceInFlow(parsed: Parsed, entry: ReturnType<typeof entriesOf>[number] | undefined, value: Json): Change {
  if (!entry) throw new CannotEdit('What this stands in is not there.');
  const { text, isJson, eol } = parsed;
  const setting = isJson ? 'json' : 'flow';
  if (entry.value === null || isNothing(entry.value)) {
    const mark = text[entry.after - 1] === ':' ? ' ' : ': ';
    return { from: entry.after, to: entry.after, insert: mark + writeFlow(value, setting) };
  }
  const [from, to] = entry.value.range;
  const line = text.slice(lineStart(text, entry.head), entry.head);
  const indent = isJson && line.trim() === '' && line !== '' ? line : null;
  const lines = indent === null ? null : { indent, step: indent.includes('\t') ? '\t' : '  ', eol };
  return { from, to, insert: writeFlow(value, setting, quotesOf(entry.value), lines) };
}

/** On the line of a dash, a list or map begins beside it. */
const besideDash = ({ inline, lines }: Written, column: number, isItem: boolean): Written => {
  const [first, ...more] = lines;
  return isItem && inline === '' && first !== undefined ? { inline: first.slice(column + 2), lines: more } : { inline, lines };
};

function replaceInline({ text, eol }: Parsed, entry: BlockEntry, written: Written, isItem: boolean): readonly Change[] {
  const { value, after } = entry;
  const isEmpty = value === null || isNothing(value);
  const to = isEmpty ? after : value.range[1];
  const gap = isEmpty ? '' : text.slice(after, value.range[0]);
  const keepsGap = gap !== '' && !gap.includes('\n');
  const behind = text.slice(to, nextLine(text, to)).trim();
  const { inline, lines } = behind === '' ? besideDash(written, entry.column, isItem) : written;
  const from = keepsGap && inline !== '' ? after + gap.length : gap.includes('#') ? after + gap.length : after;
  const here: Change = { from, to, insert: inline === '' || from > after ? inline : ` ${inline}` };
  return lines.length === 0 ? [here] : [here, below(text, to, lines, eol)];
}

/** Lines put below the line of an offset. */
function below(text: string, offset: number, lines: readonly string[], eol: string): Change {
  const place = nextLine(text, offset);
  const whole = lines.join(eol);
  return { from: place, to: place, insert: place > 0 && text[place - 1] === '\n' ? whole + eol : eol + whole };
}

function replaceText({ text, eol }: Parsed, entry: BlockEntry, written: Written, isItem: boolean): Change {
  const [from, to] = (entry.value as Scalar.Parsed).range;
  const { inline, lines } = besideDash(written, entry.column, isItem);
  const start = inline === '' ? text.slice(0, from).trimEnd().length : from;
  return { from: start, to, insert: [inline, ...lines].join(eol) + (text[to - 1] === '\n' ? eol : '') };
}

function replaceBlock({ text, eol }: Parsed, entry: BlockEntry, written: Written, isItem: boolean): readonly Change[] {
  const { after, to } = entry;
  const keyLine = nextLine(text, after);
  const isBeside = !/^\s*(#.*)?$/.test(text.slice(after, keyLine).trimEnd());
  const end = (place: number): string => (text[place - 1] === '\n' ? eol : '');
  if (isBeside) {
    const { inline, lines } = besideDash(written, entry.column, isItem);
    return [{ from: after, to, insert: [inline === '' ? '' : ` ${inline}`, ...lines].join(eol) + end(to) }];
  }
  const { inline, lines } = written;
  const body = lines.length === 0 ? '' : lines.join(eol) + end(to);
  const head: readonly Change[] = inline === '' ? [] : [{ from: after, to: after, insert: ` ${inline}` }];
  return [...head, { from: keyLine, to, insert: body }];
}
