import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PageBrowser, startPageBrowser } from './page-browser.ts';
import { chromium } from './setup/chromium.ts';
import { type Stack, startStack } from './stack.ts';

const step = (id: string, more: object = {}) => ({ id, type: 'local.exec', config: { command: 'true' }, ...more });
const GREET = {
  name: 'greet',
  tags: ['nightly'],
  parameters: {
    who: { type: 'string' },
    site: { type: 'string', enum: ['ber', 'fra'] },
    rack: { type: 'string', choices: { values: ['r1', 'r2'], strict: true } },
    times: { type: 'integer', minimum: 1, maximum: 9, default: 3 },
    token: { type: 'string', secret: true },
    loud: { type: 'boolean', default: false },
    volume: { type: 'number', default: 1, visible_if: '${{ parameters.loud }}' },
  },
  steps: [step('fetch', { timeout: '5m' }), step('store')],
};

describe.skipIf(chromium === null)('the pages about jobs, in a real browser on the whole stack', () => {
  let stack: Stack;
  let browser: PageBrowser;
  let page: Page;

  beforeAll(async () => {
    stack = await startStack();
    browser = await startPageBrowser(stack);
    page = await browser.loggedIn('olga', 'admin');
    await stack.as.job(GREET);
    await stack.as.job({ name: 'other', steps: [step('only')] });
    const changed = { ...GREET, steps: [step('fetch', { timeout: '10m' }), step('store'), step('report')] };
    await stack.as.call('PUT', '/jobs/greet', changed, { 'if-match': '*' });
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
  });

  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const reads = (text: string | RegExp) => page.locator('main').getByText(text).first().waitFor();

  test('a start form checks as the server does, keeps what was typed but no secret, and starts the run', async () => {
    await page.goto(`${stack.url}/jobs/greet/run`);
    await page.getByLabel('who').fill('<img src=x onerror=alert(1)>');
    await page.getByLabel('times').fill('12');
    await page.getByLabel('token').fill('s3cret-of-mine');
    await button('Start run').click();
    await reads('12 is not at most 9');
    await expect.poll(() => page.getByLabel('site').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('volume').count()).toBe(0);
    await page.getByLabel('loud').check();
    await page.getByLabel('volume').waitFor();
    await page.reload();
    expect(await page.getByLabel('who').inputValue()).toBe('<img src=x onerror=alert(1)>');
    expect(await page.getByLabel('token').inputValue()).toBe('');
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))).not.toContain('s3cret-of-mine');
    await page.getByLabel('times').fill('2');
    await page.getByLabel('token').fill('s3cret-of-mine');
    await page.getByLabel('site').selectOption('fra');
    await page.getByLabel('rack').selectOption('r2');
    await button('Start run').click();
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    await page.locator('main').getByText('Completed', { exact: true }).first().waitFor();
  });

  test('the list shows how jobs fared and narrows by what the address says', async () => {
    await page.goto(`${stack.url}/jobs`);
    await page.getByRole('img', { name: 'Last 1 run: 1 completed' }).waitFor();
    await page.getByLabel('Search jobs').fill('gree');
    await page.waitForURL(/q=gree/);
    await page.getByText('1 job', { exact: true }).waitFor();
    await page.goto(`${stack.url}/jobs?state=nonsense&tag=nightly`);
    await page.getByText('state=nonsense').waitFor();
    await page.getByRole('row', { name: /greet/ }).waitFor();
  });

  test('the grid has a row a step and a column a run, and leads to the step', async () => {
    await page.goto(`${stack.url}/jobs/greet`);
    const cell = page.getByRole('link', { name: /^report, run #\d+: Completed/ });
    await cell.waitFor();
    await cell.focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/runs\/.*step=store/);
  });

  test('what a version changed is said in sentences, and an older one is restored as the next', async () => {
    await page.goto(`${stack.url}/jobs/greet/versions`);
    await reads('What changed from v1 to v2');
    // Only the content scrolls: nothing that is hidden in it lies below the page.
    expect(await page.evaluate('document.documentElement.scrollHeight - innerHeight')).toBe(0);
    const words = () => page.locator('main').innerText();
    await expect.poll(words).toMatch(/step fetch\s*: timeout 5m → 10m/);
    await expect.poll(words).toMatch(/step report added: local.exec/);
    await page.getByRole('link', { name: 'v1', exact: true }).click();
    await reads('The first version');
    await button('Tag…').click();
    await page.getByLabel('Tag', { exact: true }).fill('stable');
    await button('Set tag').click();
    await button('Take the tag stable away').waitFor();
    await button('Restore as v3').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore as v3' }).click();
    await page.getByText('greet is at v3.').waitFor();
    await page.getByRole('link', { name: 'v3', exact: true }).click();
    await reads('What changed from v2 to v3');
  });

  test('a job is switched off and on, deleted with a confirmation, and comes back from the trash', async () => {
    await page.goto(`${stack.url}/jobs/other`);
    const choose = async (name: string) => {
      await button('More actions').click();
      await page.getByRole('menuitem', { name }).click();
    };
    await choose('Switch off…');
    await button('Switch off').click();
    await reads('Switched off: it is not started');
    await choose('Switch on');
    await page.getByText('other is switched on.').waitFor();
    await choose('Delete…');
    await button('Move to trash').click();
    await page.waitForURL(/\/jobs$/);
    await page.getByText('1 job', { exact: true }).waitFor();
    await page.goto(`${stack.url}/jobs/trash`);
    await button('Restore').click();
    await page.getByRole('link', { name: 'Open it' }).click();
    await page.getByRole('heading', { name: 'other' }).waitFor();
    // The page of a job in the trash may be told of it before it is left, and asks for the job once more.
    browser.excuse(/status of 404/);
  });

  test('an import is checked with a report before anything is saved', async () => {
    await page.goto(`${stack.url}/jobs/import`);
    const text = (type: string) => `name: brought\nsteps:\n  - id: a\n    type: ${type}\n    config: { command: 'true' }\n`;
    await page.getByLabel('Text').fill(text('local.exce'));
    await button('Check').click();
    await reads('1 definition has errors');
    await page.getByLabel('Text').fill(text('local.exec'));
    await reads('Check again.');
    await button('Check').click();
    await button('Import 1 job').click();
    await page.getByRole('link', { name: 'brought' }).click();
    await page.getByRole('heading', { name: 'brought' }).waitFor();
  });

  test('a form whose own check cannot be loaded leaves it to the server; one whose fields cannot be told says that, and keeps what was typed', async () => {
    await page.route(/\/(parameter-values|asked-parameters)-/, (route) => route.abort());
    await page.goto(`${stack.url}/jobs/other/run`);
    await button('Start run').click();
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    await page.goto(`${stack.url}/jobs/greet/run`);
    await page.getByRole('heading', { name: 'Capstan was updated.' }).waitFor();
    await page.unrouteAll();
    await button('Reload').click();
    await page.getByLabel('who').waitFor();
    browser.excuse(/net::ERR_FAILED/);
  });

  test('a viewer sees it all, and each control that is not theirs says why', async () => {
    const viewer = await browser.loggedIn('vera', 'viewer');
    await viewer.goto(`${stack.url}/jobs/greet/versions?version=1`);
    const restore = viewer.getByRole('button', { name: /^Restore as/ });
    await restore.waitFor();
    await expect
      .poll(async () => [await restore.getAttribute('aria-disabled'), await restore.getAttribute('title')])
      .toEqual(['true', expect.stringContaining('job:edit')]);
    await viewer.goto(`${stack.url}/jobs/greet/run`);
    const start = viewer.getByRole('button', { name: 'Start run' });
    await expect.poll(() => start.getAttribute('title')).toContain('run:start');
  });

  test('no page complained, broke its policy or asked elsewhere', () => {
    expect(browser.complaints).toEqual([]);
  });
});
