import type { Draft } from './draft/draft.ts';

/** One undo for all panes, and a save by the key that saves everywhere. */
export function keyOf(event: KeyboardEvent, draft: Draft, save: () => void): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
  const key = event.key.toLowerCase();
  if (key === 's') {
    event.preventDefault();
    save();
    return;
  }
  if (draft.view.dom.contains(event.target as Node)) return;
  if (key !== 'z' && key !== 'y') return;
  event.preventDefault();
  if (key === 'y' || event.shiftKey) draft.redo();
  else draft.undo();
}
