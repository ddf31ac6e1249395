/** Takes the focus to the first place where something is wrong, once it is drawn. */
export const focusFirstError = (form: HTMLElement | undefined): void =>
  queueMicrotask(() => form?.querySelector<HTMLElement>('[aria-invalid=true], [data-form-error]')?.focus());
