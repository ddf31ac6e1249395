const TYPES_WITHOUT_TEXT = ['button', 'checkbox', 'radio', 'range', 'file', 'submit', 'reset', 'color', 'image'];
const TEXT = 'input, textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox], [role=combobox], [role=searchbox]';
/** Layers and widgets that have keys of their own. */
const LAYERS = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]';
const PRESSED = 'a[href], button, summary, [role=button], [role=option], [role=gridcell], [role=menuitem], input, label';

export const isMac = /mac|iphone|ipad/i.test(navigator.platform);

/** ⌘K on a Mac, Ctrl K elsewhere. */
export const isCommandK = (event: KeyboardEvent): boolean =>
  event.key.toLowerCase() === 'k' && !event.shiftKey && !event.altKey && (isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey);

/** True when the key may be meant as text. */
export const isForText = ({ target }: KeyboardEvent): boolean => {
  const field = target instanceof Element ? target.closest(TEXT) : null;
  return field !== null && !(field instanceof HTMLInputElement && TYPES_WITHOUT_TEXT.includes(field.type));
};

/** True when something nearer than the page answers to the key: a layer, or what Enter and Space press. */
export const isTaken = ({ target, key }: KeyboardEvent): boolean => {
  // While a dialog is open, what lies under it is not meant.
  if (document.querySelector('[role=dialog], [role=alertdialog]') !== null) return true;
  if (!(target instanceof Element)) return false;
  if (target.closest(LAYERS) !== null) return true;
  return (key === 'Enter' || key === ' ') && target.closest(PRESSED) !== null;
};
