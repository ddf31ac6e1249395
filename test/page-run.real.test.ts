import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PageBrowser, startPageBrowser } from './page-browser.ts';
import { chromium } from './setup/chromium.ts';
import { type Stack, startStack } from './stack.ts';

describe.skipIf(chromium === null)('a run is steered from its page', () => {
  let stack: Stack;
  let browser: PageBrowser;
  let page: Page;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'capstan-page-run-'));
    stack = await startStack({ env: { TEMPORAL_UI_URL: 'http://127.0.0.1:1/' } });
    browser = await startPageBrowser(stack);
    page = await browser.loggedIn('olga', 'operator');
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const button = (name: string | RegExp, of = page) => of.getByRole('button', { name, exact: typeof name === 'string' });
  const dialog = () => page.getByRole('dialog');
  const status = (word: string) => page.locator('main').getByText(word, { exact: true }).first();
  const exec = (id: string, command: string, more: object = {}) => ({ id, type: 'local.exec', config: { command }, ...more });

  test('an approval is given with the answer its form asks for, once the form is filled in', async () => {
    const form = { type: 'object', required: ['window'], properties: { window: { type: 'string', enum: ['now', 'tonight'] } } };
    await stack.as.job({
      name: 'asks',
      steps: [{ id: 'ask', type: 'approval', config: { message: 'Go on?', form } }, exec('after', 'true', { needs: ['ask'] })],
    });
    const id = await stack.as.start('asks');
    await page.goto(`/runs/${id}`);
    await button('Approve').first().click();
    await dialog().getByText('Go on?').waitFor();
    await button('Approve', page).last().click();
    await dialog().getByText('is missing').first().waitFor();
    await dialog().getByLabel('window').selectOption({ label: 'tonight' });
    await dialog().getByLabel('Comment').fill('after ten');
    await button('Approve', page).last().click();
    await status('Completed').waitFor();
    expect((await stack.as.steps(id))[0]).toMatchObject({ outputs: { form: { window: 'tonight' } } });
    // That the form was refused at first is an error to the browser.
    browser.excuse(/status of 422/);
  });

  test('two clicks from a failed run only what failed runs again; what was kept is told before and after', async () => {
    await stack.as.job({
      name: 'hosts',
      steps: [
        exec('prepare', 'echo ready'),
        exec('show', `test "$ITEM" != b -o -e ${dir}/mended`, {
          needs: ['prepare'],
          foreach: '${{ ["a", "b", "c"] }}',
          config: { command: `test "$ITEM" != b -o -e ${dir}/mended`, environment: { ITEM: '${{ item }}' } },
          retry: { attempts: 1 },
        }),
      ],
    });
    const id = await stack.as.start('hosts');
    await stack.as.until(id);
    await page.goto(`/runs/${id}`);
    await page.getByText('show: 1 of 3 items failed').first().waitFor();
    await writeFile(path.join(dir, 'mended'), '');
    await button('Retry failed (1)').click();
    const foreseen = dialog().getByRole('region', { name: 'What is reused and what runs' });
    await foreseen.getByText('1 of 3 again, 2 reused').waitFor();
    await foreseen.getByText('prepare').waitFor();
    await dialog().getByRole('button', { name: 'Retry failed' }).click();
    await page.getByText('reuses 1 step').waitFor();
    const again = /runs\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
    expect(again).not.toBe(id);
    // Steps that were kept say it too, before the run does.
    await stack.as.until(again);
    await status('Completed').waitFor();
    const steps = await stack.as.steps(again);
    expect(steps.filter(({ attempt }) => attempt > 0).map(({ key }) => key)).toContain('show[1]');
    expect(steps.find(({ key }) => key === 'show[0]')).toMatchObject({ status: 'completed', attempt: 0 });
  });

  test('a run is run again with another parameter at the newest version, and its secret is asked for again', async () => {
    const parameters = { site: { type: 'string', default: 'ber' }, token: { type: 'string', secret: true } };
    await stack.as.job({ name: 'site', parameters, steps: [exec('say', 'echo x')] });
    const id = await stack.as.start('site', { parameters: { token: 'first-secret' } });
    await stack.as.until(id);
    const newer = { name: 'site', parameters, steps: [exec('say', 'echo y')] };
    expect((await stack.as.call('PUT', '/jobs/site', newer, { 'if-match': '"1"' })).status).toBeLessThan(300);
    await page.goto(`/runs/${id}`);
    await page.getByRole('link', { name: 'newer: v2' }).waitFor();
    await page.getByText('token').first().waitFor();
    await button('Re-run').click();
    await page.getByRole('menuitem', { name: 'With changes…' }).click();
    await dialog().getByLabel(/^v2/).check();
    await dialog().getByLabel('site').fill('fra');
    await dialog().getByLabel('token').fill('second-secret');
    await button('Run again').click();
    await page.getByText('site v2').waitFor();
    await status('Completed').waitFor();
    const { body } = await stack.as.call('GET', '/runs?job=site&limit=1');
    const newest = (body.items as readonly { id: string }[])[0]?.id ?? '';
    expect((await stack.as.call('GET', `/runs/${newest}`)).body).toMatchObject({ rerun_of: id, version: 2, parameters: { site: 'fra' } });
  });

  test('on paper stand the parameters, the first error and the steps, in light colours, and on the screen what stood there before', async () => {
    const long = 'a value that is longer than a line of the header shows of it';
    const parameters = { note: { type: 'string' }, key: { type: 'string', secret: true } };
    await stack.as.job({
      name: 'paper',
      parameters,
      steps: [exec('say', 'echo x'), exec('fail', 'exit 4', { needs: ['say'], retry: { attempts: 1 } })],
    });
    const id = await stack.as.start('paper', { parameters: { note: long, key: 'sealed' } });
    await stack.as.until(id);
    await page.goto(`/runs/${id}`);
    await page.getByText('key').first().waitFor();
    const whole = page.getByText(long, { exact: true });
    expect(await whole.isVisible()).toBe(false);
    await page.evaluate("document.documentElement.dataset.theme = 'dark'");
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.getByRole('table', { name: 'Steps' }).getByRole('cell', { name: 'fail', exact: true }).waitFor();
    await page.getByRole('heading', { name: 'First error: fail' }).waitFor();
    await whole.waitFor();
    await page.getByText('•••', { exact: true }).last().waitFor();
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('light');
    await button('Re-run').waitFor({ state: 'hidden' });
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    await page.emulateMedia({ media: null });
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
  });

  test('a waiting step is skipped with a reason, and the audit keeps it', async () => {
    await stack.as.job({
      name: 'waits',
      steps: [{ id: 'rest', type: 'wait.duration', config: { duration: '1h' } }, exec('after', 'sleep 300', { needs: ['rest'] })],
    });
    const id = await stack.as.start('waits');
    await page.goto(`/runs/${id}`);
    await button('Skip…').click();
    await button('Skip step').click();
    await dialog().getByText('A reason is needed').waitFor();
    await dialog().getByLabel('Reason').fill('not today');
    await button('Skip step').click();
    await page.getByText('Skipped rest.').waitFor();
    await stack.as.untilStep(id, 'after', ({ status: now }) => now === 'running');
    const { body } = await stack.as.call('GET', `/audit?subject_kind=run&subject=${id}`);
    expect(body.items).toEqual(
      expect.arrayContaining([expect.objectContaining({ action: 'step.skip', reason: 'not today', actor: 'olga' })]),
    );
  });

  test('a viewer sees the same, and each control says which permission it needs', async () => {
    const viewer = await browser.loggedIn('vic', 'viewer');
    const { body } = await stack.as.call('GET', '/runs?job=waits&limit=1');
    const id = (body.items as readonly { id: string }[])[0]?.id ?? '';
    await viewer.goto(`/runs/${id}`);
    const cancel = button('Cancel', viewer);
    await cancel.waitFor();
    expect(await cancel.getAttribute('aria-disabled')).toBe('true');
    expect(await cancel.getAttribute('title')).toContain('run:cancel');
    await cancel.click({ force: true });
    expect(await viewer.getByRole('dialog').count()).toBe(0);
    await button('More', viewer).click();
    await viewer.getByRole('menuitem').first().waitFor();
    expect(await viewer.getByRole('menuitem', { name: 'Open in Temporal' }).count()).toBe(0);
    await viewer.keyboard.press('Escape');
    await viewer.getByRole('menu').waitFor({ state: 'detached' });
    await viewer.getByRole('link', { name: 'Audit' }).click();
    await viewer.getByText('audit:read').waitFor();
    await viewer.goto(`/runs/${id}/nonsense`);
    await viewer.getByText('nobody understands: nonsense').waitFor();
    await viewer.goto('/jobs/waits/nonsense');
    await viewer.getByText('Nothing stands under this address.').first().waitFor();
    await viewer.context().close();
  });

  test('a cancel names what it kills, and the focus returns to where it was asked', async () => {
    await page.getByRole('link', { name: 'Timeline' }).click();
    await button('Cancel').focus();
    await page.keyboard.press('Enter');
    await dialog().getByText('What runs now is killed on its target: after.').waitFor();
    await page.waitForFunction("document.activeElement?.textContent === 'Let it run'");
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await page.waitForFunction("document.activeElement?.textContent?.startsWith('Cancel')");
    await page.keyboard.press('Enter');
    await dialog().getByLabel('Reason (optional)').fill('enough');
    await button('Cancel the run').click();
    await status('Cancelled').waitFor();
  });

  test('two runs are compared: parameters, steps that differ, and their logs line by line', async () => {
    await stack.as.job({
      name: 'twice',
      parameters: { site: { type: 'string', default: 'ber' } },
      steps: [
        exec('same', 'echo one'),
        { id: 'say', type: 'local.exec', config: { command: 'echo $SITE', environment: { SITE: '${{ parameters.site }}' } } },
      ],
    });
    const a = await stack.as.start('twice');
    const b = await stack.as.start('twice', { parameters: { site: 'fra' } });
    await Promise.all([stack.as.until(a), stack.as.until(b)]);
    const { body } = await stack.as.call('GET', `/runs/${b}`);
    await page.goto(`/compare?a=${a}`);
    await page.getByLabel('Second run').fill(`#${body.number}`);
    await page.keyboard.press('Tab');
    await button('What differs in say').click();
    await page.getByText('config.environment.SITE').or(page.getByText('environment.SITE')).first().waitFor();
    expect(await button('What differs in same').count()).toBe(0);
    const worker = /diff\.worker/;
    const broken = {
      contentType: 'text/javascript',
      headers: { 'cache-control': 'no-store' },
      body: 'throw new Error("broken on purpose")',
    };
    await page.route(worker, (route) => route.fulfill(broken));
    await page.getByLabel('Step of the first run').selectOption('say');
    await page.getByText('The comparison stopped.').waitFor();
    await expect.poll(() => browser.complaints.join('\n')).toContain('broken on purpose');
    await page.unroute(worker);
    await button('Compare again').click();
    await page.getByText('1 line added, 1 line removed').waitFor();
    expect(page.url()).toContain(`b=${b}`);
  });

  test('no page complained but of what was broken on purpose', () => {
    browser.excuse(/broken on purpose/);
    expect(browser.complaints).toEqual([]);
  });
});
