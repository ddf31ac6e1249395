import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium as playwright } from 'playwright-core';
import { buildPage } from '#platform/local/page-build.ts';
import { startPostgres } from '#platform/local/postgres.ts';
import { removePostgres } from '#platform/local/postgres-place.ts';
import { startTemporal } from '#platform/local/temporal.ts';
import { provideTemporal } from '#platform/local/temporal-binary.ts';
import { chromium } from '../setup/chromium.ts';
import { type Stack, startStack } from '../stack.ts';
import { spread } from './measure.ts';
import type { Finding } from './result.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const GOAL_MS = 100;

/** From the moment a step ends in its worker to the moment its row in an open page says so, in a real Chromium. */
export async function measureStepToScreen(rounds: number): Promise<readonly Finding[]> {
  if (chromium === null) throw new Error('no Chromium on this machine');
  const dir = await mkdtemp(path.join(tmpdir(), 'capstan-screen-'));
  await buildPage(ROOT);
  const postgres = await startPostgres({ dir: path.join(dir, 'postgres') });
  const temporal = await startTemporal({ binary: (await provideTemporal()).path, dir, logDir: dir, uiPort: null });
  const stack = await startStack({ postgresUrl: postgres.url, temporalAddress: temporal.address });
  try {
    const times = await watch(stack, rounds);
    const median = spread(times).median;
    return [
      {
        what: 'a step’s end to its row on the screen',
        unit: 'ms',
        capstan: spread(times),
        against: null,
        verdict: `${times.filter((time) => time < GOAL_MS).length} of ${times.length} under ${GOAL_MS} ms`,
        goal: { words: `< ${GOAL_MS} ms`, met: median < GOAL_MS },
      },
    ];
  } finally {
    await stack.stop();
    await Promise.all([temporal.stop(), postgres.stop()]);
    removePostgres(path.join(dir, 'postgres'));
    await rm(dir, { recursive: true, force: true });
  }
}

/** Runs in the page: the time at which a completed step first stands in the list. */
const SHOWN_AT = `new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error('no step was shown as completed within 20 s')), 20_000);
  const look = () => {
    if (!document.querySelector('ol [role=img][aria-label="Completed"]')) return;
    observer.disconnect();
    resolve(performance.timeOrigin + performance.now());
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { subtree: true, childList: true, attributes: true });
})`;

async function watch(stack: Stack, rounds: number): Promise<readonly number[]> {
  await stack.as.job({ name: 'screen', steps: [{ id: 'only', type: 'local.exec', config: { command: 'sleep 2' } }] });
  const browser = await playwright.launch({
    executablePath: chromium ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  const context = await browser.newContext({ extraHTTPHeaders: { authorization: `Bearer ${stack.token}` } });
  const page = await context.newPage();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const run = await stack.as.start('screen');
    await page.goto(`${stack.url}/runs/${run}`);
    const row = page.getByRole('list', { name: 'Steps of the run in plan order' }).getByRole('listitem');
    await row.getByRole('img', { name: 'Running' }).waitFor();
    const shownAt = await page.evaluate<number>(SHOWN_AT);
    const [step] = (await stack.as.call('GET', `/runs/${run}/steps`)).body.items as unknown as readonly { readonly ended_at: string }[];
    times.push(shownAt - Date.parse(step?.ended_at ?? ''));
  }
  await browser.close();
  return times;
}
