import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CUT, type PageBrowser, startPageBrowser } from './page-browser.ts';
import { sshdMissing, startSshd } from './peers/sshd.ts';
import { addPerson } from './person.ts';
import { chromium } from './setup/chromium.ts';
import { registerTarget } from './ssh-target.ts';
import { type Stack, startStack, untilReady } from './stack.ts';

const PASSWORD = 'a-password-of-my-own';

describe.skipIf(chromium === null)('the page, in a real browser on the whole stack', () => {
  let stack: Stack;
  let browser: PageBrowser;
  let page: Page;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'capstan-page-'));
    stack = await startStack();
    browser = await startPageBrowser(stack);
    page = await (await browser.profile()).newPage();
    await stack.as.job({
      name: 'greet',
      parameters: { who: { type: 'string', default: 'you' }, times: { type: 'integer', default: 3 } },
      steps: [
        { id: 'hold', type: 'local.exec', config: { command: `until test -e ${dir}/go; do sleep 0.1; done` } },
        {
          id: 'hello',
          type: 'local.exec',
          config: {
            command: 'for n in $(seq 1 $TIMES); do echo "hello $WHO $n"; done',
            environment: { WHO: '${{ parameters.who }}', TIMES: '${{ string(parameters.times) }}' },
          },
        },
      ],
    });
    await stack.as.job({ name: 'endless', steps: [{ id: 'sleep', type: 'local.exec', config: { command: 'sleep 300' } }] });
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const step = (name: string) =>
    page.getByRole('list', { name: 'Steps of the run in plan order' }).getByRole('listitem').filter({ hasText: name });
  const status = (word: string) => page.locator('main').getByText(word, { exact: true }).first();

  test('the one-time password opens it once and must be changed', async () => {
    const password = /one-time password (\S+)/.exec(stack.api.output())?.[1] ?? '';
    await page.goto(stack.url);
    await page.getByLabel('User').fill('admin');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByLabel('Current password').fill(password);
    await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('New password again').fill(PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    // Before the login the page asks who it is and is told 401, which the browser counts as an error.
    browser.excuse(/status of 401/);
  });

  test('a job is started from its form and its steps end on the screen without a reload', async () => {
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    await page.getByRole('link', { name: 'Start greet' }).click();
    await page.getByLabel('who').fill('<img src=x onerror=alert(1)>');
    await page.getByLabel('times').fill('2000');
    await page.getByRole('button', { name: /^Start/ }).click();
    await status('Running').waitFor();
    await step('hold').getByRole('img', { name: 'Running' }).waitFor();
    await page.evaluate(() => Object.assign(globalThis, { loadedOnce: true }));
    await writeFile(path.join(dir, 'go'), '');
    await step('hello').getByRole('img', { name: 'Completed' }).waitFor();
    await status('Completed').waitFor();
    expect(await page.evaluate(() => 'loadedOnce' in globalThis)).toBe(true);
  });

  test('its log is read to the last line, and text that looks like markup stays text', async () => {
    await step('hello').getByRole('link').click();
    await page.getByRole('link', { name: 'Open the whole log' }).click();
    const log = page.getByRole('log', { name: 'Log of hello' });
    await page.getByRole('button', { name: 'End', exact: true }).click();
    await log.getByText('hello <img src=x onerror=alert(1)> 2000', { exact: true }).waitFor();
    await log.press('Home');
    await log.getByText('hello <img src=x onerror=alert(1)> 1', { exact: true }).waitFor();
  });

  test('a second run is cancelled after a question that names what is killed', async () => {
    const id = await stack.as.start('endless');
    await page.goto(`${stack.url}/runs/${id}`);
    await step('sleep').getByRole('img', { name: 'Running' }).waitFor();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByText('What runs now is killed on its target: sleep.').waitFor();
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await status('Cancelled').waitFor();
    // The step may say so before its run does.
    expect((await stack.as.until(id)).status).toBe('cancelled');
  });

  test('an API that is killed and comes back leaves no gap on an open page', async () => {
    await rm(path.join(dir, 'go'), { force: true });
    const id = await stack.as.start('greet');
    await page.goto(`${stack.url}/runs/${id}`);
    await step('hold').getByRole('img', { name: 'Running' }).waitFor();
    await stack.api.kill();
    await writeFile(path.join(dir, 'go'), '');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    stack.api.start();
    await untilReady(stack.url, [stack.api]);
    await step('hello').getByRole('img', { name: 'Completed' }).waitFor();
    await status('Completed').waitFor();
    // The connection that was cut is an error to the browser, and rightly so.
    browser.excuse(CUT);
  });

  test('the list shows every run, and a failed one is retried from its row', async () => {
    await stack.as.job({
      name: 'broken',
      steps: [{ id: 'bad', type: 'local.exec', config: { command: 'echo nope >&2; exit 3' }, retry: { attempts: 1 } }],
    });
    const id = await stack.as.start('broken');
    await stack.as.until(id);
    await page.goto(`${stack.url}/runs?status=failed`);
    await page.getByText('step bad:').first().waitFor();
    await page
      .getByRole('button', { name: /^Retry broken/ })
      .first()
      .click();
    await page
      .getByText(/Retried as #\d+/)
      .first()
      .waitFor();
    const { body } = await stack.as.call('GET', '/runs?job=broken');
    expect(body.items).toMatchObject([{ retry_of: id, retry_count: 1 }, { id }]);
  });

  test('an approval is waited for in words, its answer appears without a reload, and the re-run is drawn below its run', async () => {
    const bob = await addPerson(stack, 'bob', 'operator', 'netops');
    const asks = {
      id: 'ask',
      type: 'approval',
      config: { message: 'Go on?', approvers: ['netops'], timeout: '1h' },
    };
    await stack.as.job({
      name: 'asks',
      steps: [asks, { id: 'after', type: 'local.exec', config: { command: 'exit 3' }, retry: { attempts: 1 } }],
      on_failure: [{ id: 'tell', type: 'local.exec', config: { command: 'true' } }],
    });
    const id = await stack.as.start('asks');
    await page.goto(`${stack.url}/runs/${id}`);
    const facts = page.getByRole('region', { name: 'Waits for' });
    await facts.getByText('Go on?').waitFor();
    await facts.getByText('0 of 1 approval').waitFor();
    await step('ask').getByText('waits for approval by netops').waitFor();
    expect(await bob.call('POST', `/runs/${id}/steps/ask/approve`, { comment: 'fine by me' })).toMatchObject({ status: 202 });
    await page.getByText('After the failure').waitFor();
    await step('tell').getByRole('img', { name: 'Completed' }).waitFor();
    await status('Failed').waitFor();
    await step('ask').getByRole('link').click();
    await page.getByRole('region', { name: 'Asked' }).getByText('“fine by me”').waitFor();

    await page.getByRole('link', { name: 'Lineage' }).click();
    await page.getByText('This run came from no other').waitFor();
    const { body } = await stack.as.call('POST', `/runs/${id}/rerun`, { from: ['after'] });
    const lineage = page.getByRole('list', { name: 'Runs that hang together' });
    await lineage.getByText('from after, keeps ask').waitFor();
    await lineage.getByRole('link', { name: `#${body.number}` }).click();
    await page.getByRole('heading', { name: `asks #${body.number}` }).waitFor();
    await step('ask')
      .getByText(/^kept from run #/)
      .waitFor();
  });

  test.skipIf(sshdMissing !== null)(
    `a step on a host shows each command as it ends, with what it said, and the connection it used${sshdMissing === null ? '' : ` (${sshdMissing})`}`,
    async () => {
      const host = await startSshd();
      try {
        await registerTarget(stack.as, 'far', host);
        const go = path.join(host.directory, 'go');
        const commands = ['echo first words', `until test -e ${go}; do sleep 0.1; done`, 'echo last >&2; exit 3'];
        await stack.as.job({
          name: 'remote',
          steps: [{ id: 'far', type: 'ssh.exec', target: 'far', config: { commands, success_codes: [0, 3] } }],
        });
        const id = await stack.as.start('remote');
        await page.goto(`${stack.url}/runs/${id}`);
        const listed = page.getByRole('list', { name: 'Commands' });
        await listed.getByRole('img', { name: 'Running' }).waitFor();
        await listed.getByText('echo first words').click();
        await listed.getByText('first words', { exact: true }).waitFor();
        await writeFile(go, '');
        await listed.getByText('exit 3', { exact: true }).waitFor();
        await status('Completed').waitFor();
        expect(await listed.getByRole('listitem').count()).toBe(3);
        // What was open stays open.
        expect(await listed.getByText('first words', { exact: true }).isVisible()).toBe(true);
        await page.getByText('Connections (1)').click();
        await page.getByText(`${host.user}@127.0.0.1:${host.port}`, { exact: true }).waitFor();
      } finally {
        await host.stop();
      }
    },
  );

  test('no page complained: no console error, no policy report, no foreign request', () => {
    expect(browser.complaints).toEqual([]);
  });
});
