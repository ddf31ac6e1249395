// What a test has the browser look for on a page that is drawn, beside what axe looks for. A script, not a module: it is put before the page's own.

interface Auditing {
  /** Goes to an address as a link does and waits until all of it is drawn and it says this; rejects with what it says instead. */
  goTo(path: string, reads: string): Promise<void>;
  /** What axe finds wrong with a part of the page, in both themes. */
  axe(part: Element): Promise<readonly string[]>;
  /** What axe finds wrong with the colours of a part of the page. */
  colours(part: Element): Promise<readonly string[]>;
  /** Everything in a part of the page that can be hit and is smaller than 24 by 24 pixels, but for what `excepted` selects. */
  smallTargets(excepted: string, part: Element): readonly string[];
  /** Whether something of the page is to be reached only by scrolling it sideways, once what depends on the window's width has been told of it. */
  sideways(): Promise<readonly string[]>;
  /** Views that are open and whose names stand out of sight, once the page has the window's width. */
  unseen(): readonly string[];
  /** What is still moving of itself. */
  moving(): readonly string[];
  /** Grids in which Tab stops in more than one row, or in none. */
  stops(): readonly string[];
  /** Headings and landmarks that a page has exactly one of, and its title. */
  bones(): readonly string[];
}

declare const axe: typeof import('axe-core');

{
  /** Health is asked for again each 15 s, and a part that did not answer in time is not well until then. */
  const WAIT_MS = 40_000;
  const LEAST = 23.9;
  const TARGETS =
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"], [role=button], [role=menuitem], [role=option], [role=separator][tabindex]';
  const named = (element: Element) =>
    `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 60)}`;
  const isHidden = (element: Element): boolean => {
    const { width, height, right, bottom } = element.getBoundingClientRect();
    return width <= 1 || height <= 1 || right <= 0 || bottom <= 0 || !element.checkVisibility({ visibilityProperty: true });
  };
  // The label of a control and what is laid over a link can be hit too.
  const boxesOf = (element: HTMLElement): readonly { readonly width: number; readonly height: number }[] => {
    const labels = 'labels' in element && element.labels instanceof NodeList ? [...element.labels] : [];
    const over = getComputedStyle(element, '::after');
    const laid =
      over.content !== 'none' && over.position === 'absolute' ? [{ width: parseFloat(over.width), height: parseFloat(over.height) }] : [];
    return [element, ...labels].map((one) => (one as Element).getBoundingClientRect()).concat(laid as DOMRect[]);
  };
  const isSmall = (element: HTMLElement) => !boxesOf(element).some(({ width, height }) => width >= LEAST && height >= LEAST);

  interface Left {
    readonly heading: Element | null;
    readonly path: string;
  }
  const isDrawn = (path: string, reads: string, left: Left): boolean => {
    const main = document.querySelector('main');
    const isThere = location.pathname + location.search === path && document.title !== '' && main?.querySelector('h1') != null;
    // Views of one thing share everything but what the chosen one shows.
    const view = [...(main?.querySelectorAll<HTMLAnchorElement>('nav a[href]') ?? [])].find((link) => link.pathname === location.pathname);
    if (view && view.ariaCurrent !== 'page') return false;
    // What was left stays until what comes is there.
    if (!view && left.path !== location.pathname && left.heading?.isConnected) return false;
    return isThere && main?.querySelector('[aria-busy=true]') === null && (main?.textContent ?? '').includes(reads);
  };

  const theme = (name: 'light' | 'dark') => {
    document.documentElement.dataset.theme = name;
  };
  const run = async (part: Element, rules: string[]): Promise<readonly string[]> => {
    const { violations } = await axe.run(part, { preload: false, resultTypes: ['violations'], selectors: false, runOnly: rules });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${any[0]?.message ?? ''} ${html}`));
  };

  const auditing: Auditing = {
    goTo: (path, reads) =>
      new Promise((resolve, reject) => {
        const left = { heading: document.querySelector('h1'), path: location.pathname };
        const observer = new MutationObserver(() => isDrawn(path, reads, left) && done());
        const late = setTimeout(
          () => reject(new Error(`${path} does not say "${reads}": ${document.querySelector('main')?.innerText}`)),
          WAIT_MS,
        );
        const done = () => {
          clearTimeout(late);
          observer.disconnect();
          requestAnimationFrame(() => resolve());
        };
        history.pushState(null, '', path);
        dispatchEvent(new PopStateEvent('popstate'));
        observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
        if (isDrawn(path, reads, left)) done();
      }),
    axe: async (part) => {
      theme('light');
      const light = await run(part, ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
      theme('dark');
      // Another theme changes nothing but colours.
      const dark = await auditing.colours(part);
      theme('light');
      return [...light, ...dark];
    },
    colours: (part) => run(part, ['color-contrast']),
    smallTargets: (excepted, part) =>
      [...part.querySelectorAll<HTMLElement>(TARGETS)]
        .filter((element) => !(excepted !== '' && element.matches(excepted)) && !isHidden(element) && isSmall(element))
        .map((element) => {
          const { width, height } = element.getBoundingClientRect();
          return `${Math.round(width)} × ${Math.round(height)} px can be hit of ${named(element)}`;
        }),
    sideways: async () => {
      for (const _ of ['told', 'drawn']) await new Promise((resolve) => requestAnimationFrame(resolve));
      return [document.documentElement, ...document.querySelectorAll('main')]
        .filter((box) => box.scrollWidth > box.clientWidth)
        .map((box) => `${named(box).slice(0, 5)} is ${box.scrollWidth} px wide of ${box.clientWidth}`);
    },
    unseen: () =>
      [...document.querySelectorAll('main nav [aria-current=page]')].flatMap((link) => {
        const [shown, whole] = [link.getBoundingClientRect(), link.closest('nav')?.getBoundingClientRect()];
        return whole && shown.left >= whole.left - 1 && shown.right <= whole.right + 1 ? [] : [`out of sight: ${named(link)}`];
      }),
    moving: () =>
      document
        .getAnimations()
        .filter(({ effect }) => Number(effect?.getComputedTiming().duration ?? 0) > 0)
        .map(({ effect }) => `moves: ${named((effect as KeyframeEffect).target as Element)}`),
    stops: () =>
      [...document.querySelectorAll<HTMLElement>('[role=grid], table:has([data-cell]), [role=tree]')].flatMap((grid) => {
        const inside = [...grid.querySelectorAll<HTMLElement>('a[href], button, input, select, [tabindex]')];
        const stops = inside.filter((one) => one.tabIndex >= 0 && !one.closest('thead, [role=columnheader]') && one.checkVisibility());
        const rows = new Set(stops.map((one) => one.closest('[role=row], tr, [role=treeitem]')));
        return rows.size === 1 ? [] : [`Tab stops in ${rows.size} rows of ${named(grid)}`];
      }),
    bones: () => {
      const counts = { h1: 'h1', main: 'main', banner: 'body header:not(main header)', title: 'head title' };
      const wrong = Object.entries(counts).filter(([, selector]) => document.querySelectorAll(selector).length !== 1);
      const heading = document.querySelector('h1')?.textContent ?? '';
      return [
        ...wrong.map(([name, selector]) => `${document.querySelectorAll(selector).length} of ${name}`),
        ...(document.querySelector('nav[aria-label]') ? [] : ['no named navigation']),
        ...(/^.+ · Capstan$/.test(document.title) && heading !== '' ? [] : [`the title is "${document.title}", the heading "${heading}"`]),
      ];
    },
  };
  Object.assign(globalThis, { auditing });
}
