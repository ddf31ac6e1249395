import { onCleanup } from 'solid-js';

const STOPS = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]';
/** What does nothing that is not easily left again, should a key meant for what is gone reach it. */
const CALM = 'a[href], summary, [role=row], [role=region]';
const LAYERS = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]';
/** Beyond these is another part of the page. */
const EDGES = `main, ${LAYERS}`;
/** How many milliseconds after a press what goes is gone by it, as an answer may take that long; later it is gone by itself. */
const ANSWERED_WITHIN = 10_000;

/** Where something was that is gone: after which node of which other. */
interface Place {
  readonly gone: Node;
  readonly parent: Node;
  readonly after: Node | null;
}

const isStop = (one: HTMLElement): boolean => one.tabIndex >= 0 && !one.matches(':disabled');
const isSeen = (one: HTMLElement): boolean => one.checkVisibility({ visibilityProperty: true }) && !one.closest('[inert]');
const stopsOf = (node: Node): readonly HTMLElement[] =>
  node instanceof HTMLElement
    ? [node, ...node.querySelectorAll<HTMLElement>(STOPS)].filter((one) => one.matches(STOPS) && isStop(one))
    : [];
const seenOf = (node: Node, fit: string) => stopsOf(node).filter((one) => one.matches(fit) && isSeen(one));

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

/** The stop of what took the place of something, or stands beside it, that is what the lost one was there: of a row the same of its controls, or the row. */
const sameIn = (other: Node, { gone }: Place, lost: Element): HTMLElement | undefined => {
  if (!(gone instanceof Element && other instanceof HTMLElement) || gone.tagName !== other.tagName) return undefined;
  const same = gone === lost ? undefined : stopsOf(other)[stopsOf(gone).indexOf(lost as HTMLElement)];
  if (same?.tagName === lost.tagName && isSeen(same)) return same;
  // Tab meets one row only of a table whose rows are reached by arrows.
  return gone.matches('[role=row]') && other.matches('[role=row][tabindex]') ? other : undefined;
};

const nextTo = (place: Place, lost: Element, fit: string): HTMLElement | undefined => {
  const same = (one: Node) => {
    const found = sameIn(one, place, lost);
    return found?.matches(fit) ? found : undefined;
  };
  const later = following(place);
  for (const one of later) {
    const found = same(one) ?? seenOf(one, fit)[0];
    if (found) return found;
  }
  const earlier = [...place.parent.childNodes].slice(0, place.parent.childNodes.length - later.length).reverse();
  for (const one of earlier) {
    const found = same(one) ?? seenOf(one, fit).at(-1);
    if (found) return found;
  }
  const { parent } = place;
  if (!parent.parentNode || (parent instanceof Element && parent.matches(EDGES))) return undefined;
  return nextTo({ gone: parent, parent: parent.parentNode, after: parent }, parent as Element, fit);
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
/** The part of the page that something stood in. */
const partOf = ({ parent }: Place): HTMLElement | null => (parent instanceof Element ? parent.closest<HTMLElement>(EDGES) : null);

/**
 * Who pressed what is gone by it (a row's delete, a banner's button, the last "more") goes on beside it and not at the top of the page: at the same control
 * of the next row, at the next control, at the one before, at last at the page's heading. Where it was gone by itself, no control that acts gets a key that
 * was meant for it, and nothing scrolls. What is moved gets the focus back. Layers give it back themselves. Who gave the focus up is not called back.
 */
export const useFocusGoesOn = (): void => {
  let focused: HTMLElement | null = null;
  let before: HTMLElement | null = null;
  let place: Place | null = null;
  let byPress = false;
  /** What the reader used last on the page, and what in a layer, which stands for what opened it. */
  let used: Element | null = null;
  let usedInLayer: Element | null = null;
  let usedAt = 0;
  /** What has the focus since a key went down, which as long as it is held is still the press of what is gone. */
  let given: HTMLElement | null = null;

  const goOn = (changes: readonly MutationRecord[]) => {
    if (!focused || document.activeElement !== document.body) return;
    if (focused.isConnected) return removalOf(focused, changes) && focused.focus({ preventScroll: true });
    if (!place) {
      place = placeOf(focused, changes);
      byPress = (focused === used || focused === usedInLayer) && performance.now() - usedAt < ANSWERED_WITHIN;
    } else if (!place.parent.isConnected) place = placeOf(place.parent, changes);
    if (!place || isOfLayer(place, focused)) return;
    const reading = readingAt(place);
    if (reading) return watch.observe(reading, { attributeFilter: ['aria-busy'] });
    giveTo(wayOn(place, focused), partOf(place));
  };
  const wayOn = (at: Place, lost: Element) => (partOf(at) ? nextTo(at, lost, byPress ? STOPS : CALM) : before);
  const giveTo = (next: HTMLElement | null | undefined, part: HTMLElement | null) => {
    if (next?.isConnected) {
      given = next;
      next.focus({ preventScroll: !byPress });
      return;
    }
    const head = part?.matches(LAYERS) ? part : document.querySelector('h1');
    head?.focus({ preventScroll: true });
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
  /** Not what the browser does where something is removed, of which it tells before, or moved, off or hidden. */
  const giveUp = ({ target }: FocusEvent) =>
    setTimeout(() => {
      if (focused && focused === target && document.activeElement === document.body && isStop(focused) && isSeen(focused)) focused = null;
    });
  const letGo = (event: Event) => {
    if (event.target instanceof Node && !focused?.contains(event.target)) focused = null;
  };
  const use = ({ target }: Event) => {
    const stop = target instanceof Element ? target.closest(STOPS) : null;
    if (stop?.closest(LAYERS)) usedInLayer = stop;
    else used = stop;
    usedAt = performance.now();
  };
  const press = (event: KeyboardEvent) => {
    if (event.repeat && event.key === 'Enter' && event.target === given) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (event.key !== 'Tab') use(event);
  };
  const release = () => {
    given = null;
  };
  const heard = new AbortController();
  const how = { capture: true, signal: heard.signal };
  document.addEventListener('focusin', follow, how);
  document.addEventListener('focusout', giveUp, how);
  document.addEventListener('pointerdown', letGo, how);
  document.addEventListener('click', use, how);
  document.addEventListener('keydown', press, how);
  document.addEventListener('keyup', release, how);
  onCleanup(() => {
    heard.abort();
    watch.disconnect();
  });
};
