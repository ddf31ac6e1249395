import type { Page } from 'playwright-core';
import type { Finding } from '../result.ts';
import { within } from './goals.ts';
import type { Site } from './site.ts';

const STEPS = 500;
const KEYS = 60;
const PAUSE_MS = 120;
const GOAL_MS = 16;

/** An event of Chromium's trace. */
interface Traced {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  /** Of its duration, what its thread had of a processor. */
  readonly tdur?: number;
  readonly tid: number;
  readonly pid: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly type?: string } };
}

/** A job of five hundred steps is typed at, in its text and in a form: for each key, the longest that the page's main thread worked without a break. */
export async function measureBuilder(site: Site): Promise<readonly Finding[]> {
  const name = site.name('five-hundred');
  const steps = Array.from({ length: STEPS }, (_, n) => ({
    id: `s${n}`,
    type: 'local.exec',
    ...(n === 0 ? {} : { needs: [`s${n - 1}`] }),
    config: { command: `echo ${n}` },
  }));
  await site.as.job({ name, steps });
  const page = await site.tab();
  await page.setViewportSize({ width: 1_600, height: 900 });
  await page.goto(`/jobs/${name}/edit?step=steps.250`);
  const command = page.getByLabel('Command', { exact: true });
  await command.waitFor();
  await page.getByText('checked by the server').waitFor();
  const inForm = await typeInto(page, () => command.focus());
  const inText = await typeInto(page, () => page.getByLabel('Definition as YAML').focus());
  await page.close();
  return [
    within(`a key in a form of the builder, ${STEPS} steps: longest task, p90`, inForm, GOAL_MS, 0.9),
    within(`a key in its text, ${STEPS} steps: longest task, p90`, inText, GOAL_MS, 0.9),
  ];
}

async function typeInto(page: Page, focus: () => Promise<void>): Promise<readonly number[]> {
  await focus();
  await page.keyboard.press('End');
  await page.keyboard.type(' warm up', { delay: PAUSE_MS });
  const browser = page.context().browser();
  await browser?.startTracing(page, { categories: ['toplevel', 'devtools.timeline', '__metadata'] });
  await page.keyboard.type('a word and some more '.repeat(KEYS).slice(0, KEYS), { delay: PAUSE_MS });
  await page.waitForTimeout(PAUSE_MS);
  const { traceEvents } = JSON.parse(String(await browser?.stopTracing())) as { readonly traceEvents: readonly Traced[] };
  return longestTasks(traceEvents);
}

/** Between each key and the next, milliseconds of processor of the longest task on the main thread that had the keys: what else the machine does is no task of the page. */
function longestTasks(events: readonly Traced[]): readonly number[] {
  const keys = events.filter(({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'keydown');
  const [{ pid, tid } = { pid: 0, tid: 0 }] = keys;
  const tasks = events.filter(
    (event) => event.pid === pid && event.tid === tid && event.name.endsWith('RunTask') && event.dur !== undefined,
  );
  const longest = keys.map((key, at) => {
    const until = keys[at + 1]?.ts ?? key.ts + PAUSE_MS * 1000;
    // The task that dispatches the key began before it.
    const within = tasks.filter(({ ts, dur = 0 }) => ts + dur > key.ts && ts < until);
    return Math.max(0, ...within.map(({ tdur = 0 }) => tdur / 1000));
  });
  if (longest.length < KEYS / 2 || tasks.length === 0)
    throw new Error(`the trace has ${longest.length} keys of ${KEYS}, ${tasks.length} tasks`);
  return longest;
}
