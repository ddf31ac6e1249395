import { onCleanup } from 'solid-js';

const STOPS = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]';
const LAYERS = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]';
/** Beyond these is another part of the page. */
const EDGES = `main, ${LAYERS}`;

/** Where something was that is gone: after which node of which other. */
interface Place {
  readonly gone: Node;
  readonly parent: Node;
  readonly after: Node | null;
}

const isStop = (one: HTMLElement): boolean => one.tabIndex >= 0 && !one.matches(':disabled');
const stopsOf = (node: Node): readonly HTMLElement[] =>
  node instanceof HTMLElement
    ? [node, ...node.querySelectorAll<HTMLElement>(STOPS)].filter((one) => one.matches(STOPS) && isStop(one))
    : [];
const seen = (stops: readonly HTMLElement[]) => stops.filter((one) => one.checkVisibility());

/** The latest change that took a node, or what it stood in, out of the page. */
const removalOf = (node: Node, changes: readonly MutationRecord[]): MutationRecord | undefined =>
  changes.findLast(({ removedNodes }) => [...removedNodes].some((gone) => gone.contains(node)));

const placeOf = (lost: Node, changes: readonly MutationRecord[]): Place | null => {
  let removal = removalOf(lost, changes);
  let inner = lost;
  while (removal && !removal.target.isConnected) {
    inner = removal.target;
    removal = removalOf(inner, changes);
  }
  if (!removal) return null;
  const { target: parent, removedNodes } = removal;
  let after = removal.previousSibling;
  while (after && after.parentNode !== parent) after = removalOf(after, changes)?.previousSibling ?? null;
  return { gone: [...removedNodes].find((node) => node.contains(inner)) ?? inner, parent, after };
};

/** What took its place and what stands behind that. */
const following = ({ parent, after }: Place): readonly Node[] => {
  const all = [...parent.childNodes];
  return all.slice(after?.parentNode === parent ? all.indexOf(after as ChildNode) + 1 : 0);
};

/** The stop of what took the place of something, or stands beside it, that is what the lost one was there: of a row the same of its controls. */
const sameIn = (other: Node, { gone }: Place, lost: Element): HTMLElement | undefined => {
  if (gone === lost || !(gone instanceof Element && other instanceof Element) || gone.tagName !== other.tagName) return undefined;
  const at = stopsOf(gone).indexOf(lost as HTMLElement);
  const same = stopsOf(other)[at];
  return same?.tagName === lost.tagName && same.checkVisibility() ? same : undefined;
};

const nextTo = (place: Place, lost: Element): HTMLElement | undefined => {
  const later = following(place);
  for (const one of later) {
    const found = sameIn(one, place, lost) ?? seen(stopsOf(one))[0];
    if (found) return found;
  }
  const earlier = [...place.parent.childNodes].slice(0, place.parent.childNodes.length - later.length).reverse();
  for (const one of earlier) {
    const found = sameIn(one, place, lost) ?? seen(stopsOf(one)).at(-1);
    if (found) return found;
  }
  const { parent } = place;
  if (!parent.parentNode || (parent instanceof Element && parent.matches(EDGES))) return undefined;
  return nextTo({ gone: parent, parent: parent.parentNode, after: parent }, parent as Element);
};

/** A layer gives back the focus that it had, and one that is open over the place has it or takes it. */
const isOfLayer = ({ gone, parent }: Place, lost: Element): boolean => {
  const layer = lost.closest(LAYERS);
  const open = [...document.querySelectorAll(LAYERS)].findLast((one) => !one.closest('main'));
  return (layer !== null && gone.contains(layer)) || (open !== undefined && !open.contains(parent));
};
/** What is being read where something was: what was there may come again. */
const readingAt = (place: Place): Element | undefined => {
  const first = following(place).find((one) => one instanceof Element);
  return first?.ariaBusy === 'true' ? first : undefined;
};
const isWithin = ({ parent }: Place): boolean => parent instanceof Element && parent.closest(EDGES) !== null;

/**
 * Who pressed what is gone by it (a row's delete, a banner's button, the last "more") goes on beside it and not at the top of the page: at the same control
 * of the next row, at the next control, at the one before, at last at the page's heading. What is moved gets the focus back. Layers give it back themselves.
 */
export const useFocusGoesOn = (): void => {
  let focused: HTMLElement | null = null;
  let before: HTMLElement | null = null;
  let place: Place | null = null;

  const goOn = (changes: readonly MutationRecord[]) => {
    if (!focused || document.activeElement !== document.body) return;
    if (focused.isConnected) return removalOf(focused, changes) && focused.focus({ preventScroll: true });
    if (!place) place = placeOf(focused, changes);
    else if (!place.parent.isConnected) place = placeOf(place.parent, changes);
    if (!place || isOfLayer(place, focused)) return;
    const reading = readingAt(place);
    if (reading) return watch.observe(reading, { attributeFilter: ['aria-busy'] });
    const next = isWithin(place) ? nextTo(place, focused) : before;
    if (next?.isConnected) next.focus();
    else document.querySelector('h1')?.focus({ preventScroll: true });
  };
  const watch = new MutationObserver(goOn);
  const follow = (event: FocusEvent) => {
    if (!(event.target instanceof HTMLElement)) return;
    place = null;
    focused = event.target;
    if (focused.closest('main')) before = focused;
    watch.disconnect();
    // The way up from it, and nothing beside: whatever else changes costs nothing.
    for (let at: Node | null = focused.parentNode; at; at = at.parentNode) watch.observe(at, { childList: true });
  };
  const letGo = (event: Event) => {
    if (event.target instanceof Node && !focused?.contains(event.target)) focused = null;
  };
  document.addEventListener('focusin', follow);
  document.addEventListener('pointerdown', letGo);
  onCleanup(() => {
    watch.disconnect();
    document.removeEventListener('focusin', follow);
    document.removeEventListener('pointerdown', letGo);
  });
};
