import { readdir, readFile } from 'node:fs/promises';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PERMISSIONS } from '#api/permissions.ts';
import { ADDRESSES } from '#web/src/addresses.ts';
import { type PageBrowser, startPageBrowser } from './page-browser.ts';
import { furnished, type Opened } from './page-furnished.ts';
import { chromium } from './setup/chromium.ts';
import { type Stack, startStack } from './stack.ts';

const WIDE = { width: 1280, height: 800 };
/** A window of 1280 pixels at 400 %. */
const NARROW = { width: 320, height: 640 };

/** What may be smaller than 24 pixels, and why. */
const SMALL_ON_PURPOSE = [
  // The editor of text is not ours: a line's fold marks are also opened by keys.
  '.cm-editor *',
];
/** A control as it was met; `web/src/testing/press.ts` presses. */
interface Met {
  readonly within: string;
  readonly name: string;
  readonly isOff: boolean;
  readonly isOwn: boolean;
  readonly why: string;
}
interface Pressed {
  readonly met: readonly Met[];
  readonly late: readonly Met[];
  readonly done: readonly string[];
  readonly wrong: readonly string[];
  readonly menus: readonly string[];
  readonly alerts: readonly string[];
}

describe.skipIf(chromium === null)('every address of the page', () => {
  let stack: Stack;
  let browser: PageBrowser;
  let ann: Page;
  let vic: Page;
  let opened: Awaited<ReturnType<typeof furnished>>;
  /** What the viewer's page asked for and was refused. */
  const refused: string[] = [];

  const openedBy = async (name: string, role: 'admin' | 'viewer'): Promise<Page> => {
    const page = await browser.loggedIn(name, role, { reducedMotion: 'reduce' });
    await page.context().addInitScript({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
    for (const script of ['audit', 'press'])
      await page.context().addInitScript(stripTypeScriptTypes(await readFile(`web/src/testing/${script}.ts`, 'utf8')));
    return page;
  };

  beforeAll(async () => {
    stack = await startStack();
    browser = await startPageBrowser(stack);
    ann = await openedBy('ann', 'admin');
    vic = await openedBy('vic', 'viewer');
    opened = await furnished(stack, 'ann');
    const parts = (await readdir('web/dist/assets')).filter((name) => name.endsWith('.js') && !name.includes('worker'));
    for (const page of [ann, vic]) {
      await page.goto('/');
      // What opens later opens at once.
      await page.evaluate(`Promise.all(${JSON.stringify(parts)}.map((part) => import('/assets/' + part)))`);
    }
    await ann.evaluate('pressing.cutOff()');
    vic.on(
      'response',
      (answer) => answer.status() === 403 && refused.push(`${answer.request().method()} ${new URL(answer.url()).pathname}`),
    );
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
  });

  const goTo = (page: Page, path: string, reads: string) =>
    page.evaluate(`auditing.goTo(${JSON.stringify(path)}, ${JSON.stringify(reads)})`);
  const ask = (what: string) => ann.evaluate<readonly string[]>(`auditing.${what}`);
  const press = (page: Page, how: 'look' | 'answer', done: readonly string[]) =>
    page.evaluate<Pressed>(`pressing.everything('${how}', ${JSON.stringify(done)})`);

  /** What of an address is not whole, not reached or not read by everybody. */
  const wrongIn = async ({ path, reads }: Opened): Promise<readonly string[]> => {
    await goTo(ann, path, reads);
    const whole = [
      ...(await ask('axe(document.documentElement)')),
      ...(await ask('bones()')),
      ...(await ask('moving()')),
      ...(await ask('stops()')),
    ];
    await ann.setViewportSize(NARROW);
    const narrow = [
      ...(await ask('sideways()')),
      ...(await ask('unseen()')),
      ...(await ask(`smallTargets(${JSON.stringify(SMALL_ON_PURPOSE.join())}, document.body)`)),
    ];
    await ann.setViewportSize(WIDE);
    return [...whole, ...narrow];
  };

  const all = ({ met, late }: Pressed) => [...met, ...late];
  const permission = new RegExp(`\\b(${PERMISSIONS.join('|')})\\b`);
  const isSame = (one: Met, other: Met) => one.within === other.within && one.name === other.name;
  /** What is off for a viewer and does not say why: where it is not off for others, the reason is a permission. */
  const unsaidIn = (theirs: readonly Met[], others: readonly Met[]): readonly string[] =>
    theirs
      .filter((one) => one.isOff)
      .filter((one) => (others.some((other) => isSame(one, other) && other.isOff) ? one.why === '' : !permission.test(one.why)))
      .map(({ within, name, why }) => `${within}/${name}: ${why}`);

  for (const address of ADDRESSES)
    test(`${address} is whole, reached and read by everybody, with all that opens on it; who may only read sees it, and is told what each control needs`, async () => {
      let [looked, answered]: [readonly string[], readonly string[]] = [[], []];
      for (const way of opened[address]) {
        const wrong = await wrongIn(way);
        const isDenied = PERMISSIONS.some((one) => one === way.viewer);
        await goTo(vic, way.path, way.viewer ?? way.reads);
        const [mine, theirs] = await Promise.all([press(ann, 'look', looked), press(vic, 'answer', answered)]);
        looked = mine.done;
        answered = theirs.done;
        const found = {
          wrong: [...wrong, ...mine.wrong],
          unsaid: unsaidIn(all(theirs), all(mine)),
          missing:
            isDenied || way.viewer
              ? []
              : mine.met
                  .filter((one) => one.isOwn && (one.within === '' || mine.menus.includes(one.within)))
                  .filter((one) => !all(theirs).some((other) => isSame(one, other)))
                  .map(({ within, name }) => `${within}/${name}`),
          alerts: isDenied ? [] : theirs.alerts,
          refused: isDenied ? [] : refused.splice(0),
        };
        refused.splice(0);
        expect({ [way.path]: found }).toEqual({ [way.path]: { wrong: [], unsaid: [], missing: [], alerts: [], refused: [] } });
      }
    });

  test('a keyboard alone, on a slow machine, skips to the content, goes to places, through the list and its layers, and finds itself where it was', async () => {
    const slowed = await ann.context().newCDPSession(ann);
    await slowed.send('Emulation.setCPUThrottlingRate', { rate: 6 });
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await ann.keyboard.press(key);
    };
    const focused = () =>
      ann.evaluate(`document.activeElement.matches('[data-row]') ? 'row ' + [...document.querySelectorAll('[data-row]')].indexOf(document.activeElement)
        : document.activeElement.matches('h1') ? location.pathname.split('/').slice(0, 3).map((part) => part.length === 36 ? 'one' : part).join('/')
        : document.activeElement.id || document.activeElement.role || document.activeElement.textContent`);
    const expectAt = (place: string) => expect.poll(focused).toBe(place);
    const chosen = () => ann.locator('[data-row][aria-selected=true]').count();
    await ann.goto('/runs');
    await ann.locator('[data-row]').nth(1).waitFor();
    await press('Tab');
    await expectAt('Skip to content');
    await press('Enter');
    await expectAt('content');
    // The second time the list is known, and read again behind what it shows.
    for (let round = 0; round < 2; round++) {
      await press('g', 'j');
      await expectAt('/jobs');
      const read = ann.waitForResponse((answer) => new URL(answer.url()).pathname.endsWith('/runs'));
      await press('g', 'r');
      await read;
      await ann.locator('[data-row]').nth(1).waitFor();
      await expectAt('/runs');
    }
    await press('j', 'j', 'x');
    await expectAt('row 1');
    await expect.poll(chosen).toBe(1);
    await press('Control+k');
    await expectAt('combobox');
    await ann.keyboard.type('gjx');
    await press('Escape');
    await expectAt('row 1');
    await press('?');
    const overlay = ann.getByRole('dialog', { name: 'Keys' });
    await overlay.getByRole('checkbox').uncheck();
    await press('Escape');
    await overlay.waitFor({ state: 'detached' });
    await expectAt('row 1');
    // Single keys are off now; those that do what the focused element says are not.
    await press('x', 'g', 'j');
    expect([await chosen(), await focused()]).toEqual([1, 'row 1']);
    await press('Enter');
    await expectAt('/runs/one');
    await slowed.detach();
  });

  test('no page complained: no console error, no policy report, no foreign request', () => {
    // What was sent as it stood, or may not be seen, is refused, which the browser counts as an error.
    browser.excuse(/status of 4(00|03|04|22)/);
    expect(browser.complaints).toEqual([]);
  });
});
