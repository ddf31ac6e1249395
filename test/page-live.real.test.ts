import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CUT, type PageBrowser, startPageBrowser } from './page-browser.ts';
import { chromium } from './setup/chromium.ts';
import { type Stack, startStack, untilReady } from './stack.ts';

describe.skipIf(chromium === null)(`one stream for all tabs${chromium === null ? ' (no chromium)' : ''}`, () => {
  let stack: Stack;
  let browser: PageBrowser;
  let dir: string;
  let first: Page;
  let second: Page;
  /** Tabs that have an event stream open now, in the order they opened it. */
  const open: Page[] = [];

  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'capstan-live-'));
    stack = await startStack();
    browser = await startPageBrowser(stack);
    first = await browser.loggedIn('lena', 'operator', { timezoneId: 'Asia/Kolkata' });
    const context = first.context();
    context.on('request', (request) => {
      if (request.url().includes('/events?')) open.push(request.frame().page());
    });
    const ended = (request: Request) => {
      if (request.url().includes('/events?')) open.splice(open.indexOf(request.frame().page()), 1);
    };
    context.on('requestfailed', ended);
    context.on('requestfinished', ended);
    const waits = `until test -e ${path.join(dir, 'go')}; do sleep 0.05; done; rm ${path.join(dir, 'go')}`;
    await stack.as.job({ name: 'waits', steps: [{ id: 'hold', type: 'local.exec', config: { command: waits } }] });
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const go = () => writeFile(path.join(dir, 'go'), '');
  const isLive = (page: Page) => page.getByText('Live', { exact: true }).waitFor();
  const status = (page: Page, word: string) => page.locator('main').getByText(word, { exact: true }).first().waitFor();

  test('a run that one tab starts is seen in the other, queued, running and completed, without a reload and by one stream', async () => {
    await first.goto('/jobs/waits/run');
    await isLive(first);
    second = await first.context().newPage();
    await second.goto('/runs');
    await isLive(second);
    process.kill(stack.worker.pid, 'SIGSTOP');
    try {
      await first.getByRole('button', { name: 'Start run' }).click();
      await first.waitForURL(/\/runs\/[0-9a-f-]{36}/);
      await Promise.all([status(first, 'Queued'), status(second, 'Queued')]);
    } finally {
      process.kill(stack.worker.pid, 'SIGCONT');
    }
    await Promise.all([status(first, 'Running'), status(second, 'Running')]);
    await go();
    await Promise.all([status(first, 'Completed'), status(second, 'Completed')]);
    expect(open.map((page) => page === first)).toEqual([true]);
  });

  test('times are shown in the zone of the reader', async () => {
    await first.locator('time').filter({ hasText: 'UTC+5:30' }).first().waitFor();
  });

  test('when the tab that has the stream is closed the other takes it over within a second and misses nothing', async () => {
    const id = await stack.as.start('waits');
    await second.goto(`/runs/${id}`);
    await status(second, 'Running');
    const taken = second.waitForRequest(/\/events\?/);
    await first.close();
    await go();
    const at = Date.now();
    const url = new URL((await taken).url());
    expect(Date.now() - at).toBeLessThan(1000);
    expect(url.searchParams.get('last_event_id')).toMatch(/^[0-9a-f]{12}-\d+$/);
    await status(second, 'Completed');
    expect(open.filter((page) => !page.isClosed())).toEqual([second]);
  });

  test('while the API is away the page says since when, and afterwards everything is there without a reload', async () => {
    const id = await stack.as.start('waits');
    await second.goto(`/runs/${id}`);
    await status(second, 'Running');
    await isLive(second);
    await second.evaluate(() => Object.assign(globalThis, { loadedOnce: true }));
    await stack.api.kill();
    await second.getByText(/^Stale \d+ s$/).waitFor();
    await second.getByText(/Live updates stopped \d+ s ago/).waitFor();
    await go();
    stack.api.start();
    await untilReady(stack.url, [stack.api]);
    await isLive(second);
    await status(second, 'Completed');
    expect(await second.evaluate(() => 'loadedOnce' in globalThis)).toBe(true);
    browser.excuse(CUT);
  });

  test('what is made, changed or deleted elsewhere is seen where it stands without a reload, and a form that is being filled keeps what was typed', async () => {
    const list = await browser.loggedIn('mara', 'admin');
    const done = async (method: string, path: string, body?: object) => {
      const answer = await stack.as.call(method, path, body, { 'if-match': '*' });
      expect([method, path, answer.status < 300, answer.body]).toEqual([method, path, true, answer.body]);
    };
    const make = (path: string, body: object) => done('POST', path, body);
    await make('/targets', { name: 'far', host: '10.0.0.1' });
    const steps = [{ id: 'a', type: 'local.exec', config: { command: 'true' } }];
    for (const [path, content] of [
      ['/jobs', { source: JSON.stringify({ name: 'fresh', steps }) }],
      ['/targets', { name: 'fresh', host: '10.0.0.2' }],
      ['/credentials', { name: 'fresh', kind: 'ssh_password', password: 'x' }],
      ['/calendars', { name: 'fresh', entries: ['12-24'] }],
      ['/schedules', { name: 'fresh', job: 'waits', cron: '0 3 * * *' }],
    ] as const) {
      await list.goto(path);
      await isLive(list);
      await make(path, content);
      const row = list.locator('main').getByRole('link', { name: 'fresh', exact: true });
      await row.waitFor();
      await done('DELETE', `${path}/fresh`);
      await row.waitFor({ state: 'detached' });
    }
    const told = list.getByText('All schedules are stopped');
    await done('PUT', '/schedule-switch', { stopped: true });
    await told.waitFor();
    await done('PUT', '/schedule-switch', { stopped: false });
    await told.waitFor({ state: 'detached' });

    await list.goto('/targets/far');
    await isLive(list);
    const form = await list.context().newPage();
    await form.goto('/targets/far/edit');
    await isLive(form);
    await form.getByLabel(/^Host name or address/).fill('10.0.0.9');
    await make('/targets/change', { targets: ['far'], add_tag: 'moved' });
    await list.getByText('moved', { exact: true }).waitFor();
    expect(await form.getByLabel(/^Host name or address/).inputValue()).toBe('10.0.0.9');
    await form.getByRole('button', { name: 'Save', exact: true }).click();
    await form.getByText('Somebody else has saved this meanwhile.').waitFor();
    browser.excuse(/status of 412/);
    await list.context().close();
  });

  test('a session that ends asks for the login over every tab, and what was typed stays', async () => {
    const third = await second.context().newPage();
    await second.goto('/me');
    await second.getByLabel('New password again').fill('typed before');
    await third.goto('/jobs');
    await third.getByRole('link', { name: 'waits', exact: true }).waitFor();
    const ended = await second
      .context()
      .request.post('/api/v1/logout', { headers: { origin: stack.url, 'sec-fetch-site': 'same-origin' } });
    expect(ended.status()).toBe(204);
    // The browser's own cookie goes too, so that the page learns it from the API alone.
    await third.keyboard.press('Shift+R');
    const asked = [second, third].map((page) => page.getByRole('dialog', { name: 'Log in' }).waitFor());
    await Promise.all(asked);
    await third.getByLabel('Password').fill('a-password-of-my-own');
    await third.getByRole('button', { name: 'Log in' }).click();
    await Promise.all([second, third].map((page) => page.getByRole('dialog').waitFor({ state: 'detached' })));
    expect(await second.getByLabel('New password again').inputValue()).toBe('typed before');
    browser.excuse(/status of 401/);
  });

  test('whoever else logs in over the page gets their own, and nothing that was typed before', async () => {
    const shared = await browser.loggedIn('otto', 'operator');
    await browser.loggedIn('nora', 'viewer');
    await shared.goto('/schedules/new');
    await shared.getByRole('textbox', { name: 'Name', exact: true }).fill('typed by otto');
    await expect.poll(() => shared.evaluate(() => Object.values(sessionStorage).join())).toContain('typed by otto');
    await shared.context().request.post('/api/v1/logout', { headers: { origin: stack.url, 'sec-fetch-site': 'same-origin' } });
    await shared.getByRole('heading', { name: 'New schedule' }).focus();
    await shared.keyboard.press('Shift+R');
    const dialog = shared.getByRole('dialog', { name: 'Log in' });
    await dialog.getByLabel('User').fill('nora');
    await dialog.getByLabel('Password').fill('a-password-of-my-own');
    await dialog.getByRole('button', { name: 'Log in' }).click();
    await shared.getByRole('button', { name: /nora/ }).waitFor();
    expect(await shared.content()).not.toContain('typed by otto');
    expect(await shared.evaluate(() => Object.values(sessionStorage).join())).not.toContain('typed by otto');
    browser.excuse(/status of 401/);
    await shared.context().close();
  });

  test('what is preferred follows the reader to another browser', async () => {
    await second.goto('/runs');
    const saved = second.waitForResponse((answer) => answer.url().endsWith('/me/preferences') && answer.request().method() === 'PUT');
    await second.getByRole('button', { name: 'Theme: System' }).click();
    expect((await saved).status()).toBe(200);
    const elsewhere = await browser.profile();
    await elsewhere.addCookies(await second.context().cookies());
    const page = await elsewhere.newPage();
    await page.goto('/runs');
    await page.getByRole('button', { name: 'Theme: Light' }).waitFor();
  });

  test('keys lead to places and the palette finds a run by its number', async () => {
    await second.getByRole('heading', { name: 'Runs' }).waitFor();
    await second.keyboard.press('g');
    await second.keyboard.press('j');
    await second.getByRole('heading', { name: 'Jobs' }).waitFor();
    await second.keyboard.press('Control+k');
    await second.getByRole('combobox', { name: /^Page, action/ }).fill('#1');
    await second.getByRole('option', { name: 'Completed waits #1' }).click();
    await second.getByRole('heading', { name: 'waits #1' }).waitFor();
    await second.keyboard.press('?');
    await second.getByRole('dialog', { name: 'Keys' }).waitFor();
    await second.keyboard.press('Escape');
    await second.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('no tab complained', () => expect(browser.complaints).toEqual([]));
});
