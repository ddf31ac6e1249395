import { fileURLToPath } from 'node:url';
import type { CDPSession } from 'playwright-core';
import { eventually } from '../../api-client.ts';
import { quantile, spread } from '../measure.ts';
import type { Finding } from '../result.ts';
import type { Site } from './site.ts';

const TALK = fileURLToPath(new URL('./talk.ts', import.meta.url));
const LINES_A_SECOND = 2_000;
const WHOLE_S = Number(process.env.CAPSTAN_BENCH_TAIL_SECONDS ?? 600);
const HOUR_S = 3_600;
const GOAL_MB = 200;
const GOAL_FRAME_MS = 50;

/** Counts frames by how long they took, in the page; memory is looked at between two counts. */
const FRAMES = `
  (() => {
    const counts = new Uint32Array(5_000);
    let last = 0;
    let counting = true;
    const frame = (now) => {
      if (counting && last > 0) counts[Math.min(4_999, Math.round(now - last))] += 1;
      last = counting ? now : 0;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    bench.frames = { pause() { counting = false; last = 0; }, resume() { counting = true; }, counts };
  })()`;

/** A log that grows by two thousand lines a second, followed for ten minutes: how long frames take, and what the page comes to hold. */
export async function measureTail(site: Site): Promise<readonly Finding[]> {
  const name = site.name('talk');
  const seconds = WHOLE_S + 20;
  const command = `exec ${process.execPath} ${TALK} ${LINES_A_SECOND} ${seconds}`;
  await site.as.job({ name, steps: [{ id: 'talk', type: 'local.exec', timeout: `${seconds + 120}s`, config: { command } }] });
  const run = await site.as.start(name);
  await site.as.until(run, ({ status }) => status === 'running');
  const page = await site.tab();
  await page.goto(`/runs/${run}/log`);
  await page.getByText('Following').waitFor();
  const cdp = await page.context().newCDPSession(page);
  await page.evaluate(FRAMES);
  const began = performance.now();
  const firstLine = await lastLine(site, run);
  const held: { readonly at: number; readonly mb: number }[] = [];
  const looks = Math.max(8, Math.round(WHOLE_S / 20));
  for (let look = 0; look < looks; look += 1) {
    await page.waitForTimeout((WHOLE_S * 1000) / looks);
    await page.evaluate('bench.frames.pause()');
    held.push({ at: (performance.now() - began) / 1000, mb: await heapMb(cdp) });
    await page.evaluate('bench.frames.resume()');
  }
  const took = (performance.now() - began) / 1000;
  const lines = (await lastLine(site, run)) - firstLine;
  const behind = await behindBy(site, run, () => page.evaluate<number>(LAST_DRAWN));
  const counts = (await page.evaluate<number[]>('[...bench.frames.counts]')).flatMap((count, ms) => Array<number>(count).fill(ms));
  await page.close();
  await site.as.call('POST', `/runs/${run}/cancel`, {});
  const rate = Math.round(lines / took);
  const after = hourOf(held);
  const long = counts.filter((ms) => ms > GOAL_FRAME_MS).length;
  return [
    {
      what: `a frame while ${LINES_A_SECOND} lines a second are followed, p99`,
      unit: 'ms',
      capstan: spread([quantile(counts, 0.99)]),
      against: null,
      verdict: `p50 ${quantile(counts, 0.5)} ms, longest ${quantile(counts, 1)} ms, ${long} of ${counts.length} over ${GOAL_FRAME_MS} ms; ${rate} lines a second came, the page ${behind} lines behind`,
      goal: { words: `≤ ${GOAL_FRAME_MS} ms`, met: quantile(counts, 0.99) <= GOAL_FRAME_MS && rate > LINES_A_SECOND * 0.95 },
    },
    {
      what: 'memory of the page after an hour of it',
      unit: 'MB',
      capstan: spread([after]),
      against: null,
      verdict: `extrapolated from ${Math.round(took)} s${WHOLE_S < 600 ? ', shortened from 600' : ''}: ${Math.round(held[0]?.mb ?? 0)} MB at first, ${Math.round(held.at(-1)?.mb ?? 0)} MB at last`,
      goal: { words: `< ${GOAL_MB} MB`, met: after < GOAL_MB },
    },
  ];
}

const LAST_DRAWN = `Math.max(...[...document.querySelectorAll('[role=log] [data-number]')].map((line) => Number(line.dataset.number)))`;

async function behindBy(site: Site, run: string, drawn: () => Promise<number>): Promise<number> {
  const total = await lastLine(site, run);
  return Math.max(0, total - (await drawn()));
}

/** The number of the last line that is stored. */
const lastLine = (site: Site, run: string): Promise<number> =>
  eventually(
    async () => Number((await site.as.call('GET', `/runs/${run}/steps/talk/log?from=-1&limit=1`)).body.total),
    (total) => total > 0,
    20_000,
  );

async function heapMb(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  return usedSize / 2 ** 20;
}

/** Where the straight line through what was held stands after an hour; where it falls, the most that was held. */
function hourOf(held: readonly { readonly at: number; readonly mb: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  // What the page loads once is there after the first look.
  const later = held.slice(Math.floor(held.length / 4));
  const [at, mb] = [mean(later.map((look) => look.at)), mean(later.map((look) => look.mb))];
  const slope = mean(later.map((look) => (look.at - at) * (look.mb - mb))) / mean(later.map((look) => (look.at - at) ** 2));
  return Math.max(...held.map((look) => look.mb), mb + slope * (HOUR_S - at));
}
