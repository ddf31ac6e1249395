import type { Page } from 'playwright-core';
import type { Finding } from '../result.ts';
import { shown, within } from './goals.ts';
import { answered, opened } from './probe.ts';
import type { Site } from './site.ts';

const OPENINGS = 5;
const ROUNDS = 4;
const STATUSES = ['Timed out', 'Cancelled', 'Lost', 'Missed'] as const;
const THROTTLE = 4;

/** The list of all runs: opened by a slow machine that has nothing of it yet, narrowed, and read from its end. */
export async function measureList(site: Site): Promise<readonly Finding[]> {
  const cold = await openCold(site);
  const page = await site.tab();
  await opened(page, '/runs', 'bench.rows().length > 10');
  const filters = await changeFilters(page);
  const sorts = await changeSorts(page);
  const [ends, starts] = await goToEnds(site, page);
  await page.close();
  const many = site.runs.toLocaleString('en');
  return [
    within(`first list at ${THROTTLE} × CPU throttle, nothing cached`, cold, 1_500),
    within(`filter change on ${many} runs`, filters, 300),
    within(`another sort of ${many} runs`, sorts, 300),
    within(`End of ${many} runs`, ends, 150),
    shown(`back to the start of ${many} runs`, starts),
  ];
}

async function openCold(site: Site): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let round = -1; round < OPENINGS; round += 1) {
    const context = await site.fresh();
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
    const took = await opened(page, '/runs', 'bench.rows().length > 10');
    if (round >= 0) taken.push(took);
    await context.close();
  }
  return taken;
}

const firstRows = `bench.rows().slice(0, 5).map((row) => row.dataset.row).join()`;

/** A status is chosen and given up again, by a click each. */
async function changeFilters(page: Page): Promise<readonly number[]> {
  const taken: number[] = [];
  await page.getByRole('button', { name: 'Status', exact: true }).click();
  for (let round = 0; round < ROUNDS; round += 1)
    for (const status of STATUSES)
      for (const chosen of [true, false]) {
        const before = JSON.stringify(await page.evaluate(firstRows));
        const box = page.getByRole('checkbox', { name: status });
        const isNew = `bench.rows().length > 4 && ${firstRows} !== ${before}`;
        taken.push(await answered(page, () => box.setChecked(chosen), isNew));
      }
  await page.keyboard.press('Escape');
  return taken;
}

/** The oldest, the longest, the shortest and the newest run first, by a click on a head each. */
async function changeSorts(page: Page): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    for (const head of ['Started', 'Duration', 'Duration', 'Started']) {
      const before = JSON.stringify(await page.evaluate(firstRows));
      const button = page.getByRole('columnheader', { name: head }).getByRole('button').first();
      taken.push(await answered(page, () => button.click(), `bench.rows().length > 4 && ${firstRows} !== ${before}`));
    }
  return taken;
}

async function goToEnds(site: Site, page: Page): Promise<readonly [readonly number[], readonly number[]]> {
  const idOf = async (sort: string) => (await site.as.call('GET', `/runs?sort=${sort}&limit=1`)).body.items as unknown as [{ id: string }];
  const [[newest], [oldest]] = [await idOf('-created_at'), await idOf('created_at')];
  const isShown = ({ id }: { id: string }) => `bench.rows().some((row) => row.dataset.row === '${id}')`;
  const [ends, starts]: [number[], number[]] = [[], []];
  await page.getByRole('grid').focus();
  for (let round = 0; round < ROUNDS * 2; round += 1) {
    ends.push(await answered(page, () => page.keyboard.press('G'), isShown(oldest)));
    const back = async () => {
      await page.keyboard.press('g');
      await page.keyboard.press('g');
    };
    starts.push(await answered(page, back, isShown(newest)));
  }
  return [ends, starts];
}
