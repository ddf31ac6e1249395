import { setTimeout as sleep } from 'node:timers/promises';
import { untilReady } from '../../stack.ts';
import type { Finding } from '../result.ts';
import { within } from './goals.ts';
import { opened } from './probe.ts';
import type { Site } from './site.ts';

const AWAY_MS = 60_000;
const STEPS = 12;

/** The API is killed for a minute while a run goes on before the reader: what the page says meanwhile, and how soon afterwards it is live and complete without being loaded again. */
export async function measureAway(site: Site): Promise<readonly Finding[]> {
  const { api, url } = site.stack;
  const job = site.name('away');
  await site.as.job({
    name: job,
    steps: Array.from({ length: STEPS }, (_, n) => ({
      id: `n${n + 10}`,
      type: 'local.exec',
      ...(n === 0 ? {} : { needs: [`n${n + 9}`] }),
      config: { command: 'sleep 5' },
    })),
  });
  const run = await site.as.start(job);
  const page = await site.tab();
  await opened(page, `/runs/${run}/timeline`, `document.querySelectorAll('main ol li').length > 10`);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.evaluate('globalThis.loadedOnce = true');
  await api.kill();
  const ages: number[] = [];
  for (const until = Date.now() + AWAY_MS; Date.now() < until; await sleep(1_000)) {
    const said = await page.getByText(/^Stale /).allTextContents();
    ages.push(secondsOf(said[0] ?? ''));
  }
  api.start();
  await untilReady(url, [api]);
  const ready = Date.now();
  await page.getByText('Live', { exact: true }).waitFor();
  const live = Date.now() - ready;
  await site.as.until(run);
  await page.locator('main').getByText('Completed', { exact: true }).first().waitFor({ timeout: 10_000 });
  const missing = STEPS - (await page.locator('main ol li [role=img][aria-label="Completed"]').count());
  const isSame = await page.evaluate<boolean>(`'loadedOnce' in globalThis`);
  await page.close();
  const isAged = ages.every((age, at) => at === 0 || age >= (ages[at - 1] ?? 0)) && (ages.at(-1) ?? 0) >= AWAY_MS / 1000 - 20;
  const row = within(`API away for ${AWAY_MS / 1000} s: from its return to Live`, [live], 5_000);
  return [
    {
      ...row,
      verdict: `stale for ${ages.at(-1)} s at last, ${missing} of ${STEPS} steps without their status, ${isSame ? 'not ' : ''}loaded again`,
      goal: { words: 'Stale with its age, then Live, nothing missing, not loaded again', met: isAged && missing === 0 && isSame },
    },
  ];
}

/** Seconds in `Stale 1 m 2 s`; 0 before it says so. */
function secondsOf(text: string): number {
  const minutes = Number(/(\d+) m\b/.exec(text)?.[1] ?? 0);
  return minutes * 60 + Number(/(\d+) s\b/.exec(text)?.[1] ?? 0);
}
