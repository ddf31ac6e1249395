import { createSignal, onCleanup } from 'solid-js';
import { withoutEscapes } from '#jobs/escapes.ts';
import { getText } from '../api/client.ts';
import { joined } from './nearest.ts';
import { logPath } from './source.ts';

/** Lines that one copy may have. */
export const MOST_COPIED = 100_000;

/** Lines of a log as one text without the colours of terminals, fetched whole whether or not they are on screen. */
export const readText = async (run: string, key: string, query: string): Promise<string> => {
  const text = await getText(`${logPath(run, key)}/text?${joined('view=text', query)}`);
  // Line by line: what is not ended in one does not reach into the next.
  return text.includes('\u001b') ? text.split('\n').map(withoutEscapes).join('\n') : text;
};

interface Edge {
  readonly row: number;
  /** What of the row's text is selected. */
  readonly text: string;
}

/** A selection made with the mouse that spans rows: the first and the last of them. */
export interface Spanned {
  readonly first: Edge;
  readonly last: Edge;
}

const rowOf = (node: Node | null): HTMLElement | null =>
  (node instanceof Element ? node : node?.parentElement)?.closest<HTMLElement>('[data-row]') ?? null;

const edge = (row: HTMLElement, selected: Range, side: 'first' | 'last'): Edge => {
  const text = row.querySelector('[data-text]') ?? row;
  const range = document.createRange();
  range.selectNodeContents(text);
  if (side === 'first' && text.contains(selected.startContainer)) range.setStart(selected.startContainer, selected.startOffset);
  if (side === 'last') {
    if (text.contains(selected.endContainer)) range.setEnd(selected.endContainer, selected.endOffset);
    else if (selected.comparePoint(text, 0) > 0) range.collapse(true);
  }
  return { row: Number(row.dataset.row), text: range.toString() };
};

/** What is selected across rows of a log; null when the browser can copy it by itself. */
export const spannedBy = (box: HTMLElement): Spanned | null => {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const [first, last] = [rowOf(range.startContainer), rowOf(range.endContainer)];
  if (!first || !last || first === last || !box.contains(first) || !box.contains(last)) return null;
  return { first: edge(first, range, 'first'), last: edge(last, range, 'last') };
};

/** The rows in which a selection made with the mouse begins and ends, and the one that has the focus: they have to stay for either to last. */
export const createKeptRows = (box: () => HTMLElement | undefined): (() => readonly number[]) => {
  const [rows, setRows] = createSignal<readonly number[]>([], {
    equals: (one, other) => one.length === other.length && one.every((row, at) => row === other[at]),
  });
  const look = () => {
    const selection = getSelection();
    // A click alone counts too: one with Shift, far away, selects from there.
    const own = [selection?.anchorNode, selection?.focusNode, document.activeElement].map((node) => rowOf(node ?? null));
    const kept = own.flatMap((row) => (row && box()?.contains(row) ? [Number(row.dataset.row)] : []));
    setRows([...new Set(kept)]);
  };
  const events = ['selectionchange', 'focusin', 'focusout'] as const;
  for (const event of events) document.addEventListener(event, look);
  onCleanup(() => {
    for (const event of events) document.removeEventListener(event, look);
  });
  return rows;
};
