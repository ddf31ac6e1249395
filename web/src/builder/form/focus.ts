const form = (): HTMLElement | null => document.querySelector('[data-builder-form]');
const CONTROLS = 'input, select, textarea, button';

/** Takes the focus to the first field of the form. */
export const focusForm = (): void => form()?.querySelector<HTMLElement>(CONTROLS)?.focus();

/** Takes the focus to the field at a pointer, or to the nearest one around it, opening what it is in; false where there is none. */
export function focusField(pointer: string): boolean {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const field = form()?.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(at)}"]`);
    const control = field?.querySelector<HTMLElement>(CONTROLS);
    if (!control) continue;
    for (let around = field?.closest('details'); around; around = around.parentElement?.closest('details')) around.open = true;
    control.focus();
    return true;
  }
  return false;
}

/** Takes the focus to where step types are found. */
export const focusPalette = (): void => document.querySelector<HTMLElement>('[data-palette-filter]')?.focus();
