// What a test has the browser press on a page that is drawn, as a person who tries everything would, and faster. A script, not a module: it is put before the page's own.

/** A control as it was met: within which layer, by the name of what opened it, '' on the page itself. */
interface Met {
  readonly within: string;
  readonly name: string;
  readonly isOff: boolean;
  /** It does something, and is not one of a list. */
  readonly isOwn: boolean;
  /** What its description says beyond its name. */
  readonly why: string;
}

interface Pressed {
  readonly met: readonly Met[];
  /** Controls that came later, or were met again. */
  readonly late: readonly Met[];
  /** The names of what was pressed, with those that were before. */
  readonly done: readonly string[];
  /** What is wrong with the layers that were opened, and with where the focus was. */
  readonly wrong: readonly string[];
  /** The names of what opens a menu. */
  readonly menus: readonly string[];
  /** What the page said as an alert before anything was pressed. */
  readonly alerts: readonly string[];
}

interface Pressing {
  /** From now on nothing that is asked changes the installation: but for questions the tab is cut off. */
  cutOff(): void;
  /** Presses each control of the page that is not switched off and whose name is not among those done; looks at every layer that opens and closes it again, or first answers it as it stands. */
  everything(how: 'look' | 'answer', done: readonly string[]): Promise<Pressed>;
}

declare const auditing: Auditing;

{
  const MOST = 15;
  const MOST_MS = 5_000;
  const OFF = ':disabled, [aria-disabled="true"], [data-disabled]';
  const CONTROLS = 'button, [role=menuitem], input:not([type=hidden]), select, textarea, a.button, a.link';
  const PRESSED =
    ':is(.button, .icon-button, [aria-haspopup], [role=menuitem]):not([aria-pressed], [aria-expanded]:not([aria-haspopup]), a, [data-cell])';
  const OWN = '.button, [role=menuitem]';
  const LAYERS = '[role=dialog], [role=alertdialog], [role=menu]';
  const QUESTIONS = /\/(preview|validate|plan|choices)$|[?&]dry_run=true/;
  const TURNS = 1000;

  let isCut = false;
  let asked = 0;
  const plain = globalThis.fetch;
  globalThis.fetch = async (to, init) => {
    const url = to instanceof Request ? to.url : String(to);
    const method = init?.method ?? 'GET';
    const isQuestion = method === 'GET' || method === 'HEAD' || QUESTIONS.test(url) || String(init?.body).includes('"dry_run":true');
    if (isCut && !isQuestion) throw new TypeError('cut off');
    asked++;
    return plain(to, init).finally(() => asked--);
  };

  const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
  /** Some turns in which nothing is on its way. */
  const settled = async () => {
    for (let quiet = 0, turns = 0; quiet < 3 && turns < TURNS; turns++) {
      await turn();
      quiet = asked > 0 || layers().some((layer) => layer.querySelector('[aria-busy=true]')) ? 0 : quiet + 1;
    }
  };
  /** Waits for what should be so at once, however slow the machine. */
  const until = async (isSo: () => boolean) => {
    const begun = performance.now();
    while (!isSo() && performance.now() - begun < MOST_MS) await turn();
    return isSo();
  };
  const layers = () => [...document.querySelectorAll<HTMLElement>(LAYERS)];
  const textOf = (ids: string | null) => (ids ?? '').split(' ').flatMap((id) => document.getElementById(id)?.textContent ?? []);
  /** Without what describes it from within, and without words that wait for their time. */
  const wordsOf = (one: Element): string => {
    const whole = one.textContent ?? '';
    const apart = [
      ...textOf(one.getAttribute('aria-describedby')),
      ...[...one.querySelectorAll('.invisible')].map((hidden) => hidden.textContent ?? ''),
    ];
    return apart.reduce((words, part) => words.replace(part, ''), whole);
  };
  const nameOf = (one: Element): string => {
    const labels = 'labels' in one && one.labels instanceof NodeList ? [...one.labels].map((label) => (label as Element).textContent) : [];
    const said = [one.ariaLabel, ...textOf(one.getAttribute('aria-labelledby')), ...labels, wordsOf(one), one.getAttribute('title')];
    return (said.find((words) => words?.trim()) ?? '').replace(/\s+/g, ' ').trim();
  };
  const whyOf = (one: Element): string => {
    const name = nameOf(one);
    const said = [...textOf(one.getAttribute('aria-describedby')), one.getAttribute('aria-description'), one.getAttribute('title')];
    return said.filter((words) => words && words !== name).join(' ');
  };
  const usable = (box: ParentNode) =>
    [...box.querySelectorAll<HTMLElement>(PRESSED)].filter((one) => !one.matches(OFF) && one.checkVisibility());
  const key = (name: string) =>
    (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
  const hit = (one: HTMLElement) => {
    one.focus();
    one.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0, pointerType: 'mouse' }));
    one.dispatchEvent(new PointerEvent('pointerup', { bubbles: true, button: 0, pointerType: 'mouse' }));
    one.click();
  };
  const isNowhere = () => document.activeElement === document.body;
  const here = () => location.pathname + location.search;

  const pressing: Pressing = {
    cutOff: () => {
      isCut = true;
    },
    everything: async (how, done) => {
      // What it says of itself while it still asks is not what it says.
      await settled();
      const main = document.querySelector('main') ?? document.body;
      const place = here();
      const met: Met[] = [];
      const wrong: string[] = [];
      const menus: string[] = [];
      const pressed = new Set(done);
      const alerts = [...main.querySelectorAll('[role=alert]')].map((one) => one.textContent ?? '');

      const late: Met[] = [];
      const note = (box: ParentNode, within: string, into = met) => {
        for (const one of box.querySelectorAll(CONTROLS)) {
          if (one.closest('.cm-editor') || one.ariaBusy === 'true') continue;
          into.push({
            within,
            name: nameOf(one),
            isOff: one.matches(OFF),
            isOwn: one.matches(OWN) && !one.closest('[data-row], [data-key], [data-id]'),
            why: whyOf(one),
          });
        }
      };
      /** Escape leaves one layer after the other, and at last the focus is where it came from. */
      const close = async (opener: HTMLElement, name: string) => {
        for (let left = layers().length; left > 0; left = layers().length) {
          key('Escape');
          if (await until(() => layers().length < left)) continue;
          wrong.push(`Escape does not leave what "${name}" opens`);
          return;
        }
        // What was pressed may be gone, or drawn anew.
        const isBack = () =>
          document.activeElement === opener || (document.activeElement !== null && nameOf(document.activeElement) === name);
        if (!(await until(opener.isConnected ? isBack : () => !isNowhere())))
          wrong.push(`after "${name}" the focus is at "${nameOf(document.activeElement ?? main).slice(0, 40)}"`);
        // Whatever gives the focus back later would close what is opened next.
        await settled();
      };
      const look = async (name: string) => {
        const layer = layers().at(-1);
        if (!layer) return;
        note(layer, name);
        if (how === 'answer') {
          for (const act of usable(layer).filter((one) => one.matches('[type=submit], [role=menuitem]'))) act.click();
          await settled();
          return;
        }
        if (!(await until(() => layer.contains(document.activeElement)))) wrong.push(`what "${name}" opens does not take the focus`);
        const found = await auditing.axe(layer).catch((error: Error) => [`closed by itself: ${error.message}`]);
        wrong.push(...[...found, ...auditing.smallTargets('', layer)].map((one) => `"${name}": ${one}`));
      };
      const back = async () => {
        if (here() === place) return;
        history.pushState(null, '', place);
        dispatchEvent(new PopStateEvent('popstate'));
        await settled();
      };
      const press = async (one: HTMLElement, name: string) => {
        hit(one);
        await settled();
        if (layers().length === 0) {
          if (!(await until(() => !isNowhere()))) wrong.push(`"${name}" leaves the focus nowhere`);
          return back();
        }
        const menu = layers().find((layer) => layer.role === 'menu');
        if (menu) menus.push(name);
        await look(name);
        await close(one, name);
        if (!menu || how === 'answer') return back();
        const items = met.filter(({ within, isOff }) => within === name && !isOff).map((item) => item.name);
        for (const item of items.filter((each) => !pressed.has(`${name} › ${each}`))) {
          pressed.add(`${name} › ${item}`);
          if (!one.isConnected) break;
          hit(one);
          await settled();
          const entry = layers()
            .flatMap((layer) => usable(layer))
            .find((each) => nameOf(each) === item);
          entry?.focus();
          entry?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
          await settled();
          await settled();
          if (layers().length > 0) {
            await look(`${name} › ${item}`);
            await close(one, name);
          }
          await back();
        }
      };

      note(main, '');
      const next = () => usable(main).find((one) => !pressed.has(nameOf(one)) && !one.closest('.cm-editor'));
      for (let one = next(), count = 0; one && count < MOST; one = next(), count++) {
        const name = nameOf(one);
        pressed.add(name);
        await press(one, name);
      }
      // What came meanwhile.
      note(main, '', late);
      return { met, late, done: [...pressed], wrong, menus, alerts };
    },
  };
  Object.assign(globalThis, { pressing });
}
