/** The browser let nothing be put on the clipboard. */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused';
}

/** Puts a text on the clipboard, also over plain HTTP, where browsers have no other way than a selection. Throws CopyRefused. */
export const putOnClipboard = async (text: string): Promise<void> => {
  // Absent where the page did not come over a secure connection, whatever its type says.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard) {
    await clipboard.writeText(text).catch((cause: unknown) => {
      throw new CopyRefused('', { cause });
    });
    return;
  }
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'sr-only';
  // Within an open dialog, as the focus cannot leave it.
  (focused?.closest('[role=dialog]') ?? document.body).append(field);
  field.select();
  const isDone = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!isDone) throw new CopyRefused();
};
