import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PageBrowser, startPageBrowser } from './page-browser.ts';
import { type Sshd, sshdMissing, startSshd } from './peers/sshd.ts';
import { chromium } from './setup/chromium.ts';
import { type Stack, startStack } from './stack.ts';

const PASSWORD = 'a-password-of-my-own';
const missing = chromium === null ? 'no Chromium' : sshdMissing;

describe.skipIf(missing !== null)(`an installation without anything${missing === null ? '' : ` (${missing})`}`, () => {
  let stack: Stack;
  let browser: PageBrowser;
  let page: Page;
  let host: Sshd;

  beforeAll(async () => {
    [stack, host] = await Promise.all([startStack(), startSshd()]);
    browser = await startPageBrowser(stack);
    page = await (await browser.profile()).newPage();
  });
  afterAll(async () => {
    await browser?.stop();
    await Promise.all([stack?.stop(), host?.stop()]);
  });

  const open = (name: string) => page.getByRole('link', { name, exact: true }).click();
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const done = () => page.getByRole('listitem').filter({ has: page.getByRole('img', { name: 'Done' }) });

  test('the one-time password opens it once, and leads to the first steps with one’s own', async () => {
    const once = /one-time password (\S+)/.exec(stack.api.output())?.[1] ?? '';
    await page.goto('/');
    await page.getByLabel('User').fill('admin');
    await page.getByLabel('Password').fill(once);
    await button('Log in').click();
    await page.getByLabel('Current password').fill(once);
    await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('New password again').fill(PASSWORD);
    await button('Change password').click();
    await page.getByRole('heading', { name: 'First steps' }).waitFor();
    // Before the login the page asks who it is and is told 401, which the browser counts as an error.
    browser.excuse(/status of 401/);
  });

  test('first steps lead by clicks alone from nothing to a completed run on a host whose steps appear as they happen, and to its schedule; each ticks when it has happened', async () => {
    expect(await done().count()).toBe(0);
    await page.evaluate(() => Object.assign(globalThis, { loadedOnce: true }));

    await open('Open Add a credential');
    await page.getByLabel(/^Name/).fill('far-key');
    await page.getByLabel('User name').fill(host.user);
    await page.getByLabel('Private key').fill(host.privateKey);
    await button('Create credential').click();
    await page.getByRole('heading', { name: 'far-key' }).waitFor();
    expect(await page.content()).not.toContain('PRIVATE KEY');

    await open('Overview');
    await open('Open Add a target and test its connection');
    await page.getByLabel(/^Name/).fill('far');
    await page.getByLabel(/^Host name or address/).fill('127.0.0.1');
    await page.getByLabel('Port').fill(String(host.port));
    await page.getByLabel('User name').fill(host.user);
    await page.getByLabel('Credential').selectOption('far-key');
    await button('Create target').click();
    await page.getByRole('heading', { name: 'far' }).waitFor();
    await button('Scan host keys').click();
    await button('Accept').first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Accept', exact: true }).click();
    await page.getByText('Host key accepted.').waitFor();
    await button('Test connection').click();
    await page.getByRole('region', { name: 'What was tried' }).getByText('Reached', { exact: true }).waitFor();

    await open('Overview');
    await open('Open Make a job from a template');
    await button('Use template').first().click();
    await button('Create job').click();
    await button('Add to Hosts').click();
    await page.getByRole('textbox', { name: 'Entry 1' }).fill('far');
    await button('Start run').click();
    await page.locator('main').getByText('Completed', { exact: true }).first().waitFor();

    await page.getByRole('list', { name: 'Steps of the run in plan order' }).getByRole('img', { name: 'Completed' }).first().waitFor();

    await open('Overview');
    await expect.poll(() => done().count()).toBe(4);
    await open('Open Schedule it');
    await page.getByLabel('Name', { exact: true }).fill('every-night');
    await button('every night at 02:30').click();
    await button('Add to Hosts').click();
    await page.getByRole('textbox', { name: 'Entry 1' }).fill('far');
    await button('Create schedule').click();
    await page.getByRole('heading', { name: 'every-night', level: 1, exact: true }).waitFor();

    await open('Overview');
    await page.getByRole('heading', { name: 'Runs of the last 24 h by outcome' }).waitFor();
    await page.getByRole('region', { name: 'Next 24 h' }).getByRole('link', { name: 'run-command' }).waitFor();
    expect(await page.evaluate(() => 'loadedOnce' in globalThis)).toBe(true);
  });

  test('no page of these complained', () => {
    expect(browser.complaints).toEqual([]);
  });
});
