import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './api-client.ts';
import { type PageBrowser, startPageBrowser } from './page-browser.ts';
import { chromium } from './setup/chromium.ts';
import { type Stack, startStack } from './stack.ts';

describe.skipIf(chromium === null)('the pages of schedules, queues and calendars', () => {
  let stack: Stack;
  let browser: PageBrowser;
  let page: Page;
  beforeAll(async () => {
    stack = await startStack();
    browser = await startPageBrowser(stack);
    await stack.as.job({
      name: 'backup',
      parameters: { site: { type: 'string', enum: ['ber', 'fra'] } },
      steps: [{ id: 'say', type: 'local.exec', config: { command: 'true' } }],
    });
    await stack.as.call('POST', '/calendars', { name: 'holidays', timezone: 'Europe/Berlin', entries: ['12-24..12-26'] });
    page = await browser.loggedIn('ann', 'admin', { timezoneId: 'America/New_York' });
  }, 120_000);
  afterAll(async () => {
    await browser?.stop();
    await stack?.stop();
  });

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
  const next = () => page.getByRole('region', { name: 'The next starts', exact: true });

  test('02:30 in Berlin is shown skipped, shifted and twice on the days its clocks change, on its clock and on the reader’s', async () => {
    await page.goto('/schedules/new');
    await page.getByLabel('Name', { exact: true }).fill('nightly');
    await page.getByLabel('Job it starts').fill('backup');
    await page.getByLabel('Minute, hour').fill('30 2 * * *');
    await page.getByLabel('Time zone').fill('berl');
    await page.getByRole('option', { name: /^Europe\/Berlin/ }).click();
    await page.getByText('at 02:30 every day, Europe/Berlin').waitFor();

    await button(/^Clocks change on Sun \d+ Mar/).click();
    await next().getByText('shifted: the clocks leave 02:30 out').waitFor();
    expect(
      await next()
        .getByText(/Sun \d+ Mar \d+ 03:30/)
        .innerText(),
    ).toContain('CEST');
    await next()
      .getByText(/Sat \d+ Mar \d+ 21:30/)
      .waitFor();
    await page.getByLabel('A time the clocks leave out is').selectOption('skip');
    await next().getByText('skipped: the clocks leave 02:30 out (gap: skip)').waitFor();

    await button(/^Clocks change on Sun \d+ Oct/).click();
    await next().getByText('only the first starts (fold: first)').waitFor();
    await page.getByLabel('A time they show twice counts').selectOption('both');
    await next().getByText('this is the first (fold: both)').waitFor();
    await next().getByText('this is the second (fold: both)').waitFor();
  });

  test('what the server says against a schedule stands at its field, and nothing typed is lost', async () => {
    await page.getByLabel('After an outage').fill('8d');
    await button('Create schedule').click();
    await page.getByText('is longer than 7 d').waitFor();
    expect(await page.getByLabel('After an outage').getAttribute('aria-invalid')).toBe('true');
    await page.reload();
    await page.getByText('What you typed last time is still here.').waitFor();
    await page.getByLabel('After an outage').fill('1h');
    await page.getByLabel('site').selectOption('ber');
    await button('Create schedule').click();
    await page.getByRole('heading', { name: 'nightly', level: 1, exact: true }).waitFor();
    expect((await stack.as.call('GET', '/schedules/nightly')).body).toMatchObject({
      definition: { cron: '30 2 * * *', timezone: 'Europe/Berlin', dst: { gap: 'skip', fold: 'both' }, parameters: { site: 'ber' } },
    });
  });

  test('a schedule that was changed meanwhile is shown in both versions before one replaces the other', async () => {
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Note, for people').fill('mine');
    const { body } = await stack.as.call('GET', '/schedules/nightly');
    await stack.as.call('PATCH', '/schedules/nightly', { priority: 2 }, { 'if-match': `"${body.version}"` });
    await button('Save schedule').click();
    await page.getByRole('dialog').getByText('mine', { exact: true }).waitFor();
    await button('Save mine over it').click();
    await page.getByRole('heading', { name: 'nightly', level: 1, exact: true }).waitFor();
    const { definition } = (await stack.as.call('GET', '/schedules/nightly')).body as { definition: object };
    expect(definition).toMatchObject({ note: 'mine' });
    expect(definition).not.toHaveProperty('priority');
  });

  test('02:30 in Berlin over March and October is skipped, shifted or twice as the policy of each schedule says, on its page and in the agenda', async () => {
    await page.goto('/schedules/nightly');
    const starts = page.getByRole('region', { name: 'Next starts', exact: true });
    await button('Clocks change on Sun 28 Mar 2027').click();
    await starts.getByText('skipped: the clocks leave 02:30 out (gap: skip)').waitFor();
    await button('Clocks change on Sun 31 Oct 2027').click();
    await starts.getByText('this is the first (fold: both)').waitFor();
    await starts.getByText('this is the second (fold: both)').waitFor();

    await stack.as.call('POST', '/schedules', {
      name: 'moved',
      job: 'backup',
      cron: '30 2 * * *',
      timezone: 'Europe/Berlin',
      dst: { gap: 'shift', fold: 'second' },
      parameters: { site: 'fra' },
    });
    for (const [schedule, week, words] of [
      ['nightly', '2027-03-28', ['skipped: the clocks leave 02:30 out (gap: skip)']],
      ['nightly', '2027-10-31', ['this is the first (fold: both)', 'this is the second (fold: both)']],
      ['moved', '2027-03-28', ['shifted: the clocks leave 02:30 out, so it starts as much later as they jump (gap: shift)']],
      ['moved', '2027-10-31', ['twice: the clocks show 02:30 two times, only the second starts (fold: second)']],
    ] as const) {
      await page.goto(`/schedules/agenda?week=${week}&zone=Europe/Berlin&schedule=${schedule}&look=table`);
      for (const one of words) await page.getByText(one).waitFor();
      expect(await page.getByText(/\((gap|fold): /).count()).toBe(words.length);
    }
  });

  test('it is paused with a word on why, and resumed after being told what was missed', async () => {
    await page.goto('/schedules/nightly');
    await button('Pause…').click();
    await page.getByLabel('Note, for whoever looks at it').fill('works on the <b>line</b>');
    await button('Pause schedule').click();
    await page.getByText('works on the <b>line</b>').waitFor();
    await button('Resume…').click();
    await page.getByText('No moment came during the pause.').waitFor();
    await button('Resume schedule').click();
    await button('Pause…').waitFor();
    await page.getByRole('link', { name: 'History' }).click();
    await page
      .getByRole('table', { name: /^When it was held/ })
      .getByText('works on the <b>line</b>')
      .waitFor();
  });

  test('a backfill shows exactly what it would start, starts that and tells how far it is', async () => {
    await page.getByRole('link', { name: 'Backfills' }).click();
    await button('Backfill…').click();
    await page.getByLabel(/^From/).fill('2026-10-24T00:00');
    await page.getByLabel(/^Before/).fill('2026-10-26T00:00');
    await button('See what would start').click();
    await page.getByText('3 moments would be started.').waitFor();
    expect(await page.getByRole('region', { name: 'What would be started' }).getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringContaining('Sat 24 Oct 2026 02:30'),
      expect.stringMatching(/Sun 25 Oct 2026 02:30.*\+02:00.*twice/s),
      expect.stringMatching(/Sun 25 Oct 2026 02:30.*\+01:00.*twice/s),
    ]);
    await button('Start 3 runs').click();
    await page.getByText('3 of 3 moments').waitFor();
  });

  test('the agenda marks the day that has an hour less, and an hour of it opens what starts then', async () => {
    await page.goto('/schedules/agenda?week=2027-03-28&zone=Europe/Berlin&schedule=nightly&hour=nonsense');
    await page.getByText('hour=nonsense').waitFor();
    await page.getByRole('columnheader', { name: /Sun 28 Mar.*has 23 hours/ }).waitFor();
    await button('Sat 27 Mar 2027 02:00: 1 to start').click();
    await page
      .getByRole('region', { name: /^What starts Sat 27 Mar/ })
      .getByRole('link', { name: 'nightly' })
      .waitFor();
    expect(new URL(page.url()).searchParams.get('hour')).toBe('2027-03-27T01:00:00.000Z');
  });

  test('a queue is held back with a word on why', async () => {
    await page.goto('/queues');
    const row = page.getByRole('row', { name: /transfer/ });
    await row.getByRole('button', { name: 'Pause queue' }).click();
    await page.getByLabel('Note, for whoever looks at it').fill('the line is cut');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause queue' }).click();
    await row.getByText('the line is cut').waitFor();
    expect((await stack.as.call('GET', '/queues/transfer')).body).toMatchObject({ state: 'paused' });
    await row.getByRole('button', { name: 'Resume' }).click();
    await button('Resume queue').click();
    await eventually(
      async () => (await stack.as.call('GET', '/queues/transfer')).body.state,
      (state) => state === 'open',
      10_000,
    );
  });

  test('a calendar shows its year, and a change of it says first which starts it takes', async () => {
    await stack.as.call('POST', '/schedules', {
      name: 'kept',
      job: 'backup',
      cron: '0 4 * * *',
      parameters: { site: 'ber' },
      calendars: [{ name: 'holidays', use: 'block' }],
    });
    await page.goto('/calendars/holidays?year=2026');
    await page.getByTitle('Thu 24 Dec 2026: the whole day').waitFor();
    await page.getByRole('link', { name: 'kept' }).waitFor();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Definition (YAML)').fill('name: holidays\ntimezone: Europe/Berlin\nentries: [12-23..12-26]\n');
    await button('See what changes').click();
    await page.getByText(/^2 starts removed, 0 added/).waitFor();
    await button('Save calendar').click();
    await page.getByTitle('Wed 23 Dec 2026: the whole day').waitFor();
  });

  test('who may only read sees all of it, and is told what each control needs', async () => {
    const reader = await browser.loggedIn('vic', 'viewer');
    for (const [path, control, needs] of [
      ['/schedules', 'Stop all schedules…', 'schedule:edit'],
      ['/schedules/nightly', 'Start now…', 'run:start'],
      ['/queues', 'Pause queue', 'queue:pause'],
      ['/calendars', 'Import iCal…', 'calendar:edit'],
    ] as const) {
      await reader.goto(path);
      const denied = reader.getByRole('button', { name: control }).first();
      await denied.waitFor();
      await expect
        .poll(async () => [path, await denied.getAttribute('aria-disabled'), await denied.getAttribute('title')])
        .toEqual([path, 'true', expect.stringContaining(needs)]);
    }
    await reader.close();
  });

  test('no page complained: no console error, no policy report, no foreign request', () => {
    // What the server refused, or what was changed meanwhile, is an error to the browser, and rightly so.
    expect(browser.complaints.filter((said) => !/status of (409|412|422)/.test(said))).toEqual([]);
  });
});
