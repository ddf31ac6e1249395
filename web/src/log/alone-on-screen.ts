/** Makes an element the only part of the page that can be reached, but for what says news and what opens later; Escape leaves. Answers what undoes it. */
export const aloneOnScreen = (element: HTMLElement, leave: () => void): (() => void) => {
  const barred: HTMLElement[] = [];
  for (let inner: HTMLElement = element; inner.parentElement; inner = inner.parentElement) {
    for (const beside of inner.parentElement.children) {
      if (beside === inner || !(beside instanceof HTMLElement) || beside.inert) continue;
      if (beside.matches('[aria-live], [role=status]')) continue;
      beside.inert = true;
      barred.push(beside);
    }
    if (inner.parentElement === document.body) break;
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('[role=dialog]')) return;
    leave();
  };
  document.addEventListener('keydown', onKeyDown);
  return () => {
    document.removeEventListener('keydown', onKeyDown);
    for (const one of barred) one.inert = false;
  };
};
