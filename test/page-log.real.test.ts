import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeLines } from '#db/log-chunk.ts';
import { appendLog } from '#db/queries/append-log.ts';
import { type PageBrowser, startPageBrowser } from './page-browser.ts';
import { chromium } from './setup/chromium.ts';
import { type Stack, startStack } from './stack.ts';

const LINES = 1_000_000;
const CHUNK = 1_000;
/** Every so-manieth line holds the word. */
const EVERY = 977;

let stack: Stack;
let browser: PageBrowser;
let page: Page;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capstan-page-log-'));
  stack = await startStack();
  browser = await startPageBrowser(stack);
  page = await browser.loggedIn('olga', 'operator', { permissions: ['clipboard-read', 'clipboard-write'] });
});
afterAll(async () => {
  await browser?.stop();
  await stack?.stop();
  await rm(dir, { recursive: true, force: true });
});

const textOf = (n: number) => `line ${n} of the backup${n % EVERY === 0 ? ', a needle' : ''}`;

/** A run whose one step wrote a line itself, and has as many more as are wanted. */
async function runWithLog(): Promise<string> {
  const job = await stack.as.job({ name: 'long-backup', steps: [{ id: 'copy', type: 'local.exec', config: { command: 'echo begun' } }] });
  const run = await stack.as.start(job);
  await stack.as.until(run);
  const chunkFrom = (first: number) => {
    const lines = Array.from({ length: Math.min(CHUNK, LINES - first + 1) }, (_, at) => ({
      at: Date.parse('2026-11-22T10:00:00Z') + first + at,
      stream: 'stdout' as const,
      level: 'info' as const,
      text: textOf(first + at),
    }));
    const place = { run, key: 'copy', attempt: 1, first_line: first, fenced: false, stdout_bytes: 0, stderr_bytes: 0 };
    return { ...place, ...encodeLines(lines) };
  };
  for (let first = 2; first <= LINES; first += 50 * CHUNK) {
    const firsts = Array.from({ length: 50 }, (_, at) => first + at * CHUNK).filter((one) => one <= LINES);
    await appendLog(stack.database.sql, firsts.map(chunkFrom));
  }
  return run;
}

const log = () => page.getByRole('log');
const number = (n: number) => page.locator(`[data-number="${n}"]`);
const text = (n: number) => page.locator('[data-row]', { has: number(n) }).locator('[data-text]');
const clipboard = () => page.evaluate<string>('navigator.clipboard.readText()');

test.skipIf(chromium === null)(
  'of a million lines the last is reached, any is linked, a word is counted exactly, and three thousand are copied whole',
  async () => {
    const run = await runWithLog();
    await page.goto(`/runs/${run}/log`);
    await number(LINES).waitFor();
    await page.getByText('1,000,000 lines').waitFor();

    await page.goto(`/runs/${run}/log#L500000-L500002`);
    await expect.poll(() => text(500_000).textContent()).toBe(textOf(500_000));
    expect(await number(499_999).isVisible()).toBe(true);

    await log().focus();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('NEEDLE');
    await page.getByText(`512/${Math.floor(LINES / EVERY).toLocaleString('en')}`).waitFor();
    await expect.poll(() => text(EVERY * 512).textContent()).toContain('needle');
    await page.keyboard.press('Enter');
    await page.getByText('513/').waitFor();
    await number(EVERY * 513).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get('find')).toBe('NEEDLE');

    await page.goto(`/runs/${run}/log#L1001-L4000`);
    await number(1001).waitFor();
    await log().focus();
    await page.keyboard.press('Control+c');
    await page.getByText('Copied 3,000 lines.').waitFor();
    const copied = (await clipboard()).split('\n');
    expect([copied.length, copied[0], copied[2999]]).toEqual([3000, textOf(1001), textOf(4000)]);
  },
);

test.skipIf(chromium === null)('what is selected with the mouse is copied whole, the lines between that were never drawn too', async () => {
  const run = String((await stack.as.call('GET', '/runs?job=long-backup')).body.items?.[0 as never]?.['id' as never]);
  await page.goto(`/runs/${run}/log?level=info#L2000`);
  await text(2001).click({ position: { x: 1, y: 10 } });
  await page.evaluate("location.hash = '#L5000'");
  await number(5000).waitFor();
  await text(5000).click({ modifiers: ['Shift'], position: { x: 1, y: 10 } });
  await page.keyboard.press('Control+c');
  await page.getByText('Copied 3,000 lines.').waitFor();
  const copied = (await clipboard()).split('\n');
  expect(copied.slice(0, 2)).toEqual([textOf(2001), textOf(2002)]);
  expect(copied.at(-2)).toBe(textOf(4999));
});

test.skipIf(chromium === null)(
  'chosen lines are copied as they are shown, a search of the address leaves the linked line, and its step is named',
  async () => {
    const run = String((await stack.as.call('GET', '/runs?job=long-backup')).body.items?.[0 as never]?.['id' as never]);
    await page.goto(`/runs/${run}/log?find=needle#L500000`);
    await page.getByText(`–/${Math.floor(LINES / EVERY).toLocaleString('en')}`).waitFor();
    await number(500_000).waitFor();
    await text(500_001).click();
    await number(500_001).click();
    await page.waitForURL(/\?step=copy&find=needle#L500001$/);

    await page.goto(`/runs/${run}/log?level=warn`);
    await page.getByText('No line matches.').waitFor();
    await page.goto(`/runs/${run}/log?streams=stdout`);
    await number(LINES).waitFor();
    await log().focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    await page.getByText('are too many to copy').waitFor();
  },
);

test.skipIf(chromium === null)('a log that grows is followed and searched while lines arrive, until the reader scrolls up', async () => {
  const go = path.join(dir, 'go');
  // Half of it waits until the page has been seen to follow, however long that takes.
  const command = `i=0; while [ $i -lt 400 ]; do i=$((i+1)); echo "tick $i"; sleep 0.01; [ $i -ne 200 ] || until [ -e ${go} ]; do sleep 0.05; done; done; echo "error: no more" >&2; exit 1`;
  const job = await stack.as.job({ name: 'ticking', steps: [{ id: 'tick', type: 'local.exec', config: { command } }] });
  const run = await stack.as.start(job);
  await page.goto(`/runs/${run}/log?find=%5Etick&regexp=1`);
  await page.getByText('Following').waitFor();
  // More than the box has room for: of fewer lines nothing can be scrolled.
  await expect.poll(() => log().textContent()).toContain('tick 200');
  await log().hover();
  await page.mouse.wheel(0, -300);
  await page.getByText('Following').waitFor({ state: 'detached' });
  await writeFile(go, '');
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await page.getByText('/400').waitFor();
  await expect.poll(() => log().textContent()).toContain('error: no more');
  await stack.as.until(run);

  // The ended step opens on its first error, and its narrowed log keeps the lines' numbers.
  await page.goto(`/runs/${run}/log`);
  const [error] = (await stack.as.log(run, 'tick', 1, 1000)).filter((line) => line.text === 'error: no more');
  await expect.poll(() => text(error?.n ?? 0).textContent()).toBe('error: no more');
  await page.getByRole('combobox', { name: 'Level' }).selectOption('error');
  await page.getByText(/of 40\d lines/).waitFor();
  await number(error?.n ?? 0).waitFor();
  expect(await number(1).count()).toBe(0);
  expect(browser.complaints).toEqual([]);
});
