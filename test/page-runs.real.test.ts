import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PageBrowser, startPageBrowser } from './page-browser.ts';
import { chromium } from './setup/chromium.ts';
import { type Stack, startStack } from './stack.ts';

type Tab = Awaited<ReturnType<PageBrowser['loggedIn']>>;

const MANY = 1_300;

describe.skipIf(chromium === null)('the list of runs, in a real browser on the whole stack', () => {
  let stack: Stack;
  let browser: PageBrowser;
  let page: Tab;

  beforeAll(async () => {
    stack = await startStack();
    browser = await startPageBrowser(stack);
    await stack.as.job({ name: 'quick', tags: ['nightly'], steps: [{ id: 'a', type: 'local.exec', config: { command: 'exit 3' } }] });
    await stack.as.job({ name: 'long', steps: [{ id: 'a', type: 'local.exec', config: { command: 'sleep 600' } }] });
    await stack.database.sql`
      insert into runs (id, job, status, client, trigger, created_by, workflow_id, started_at, ended_at, target, priority, error_message, message)
      select uuidv7(make_interval(mins => -n)), 'old-' || n % 7, (array['completed','completed','failed'])[1 + n % 3], 'ACME', 'api', 'someone', 'w' || n,
        now() - make_interval(mins => n), now() - make_interval(mins => n) + make_interval(secs => 1 + n), 'core-' || n % 9, 5,
        case when n % 3 = 2 then 'refused by core-' || n end, case when n = 1 then '=1+1' end
      from generate_series(1, ${MANY}) n`;
    page = await browser.loggedIn('ada', 'admin');
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
  });

  const rows = () => page.locator('[data-row]');
  const counted = (words: string) => page.getByText(words, { exact: true }).waitFor();

  test('chips narrow the list, the address says so, and going back from a run finds it as it was', async () => {
    await page.goto(`${stack.url}/runs`);
    await counted('1,300 runs');
    await page.getByRole('button', { name: 'Status', exact: true }).click();
    await page.getByRole('checkbox', { name: 'Failed' }).check();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Error text' }).click();
    await page.getByRole('textbox', { name: 'Error text' }).fill('REFUSED by core-11');
    await page.keyboard.press('Enter');
    await counted('39 runs');
    expect(new URL(page.url()).search).toBe('?status=failed&error=REFUSED+by+core-11');
    await rows().first().getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: /old-/ }).waitFor();
    await page.goBack();
    await counted('39 runs');
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await counted('1,300 runs');
  });

  test('the end is one request away and the start too, and rows are read from there both ways', async () => {
    const asked: string[] = [];
    page.on('request', (request) => /\/runs\?/.test(request.url()) && asked.push(new URL(request.url()).search));
    await page.getByRole('grid').focus();
    await page.keyboard.press('G');
    await page.getByText('End of the list.').waitFor();
    expect(asked.filter((search) => search.includes('from=end'))).toHaveLength(1);
    await page.getByRole('grid').evaluate((grid) => grid.scrollTo({ top: 0 }));
    await expect.poll(() => asked.some((search) => search.includes('before='))).toBe(true);
    expect(new URL(page.url()).search).toBe('?from=end');
    await page.keyboard.press('g');
    await page.keyboard.press('g');
    await expect.poll(() => new URL(page.url()).search).toBe('');
    await page.getByRole('columnheader', { name: 'Duration' }).getByRole('button').click();
    await expect.poll(() => rows().first().textContent()).toContain('21 m 41 s');
    expect(new URL(page.url()).search).toBe('?sort=-execution_time_ms');
  });

  test('going back from a run far down a filtered list finds the same rows', async () => {
    const last = rows().last().getByRole('link').first();
    await page.goto(`${stack.url}/runs?status=failed`);
    await counted('433 runs');
    await page.getByRole('grid').focus();
    await page.keyboard.press('G');
    await page.getByText('End of the list.').waitFor();
    await expect.poll(() => last.innerText()).toBe('old-3');
    await last.click();
    await page.getByRole('heading', { level: 1, name: /old-/ }).waitFor();
    await page.goBack();
    await page.getByText('End of the list.').waitFor();
    await expect.poll(() => last.innerText()).toBe('old-3');
    expect(new URL(page.url()).search).toBe('?status=failed&from=end');
  });

  test('a view is kept, shared, opened by another person, and opens the list by default', async () => {
    await page.goto(`${stack.url}/runs?status=failed&job=old-3`);
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Threes that failed');
    await page.getByRole('checkbox', { name: 'Everyone sees it' }).check();
    await page.getByRole('checkbox', { name: 'The list opens with it' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Save view' }).click();
    await page.getByText('Saved “Threes that failed”.').waitFor();
    await page.goto(`${stack.url}/runs`);
    await expect.poll(() => new URL(page.url()).search).toBe('?status=failed&job=old-3');
    const other = await browser.loggedIn('vera', 'viewer');
    await other.goto(`${stack.url}/runs`);
    await other.getByRole('button', { name: 'Saved views' }).click();
    await other.getByRole('link', { name: 'Threes that failed · ada' }).click();
    await expect.poll(() => new URL(other.url()).search).toBe('?status=failed&job=old-3');
    await other.locator('[data-row]').first().getByRole('checkbox').check();
    const retry = other.getByRole('button', { name: 'Retry', exact: true });
    expect(await retry.getAttribute('aria-disabled')).toBe('true');
    expect(await retry.getAttribute('title')).toContain('run:start');
    await other.close();
  });

  test('what is exported is what matches, in the columns asked for, and no cell is a formula', async () => {
    await page.goto(`${stack.url}/runs?status=failed&job=old-3`);
    await page.getByRole('button', { name: 'Export' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'CSV' }).click()]);
    expect(file.suggestedFilename()).toBe('runs.csv');
    const saved = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
    await counted(`${saved.length - 1} runs`);
    expect(saved.slice(1).every((line) => line.includes('old-3') && line.includes('failed'))).toBe(true);

    const download = async (search: string) => (await page.request.get(`/api/v1/runs/export?${search}`)).text();
    const lines = (await download('job=old-*&columns=execution_time_ms,executed_at,message&sort=created_at')).trim().split('\r\n');
    expect(lines).toHaveLength(MANY + 1);
    expect(lines[0]).toBe('execution_time_ms,executed_at,message');
    expect(lines.at(-1)).toMatch(/^2000,\d{4}-.*,'=1\+1$/);
    const failed: readonly { readonly status: string }[] = JSON.parse(await download('format=json&status=failed&columns=job,status'));
    expect(new Set(failed.map(({ status }) => status))).toEqual(new Set(['failed']));
    const asked = await page.request.head('/api/v1/runs/export?status=failed');
    expect([asked.status(), asked.headers()['content-disposition']]).toEqual([200, 'attachment; filename="runs.csv"']);
    expect((await page.request.head('/api/v1/runs/export?columns=nonsense')).status()).toBe(400);
  });

  test('many are cancelled after a look at what would happen; the rest is left alone, and the operation leads to what it touched', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => stack.as.start('long')));
    for (const run of runs) await stack.as.until(run, ({ status }) => status === 'running');
    const done = await stack.as.start('quick');
    await stack.as.until(done);
    const { created_by } = (await stack.as.call('GET', `/runs/${done}`)).body;
    await page.goto(`${stack.url}/runs?created_by=${created_by}`);
    await page.getByRole('checkbox', { name: 'Choose all loaded' }).check();
    await page.getByRole('button', { name: 'Choose all 4 matching' }).click();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Ends 3 runs.').waitFor();
    await dialog.getByText('3 of them execute something now').waitFor();
    await dialog.getByText('1 has ended').waitFor();
    await dialog.getByRole('button', { name: 'Cancel 3' }).click();
    await page.getByText('3 done · 1 left alone').waitFor();
    for (const run of runs) expect((await stack.as.until(run)).status).toBe('cancelled');
    await page.getByRole('link', { name: 'Show what it touched' }).click();
    await counted('4 runs');
    expect((await stack.as.call('POST', '/runs/bulk', { action: 'delete', filter: {} })).status).toBe(422);
  });

  test('nothing was complained about', () => {
    expect(browser.complaints).toEqual([]);
  });
});
