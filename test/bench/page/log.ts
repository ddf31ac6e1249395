import type { Page } from 'playwright-core';
import type { Finding } from '../result.ts';
import { shown, within } from './goals.ts';
import { answered, opened } from './probe.ts';
import type { Site } from './site.ts';

const LINES = 1_000_000;
const ROUNDS = 8;
const COUNTS = 8;
/** The numbers of blocks that the lines of the seeded log name. */
const BLOCKS = 4_096;
const STEP = 104_729;

const isDrawn = (line: number) =>
  `location.pathname.endsWith('/log') && document.querySelector('[data-number="${line}"]')?.parentElement.querySelector('[data-text]').textContent`;
const drawnWhole = `[...document.querySelectorAll('[role=log] [data-text]')].every((text) => text.textContent)`;

/** A log of a million lines: opened, read at any place, and searched. */
export async function measureLog(site: Site): Promise<readonly Finding[]> {
  const openings: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const page = await site.tab();
    await opened(page, `/runs/${site.long}/timeline`, `document.querySelectorAll('main ol li').length > 0`);
    const took = await answered(page, () => page.getByRole('link', { name: 'Log', exact: true }).click(), isDrawn(LINES));
    if (round >= 0) openings.push(took);
    await page.close();
  }
  const page = await site.tab();
  const address = await opened(page, `/runs/${site.long}/log`, isDrawn(LINES));
  const jumps = await jump(page);
  const searches = await search(page);
  await page.close();
  return [
    within('a log of 1,000,000 lines, opened', openings, 500),
    shown('the same by its address, with the whole page', [address]),
    within('jump in it, by key and by scroll bar', jumps, 100),
    within('search of its 1,000,000 lines, to the exact count', searches, 500),
  ];
}

async function jump(page: Page): Promise<readonly number[]> {
  const taken: number[] = [];
  const log = page.getByRole('log');
  await log.focus();
  for (let round = 0; round < ROUNDS; round += 1) {
    const share = (round + 0.5) / ROUNDS;
    const drag = `(() => { const log = document.querySelector('[role=log]'); dispatchEvent(new Event('bench')); log.scrollTop = log.scrollHeight * ${share}; })()`;
    const there = `Math.abs(Number(document.querySelector('[role=log] [data-number]').dataset.number) - ${LINES * share}) < 10000 && ${drawnWhole}`;
    taken.push(await answered(page, () => page.evaluate(drag), there));
    const start = async () => {
      await page.keyboard.press('g');
      await page.keyboard.press('g');
    };
    taken.push(await answered(page, start, isDrawn(1)));
    taken.push(await answered(page, () => page.keyboard.press('G'), isDrawn(LINES)));
  }
  return taken;
}

/** Each time another text, so that no count is known already; the pause that waits for more to be typed is part of it. */
async function search(page: Page): Promise<readonly number[]> {
  const taken: number[] = [];
  const box = page.getByRole('searchbox', { name: 'Search' });
  for (let round = 0; round < COUNTS; round += 1) {
    const blocks = (Date.now() + round * 997) % BLOCKS;
    let count = 0;
    for (let line = 1; line <= LINES; line += 1) if ((line * STEP) % BLOCKS === blocks) count += 1;
    const counted = `/\\/${count}$/.test(document.querySelector('#log-search-says [aria-hidden]').textContent)`;
    taken.push(await answered(page, () => box.fill(`, ${blocks} blocks`), counted));
    await box.fill('');
  }
  return taken;
}
