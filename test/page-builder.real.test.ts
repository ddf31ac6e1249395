import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PageBrowser, startPageBrowser } from './page-browser.ts';
import { chromium } from './setup/chromium.ts';
import { type Stack, startStack } from './stack.ts';

const COMMENTED = `# Kept by netops; ask before changing.
name: kept          # never renamed
parameters:
  site: { type: string, default: 'ber' } # two letters more
steps:
  # first of all
  - id: one
    type: local.exec
    config: { command: "echo one" }   # says one

  - id: two
    type: local.exec
    config:
      # what it says
      command: echo two
`;

const ADDED = [
  ['wait.duration', 'duration'],
  ['wait.duration', 'duration-2'],
  ['local.exec', 'exec'],
] as const;

describe.skipIf(chromium === null)('the builder, in a real browser on the whole stack', () => {
  let stack: Stack;
  let browser: PageBrowser;
  let page: Page;

  beforeAll(async () => {
    stack = await startStack();
    browser = await startPageBrowser(stack);
    page = await browser.loggedIn('ada', 'admin', { viewport: { width: 1600, height: 900 } });
    await stack.as.call('POST', '/jobs', COMMENTED);
  });
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
  });

  const steps = (of: Page = page) => of.getByRole('list', { name: 'Steps' });
  const row = (id: string, of: Page = page) => steps(of).getByRole('button', { name: new RegExp(`\\b${id}\\b`) });
  const sourceOf = async (name: string) => (await stack.as.call('GET', `/jobs/${name}`)).body;
  const sound = (of: Page = page) => of.getByText('No problems found.').waitFor();
  const idsOf = async (name: string) =>
    ((await sourceOf(name)).definition as { steps: readonly { id: string }[] }).steps.map(({ id }) => id);

  test('a job of three steps is built by mouse, dragged into order, and created', async () => {
    await page.goto(`${stack.url}/jobs/new?template=blank`);
    const add = page.getByRole('button', { name: /^local\.exec/ });
    await add.click();
    await page.getByRole('textbox', { name: /^id/ }).fill('last');
    await page.getByLabel('Command', { exact: true }).fill('echo last');
    await row('last').waitFor();
    await add.click();
    await page.getByRole('textbox', { name: /^id/ }).fill('first');
    await row('first').waitFor();
    await page.getByLabel('Command', { exact: true }).fill('echo first');
    await page.getByRole('button', { name: /^local\.exec/ }).dragTo(row('last'), { targetPosition: { x: 60, y: 28 } });
    await page.getByRole('textbox', { name: /^id/ }).fill('second');
    await row('second').waitFor();
    await page.getByLabel('Command', { exact: true }).fill('echo second');
    await row('first').dragTo(row('last'), { targetPosition: { x: 60, y: 4 } });
    await page.getByText('first is at place 1 of 3 in Steps.').waitFor();
    await row('last').dragTo(row('second'), { targetPosition: { x: 60, y: 28 } });
    await page.getByText('last is at place 3 of 3 in Steps.').waitFor();
    await page.getByRole('button', { name: 'new-job' }).click();
    await page.getByRole('textbox', { name: /^name/ }).first().fill('by-mouse');
    await page.getByRole('button', { name: 'by-mouse' }).waitFor();
    await page.getByText('checked by the server').waitFor();
    await sound();
    await page.getByRole('button', { name: 'Create job…' }).click();
    await page.getByRole('button', { name: 'Create job', exact: true }).click();
    await page.getByText('Created by-mouse.').waitFor();
    expect(await idsOf('by-mouse')).toEqual(['first', 'second', 'last']);
  });

  test('by keyboard alone a job is built and its mistake found; its run fails, it is mended, and runs through', async () => {
    const press = (key: string) => page.keyboard.press(key);
    /** Goes on from control to control until the one that is meant has the focus. */
    const tabTo = async (target: Locator) => {
      await target.waitFor();
      for (let n = 0; n < 120; n++) {
        if ((await target.and(page.locator(':focus')).count()) > 0) return;
        await press('Tab');
      }
      throw new Error(`Tab never comes to ${target}`);
    };
    const command = page.getByLabel('Command', { exact: true });
    const text = page.getByLabel('Definition as YAML');
    const runIt = async () => {
      await press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').and(page.locator(':focus')).waitFor();
      await page.keyboard.type('start a run of what');
      await page.getByRole('option', { name: 'Start a run of what is saved' }).waitFor();
      await press('Enter');
      await tabTo(page.getByRole('button', { name: 'Start run' }));
      await press('Enter');
    };
    await page.goto(`${stack.url}/jobs/new?template=blank`);
    await tabTo(page.getByLabel('Find a step type'));
    for (const [at, [type, id]] of ADDED.entries()) {
      await press('Control+a');
      await page.keyboard.type(type);
      await press('Enter');
      await page.getByText(`Added ${id} at place ${at + 1} of ${at + 1}.`).waitFor();
    }
    // The list: the third goes first, then its form.
    await tabTo(row('exec'));
    await press('Alt+ArrowUp');
    await page.getByText('exec is at place 2 of 3 in Steps.').waitFor();
    await press('Alt+ArrowUp');
    await page.getByText('exec is at place 1 of 3 in Steps.').waitFor();
    await press('Enter');
    await tabTo(command);
    await press('Control+a');
    await page.keyboard.type('cat /no/such/file');
    // A mistake: a step that needs one that is not there, written in the text and found from the list of problems.
    await tabTo(text);
    await press('Control+End');
    await page.keyboard.type('    needs: [duratoin]');
    await tabTo(page.getByRole('region', { name: 'Problems' }).getByRole('button', { name: /duratoin/ }));
    await press('Enter');
    await page.locator('[data-builder-form] :focus').waitFor();
    await tabTo(text);
    await press('Control+End');
    for (const _ of 'duratoin]') await press('Backspace');
    await page.keyboard.type('duration]');
    await page.getByText('checked by the server').waitFor();
    await sound();
    await press('Control+s');
    await page.getByLabel('Message').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('by keys');
    await press('Enter');
    await page.getByText('Created new-job.').waitFor();
    expect(await idsOf('new-job')).toEqual(['exec', 'duration', 'duration-2']);
    await runIt();
    await page
      .getByText(/No such file/)
      .first()
      .waitFor();
    await tabTo(page.getByRole('link', { name: /^new-job/ }).first());
    await press('Enter');
    await tabTo(page.getByRole('link', { name: 'Edit', exact: true }));
    await press('Enter');
    await row('exec').waitFor();
    await tabTo(page.getByRole('button', { name: 'new-job' }));
    await press('ArrowDown');
    await page.getByRole('heading', { name: 'Step exec' }).waitFor();
    await press('Enter');
    await tabTo(command);
    await press('Control+a');
    await page.keyboard.type('echo mended');
    await page.getByText('checked by the server').waitFor();
    await press('Control+s');
    await page.getByLabel('Message').and(page.locator(':focus')).waitFor();
    await press('Enter');
    await page.getByText('Saved new-job as v2.').waitFor();
    await runIt();
    const statuses = async () =>
      ((await stack.as.call('GET', '/runs?job=new-job')).body.items as { status: string }[]).map(({ status }) => status);
    await expect.poll(statuses, { timeout: 30_000 }).toEqual(['completed', 'failed']);
    await page.getByText('Completed').first().waitFor();
  });

  test('forms, drags and undo leave every other byte of a commented job alone', async () => {
    await page.goto(`${stack.url}/jobs/kept/edit`);
    await row('two').click();
    await page.getByLabel('Command', { exact: true }).fill('echo three');
    await page.keyboard.press('Control+z');
    await expect.poll(() => page.getByLabel('Command', { exact: true }).inputValue()).toBe('echo two');
    await page.getByLabel('Command', { exact: true }).fill('echo 2');
    await page.getByRole('button', { name: 'Move up' }).click();
    await page.getByText('two is at place 1 of 2 in Steps.').waitFor();
    await page.reload();
    await page.getByText('This is your draft from before.').waitFor();
    await row('two').waitFor();
    await page.getByRole('button', { name: 'Save as v2…' }).click();
    await page.getByLabel('Message').fill('turned round');
    await page.getByRole('button', { name: 'Save as v2', exact: true }).click();
    await page.getByText('Saved kept as v2.').waitFor();
    const { source } = await sourceOf('kept');
    expect(String(source).split('\n').toSorted()).toEqual(COMMENTED.replace('echo two', 'echo 2').split('\n').toSorted());
    expect(await idsOf('kept')).toEqual(['two', 'one']);
  });

  test('what was saved is told as a difference, and the text from before comes back byte for byte', async () => {
    await page.goto(`${stack.url}/jobs/kept/versions`);
    await page.getByText('What changed from v1 to v2').waitFor();
    await page.getByText('turned round').first().waitFor();
    await page.getByRole('link', { name: 'v1', exact: true }).click();
    await page.getByRole('button', { name: 'Restore as v3' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore as v3' }).click();
    await page.getByText('kept is at v3.').waitFor();
    expect((await sourceOf('kept')).source).toBe(COMMENTED);
  });

  test('whoever saves second sees both texts, and nothing is lost', async () => {
    await page.goto(`${stack.url}/jobs/kept/edit`);
    await row('one').click();
    await page.getByLabel('name', { exact: true }).fill('Mine');
    const { source } = await sourceOf('kept');
    await stack.as.call('PUT', '/jobs/kept', String(source).replace('echo one', 'echo theirs'), { 'if-match': '"3"' });
    await page.getByRole('button', { name: /^Save as v\d…/ }).click();
    await page.getByRole('button', { name: /^Save as v\d$/ }).click();
    const dialog = page.getByRole('dialog', { name: 'kept was saved as v4 meanwhile' });
    await dialog.getByText('echo theirs').first().waitFor();
    await dialog.getByText('Mine').first().waitFor();
    await dialog.getByRole('button', { name: 'Keep mine: save as v5' }).click();
    await page.getByText('Saved kept as v5.').waitFor();
    expect(String((await sourceOf('kept')).source)).toContain('name: Mine');
    browser.excuse(/status of 412/);
  });

  test('a plan names order and targets, and one step is tried with a given output of the step before it', async () => {
    await stack.as.call(
      'POST',
      '/jobs',
      `name: tried
steps:
  - id: before
    type: local.exec
    config: { command: exit 1 }
  - id: tried
    type: local.exec
    config: { command: 'echo "$SAID"', environment: { SAID: '\${{ steps.before.outputs.stdout }}' } }
on_failure:
  - type: local.exec
    config: { command: 'true' }
`,
    );
    await page.goto(`${stack.url}/jobs/tried/edit?step=steps.1`);
    await page.getByRole('button', { name: 'Show plan' }).click();
    await page.getByRole('button', { name: 'Draw up plan' }).click();
    await page.getByRole('region', { name: 'Steps in their order' }).getByText('on failure').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).last().click();
    await page.getByRole('button', { name: 'Test step' }).click();
    await page.getByLabel('Outputs of before').fill('{"stdout": "handed on"}');
    await page.getByRole('button', { name: 'Run this step' }).click();
    await page.getByText(/^Test of tried runs as #\d+/).waitFor();
    const { body } = await stack.as.call('GET', '/runs?job=tried&trigger=test');
    const [run] = body.items as unknown as readonly [{ id: string }];
    expect((await stack.as.until(run.id)).status).toBe('completed');
    await expect.poll(async () => (await stack.as.log(run.id, 'tried')).map(({ text }) => text)).toEqual(['handed on']);
    expect((await stack.as.steps(run.id)).filter(({ key }) => key !== 'tried').every(({ attempt }) => attempt === 0)).toBe(true);
  });

  test('no page complained', () => {
    expect(browser.complaints).toEqual([]);
  });
});
