import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PageBrowser, startPageBrowser } from './page-browser.ts';
import { chromium } from './setup/chromium.ts';
import { type Stack, startStack } from './stack.ts';

const HOSTS = ['core-fra', 'edge-ber', 'edge-osl'];

describe.skipIf(chromium === null)('the steps of a run, on one selection', () => {
  let stack: Stack;
  let browser: PageBrowser;
  let page: Page;
  let dir: string;
  let run: string;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'capstan-page-steps-'));
    stack = await startStack();
    browser = await startPageBrowser(stack);
    page = await browser.loggedIn('ann', 'operator');
    await stack.as.job({
      name: 'sweep',
      steps: [
        { id: 'fetch', type: 'local.exec', config: { command: 'echo fetched' } },
        {
          id: 'ping',
          type: 'local.exec',
          needs: ['fetch'],
          foreach: HOSTS,
          max_parallel: 3,
          retry: { attempts: 1 },
          config: {
            command: `until test -e ${dir}/go; do sleep 0.1; done; echo "at $HOST"; test "$HOST" != edge-ber || test -e ${dir}/mended`,
            environment: { HOST: '${{ item }}' },
          },
        },
      ],
    });
    run = await stack.as.start('sweep');
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const row = (name: string) =>
    page.getByRole('list', { name: 'Steps of the run in plan order' }).getByRole('listitem').filter({ hasText: name });
  const cell = (name: string | RegExp) => page.getByRole('gridcell', { name });
  const tab = (name: string) => page.getByRole('link', { name, exact: true }).click();

  test('parts end on the time line while it is looked at, and the failed one is chosen everywhere', async () => {
    await page.goto(`/runs/${run}/timeline`);
    for (const host of HOSTS) await row(host).getByRole('img', { name: 'Running' }).waitFor();
    await page.evaluate(() => Object.assign(globalThis, { loadedOnce: true }));
    await writeFile(path.join(dir, 'go'), '');
    await row('edge-ber').getByRole('img', { name: 'Failed' }).waitFor();
    await row('core-fra').getByRole('img', { name: 'Completed' }).waitFor();
    expect(await page.evaluate(() => 'loadedOnce' in globalThis)).toBe(true);
    await page.getByLabel('Problems only').check();
    await expect.poll(() => row('core-fra').count()).toBe(0);
    await row('edge-ber').getByRole('link').click();
    await expect.poll(() => new URL(page.url()).search).toBe('?step=ping%5B1%5D&problems=1');
  });

  test('the matrix has it as its first cell, whose log Enter opens; the graph has the step as a node', async () => {
    await tab('Hosts × steps');
    const failed = cell(/^ping on edge-ber: Failed/);
    await failed.waitFor();
    await expect.poll(() => failed.getAttribute('aria-selected')).toBe('true');
    await tab('Graph');
    await page.getByRole('link', { name: /^Failed\s*ping.*1 of 3 failed$/ }).waitFor();
    await page.getByRole('link', { name: /^Completed\s*fetch/ }).press('ArrowRight');
    await expect.poll(() => new URL(page.url()).searchParams.get('step')).toBe('ping');
    await page.goto(`/runs/${run}/hosts?step=${encodeURIComponent('ping[1]')}`);
    await failed.press('Enter');
    await page.waitForURL(/\/log\?step=ping%5B1%5D/);
    await page.getByText('at edge-ber').first().waitFor();
  });

  test('the steps are one small answer, and one of them is asked for by itself', async () => {
    const { body } = await stack.as.call('GET', `/runs/${run}/step-summaries`);
    expect(body.items).toMatchObject([
      { key: 'fetch', status: 'completed', attempts: [{ attempt: 1, status: 'completed' }] },
      { key: 'ping', status: 'failed', parts: 3, parts_by_status: { completed: 2, failed: 1 } },
      { key: 'ping[0]', parent_key: 'ping', item: 'core-fra', status: 'completed' },
      { key: 'ping[1]', item: 'edge-ber', status: 'failed', error: { type: 'exit_code' } },
      { key: 'ping[2]', item: 'edge-osl', status: 'completed' },
    ]);
    for (const item of body.items as readonly object[]) expect(item).not.toHaveProperty('config');
    expect(Object.values((body.items as readonly object[])[0] ?? {})).not.toContain(null);
    const one = await stack.as.call('GET', `/runs/${run}/steps/${encodeURIComponent('ping[1]')}`);
    expect(one.body).toMatchObject({ key: 'ping[1]', exit_code: 1, stdout: 'at edge-ber\n' });
    expect((await stack.as.call('GET', `/runs/${run}/steps/never`)).status).toBe(404);
  });

  test('a failed run opens on its cause; two clicks run its failed host again, and its matrix shows the kept cells as carried over and turns green while it is looked at', async () => {
    await rm(path.join(dir, 'go'));
    await page.goto(`/runs/${run}`);
    await page
      .getByText(/^ping: 1 of 3 items failed/)
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'Go to first error' }).waitFor();
    // The failed part is the one beside the steps, with its log.
    await page.getByRole('region', { name: 'edge-ber', exact: true }).getByText('at edge-ber').waitFor();
    await page.getByRole('button', { name: 'Retry failed (1)' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry failed' }).click();
    await page.waitForURL((url) => !url.pathname.includes(run));
    await tab('Hosts × steps');
    await cell(/^ping on core-fra: Completed.*carried over/).waitFor();
    await cell(/^ping on edge-ber: Running/).waitFor();
    await writeFile(path.join(dir, 'mended'), '');
    await writeFile(path.join(dir, 'go'), '');
    await cell(/^ping on edge-ber: Completed/).waitFor();
    expect(browser.complaints).toEqual([]);
  });
});
