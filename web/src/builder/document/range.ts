import { blockEntriesOf, entriesOf } from './entries.ts';
import { CannotEdit, isCollection, nodeAt, type Parsed, type Path } from './parsed.ts';

/** A piece of the text by its offsets. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where an entry stands with its key or dash, or the innermost thing around it that is there; null for a text that says nothing. */
export function rangeOf(parsed: Parsed, path: Path): Range | null {
  for (let depth = path.length; depth > 0; depth--) {
    const found = entryRange(parsed, path.slice(0, depth));
    if (found) return found;
  }
  return parsed.root && { from: parsed.root.range[0], to: parsed.root.range[1] };
}

function entryRange(parsed: Parsed, path: Path): Range | null {
  try {
    const parent = nodeAt(parsed, path.slice(0, -1));
    if (!isCollection(parent)) return null;
    const entry = entriesOf(parent).find(({ key }) => String(key) === String(path.at(-1)));
    return entry ? { from: entry.head, to: entry.end } : null;
  } catch (error) {
    if (error instanceof CannotEdit) return null;
    throw error;
  }
}

/** Where each item of a list stands, in order; nothing for what is no list. */
export function itemRanges(parsed: Parsed, path: Path): readonly Range[] {
  try {
    const node = nodeAt(parsed, path);
    if (!isCollection(node)) return [];
    if (node.flow) return entriesOf(node).map(({ head, end }) => ({ from: head, to: end }));
    return blockEntriesOf(parsed, node).map(({ from, to }) => ({ from, to }));
  } catch (error) {
    if (error instanceof CannotEdit) return [];
    throw error;
  }
}
