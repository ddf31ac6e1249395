import { isScalar } from 'yaml';
import { canonical } from '#jobs/canonical.ts';
import type { Json } from '#jobs/json.ts';
import { carried, duplicateItem, moveItem, underKey } from './carry.ts';
import { type Change, changed, inOrder } from './change.ts';
import { keepingComments, lostIn, signsOf, within } from './comments.ts';
import { applied, at, type Edit, mapOf } from './edit.ts';
import { entriesOf, isNothing } from './entries.ts';
import { freeValue, nestItem } from './nest.ts';
import { CannotEdit, isCollection, nodeAt, type Parsed, type Path, parseText, rawValue } from './parsed.ts';
import { insertPiece, pieceOf, placeAmong, removeAt } from './place.ts';
import { replaceValue } from './replace.ts';
import { writeScalar } from './scalars.ts';

/** The text after an edit, and the few pieces of it that changed, in order and counted in the text before. */
export interface Edited {
  readonly text: string;
  readonly changes: readonly Change[];
}

/**
 * Makes an edit by changing only the pieces of the text that say it: comments, anchors, order, unknown keys, line ends and layout of all else
 * stay byte for byte. What comes out is read again and held against what was asked; throws CannotEdit when it does not say exactly that.
 */
export function editText(text: string, edit: Edit): Edited {
  const parsed = parseText(text);
  const before = rawValue(parsed);
  const wanted = canonical(applied(before, edit));
  if (wanted === canonical(before)) return { text, changes: [] };
  const made = changesOf(parsed, edit, before);
  const place = goalOf(edit);
  const changes = inOrder(place ? keepingComments(parsed, made, place) : made);
  const after = changed(text, changes);
  if (place) refuseLostAnchors(parsed, edit, after);
  if (canonical(readBack(after)) !== wanted) throw new CannotEdit('This cannot be changed without changing more; change it in the text.');
  return { text: after, changes };
}

/** Where an edit carries a piece of the text to; null where it carries none. */
function goalOf(edit: Edit): Path | null {
  if (edit.kind === 'nest') return edit.map;
  return edit.kind === 'move' || edit.kind === 'free' ? edit.list : null;
}

/** A piece takes its names along, but for those of keys that are left out. */
function refuseLostAnchors(parsed: Parsed, edit: Edit, after: string): void {
  const anchors = parsed.isJson ? [] : signsOf(parsed.text, '&');
  const item = edit.kind === 'nest' ? nodeAt(parsed, edit.path) : undefined;
  const left = edit.kind === 'nest' && isCollection(item) ? entriesOf(item).filter(({ key }) => !edit.keep.includes(String(key))) : [];
  const gone = new Set(left.flatMap(({ head, end }) => within(anchors, { from: head, to: end })));
  const kept = anchors.filter((one) => !gone.has(one));
  const [lost] = lostIn(after, kept, '&');
  if (lost) throw new CannotEdit(`The anchor ${lost.source} would be lost; move this in the text.`);
}

const readBack = (text: string): Json => {
  try {
    return rawValue(parseText(text));
  } catch (error) {
    if (error instanceof CannotEdit && error.message.startsWith('The alias')) throw error;
    throw new CannotEdit('This cannot be changed without changing more; change it in the text.');
  }
};

function changesOf(parsed: Parsed, edit: Edit, value: Json): readonly Change[] {
  switch (edit.kind) {
    case 'set':
      return setAt(parsed, edit.path, edit.value, edit.order);
    case 'remove':
      return removeAt(parsed, edit.path);
    case 'rename':
      return [renameAt(parsed, edit.path, edit.name)];
    case 'insert':
      return isCollection(nodeAt(parsed, edit.list))
        ? insertPiece(parsed, edit.list, edit.at, pieceOf(null, edit.value))
        : setAt(parsed, edit.list, [edit.value], edit.order);
    case 'move': {
      const item = at(value, edit.path) ?? null;
      if (nodeAt(parsed, edit.list) !== undefined) return moveItem(parsed, edit.path, edit.list, edit.at, item);
      const [name, parent] = [String(edit.list.at(-1)), edit.list.slice(0, -1)];
      const node = nodeAt(parsed, parent);
      const keys = isCollection(node) ? entriesOf(node).map((entry) => String(entry.key)) : [];
      const piece = underKey(name, carried(parsed, edit.path, item));
      return [...removeAt(parsed, edit.path), ...insertPiece(parsed, parent, placeAmong(keys, name, edit.order), piece)];
    }
    case 'nest':
      return nestItem(parsed, edit, mapOf(at(value, edit.path)));
    case 'free':
      return freeValue(parsed, edit, mapOf(at(value, edit.path)));
    case 'duplicate':
      return duplicateItem(parsed, edit.path, edit.fields, at(value, edit.path) ?? null);
  }
}

/** Gives a value to a place; what leads to it is made when it is not there. */
function setAt(parsed: Parsed, path: Path, value: Json, order: readonly string[] | undefined): readonly Change[] {
  if (nodeAt(parsed, path) !== undefined) return replaceValue(parsed, path, value);
  let depth = path.length - 1;
  while (depth > 0 && nodeAt(parsed, path.slice(0, depth)) === undefined) depth -= 1;
  const [key, ...rest] = path.slice(depth);
  const inside = rest.reduceRight<Json>((inner, name) => (typeof name === 'number' ? [inner] : { [name]: inner }), value);
  const parent = path.slice(0, depth);
  const node = nodeAt(parsed, parent);
  const isList = typeof key === 'number';
  const piece = pieceOf(isList ? null : String(key), inside);
  if (!isCollection(node)) return replaceValue(parsed, parent, piece.alone);
  const keys = entriesOf(node).map((entry) => String(entry.key));
  return insertPiece(parsed, parent, isList ? keys.length : placeAmong(keys, String(key), order), piece);
}

function renameAt(parsed: Parsed, path: Path, name: string): Change {
  const map = nodeAt(parsed, path.slice(0, -1));
  const pair = isCollection(map)
    ? map.items.find((one) => 'key' in one && isScalar(one.key) && String(one.key.value) === String(path.at(-1)))
    : undefined;
  const key = pair && 'key' in pair && isScalar(pair.key) ? pair.key : undefined;
  if (!key?.range || isNothing(key as never)) throw new CannotEdit('There is no such key.');
  return {
    from: key.range[0],
    to: key.range[1],
    insert: writeScalar(name, parsed.isJson ? 'json' : isCollection(map) && map.flow ? 'flow' : 'block'),
  };
}
