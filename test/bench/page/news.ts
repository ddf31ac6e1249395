import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { quantile, spread } from '../measure.ts';
import type { Finding } from '../result.ts';
import { opened } from './probe.ts';
import type { Site } from './site.ts';

const VIEWERS_SCRIPT = fileURLToPath(new URL('./viewers.ts', import.meta.url));
const STEPS = 20;
const TURNS = 3;
const VIEWERS = 1_000;
const PER_TOKEN = 50;
const GOAL_MS = 20;

/** Notes in the page the end of the frame in which each step's row first says that it is completed. */
const NOTING = `
  bench.completed = {};
  const afterTask = (act) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = act;
    port2.postMessage(0);
  };
  const frame = requestAnimationFrame.bind(window);
  let drawing = false;
  window.requestAnimationFrame = (draw) => frame((at) => {
    drawing = true;
    afterTask(() => { drawing = false; });
    draw(at);
  });
  const atEndOfFrame = (note) => drawing ? afterTask(note) : frame(() => afterTask(note));
  const seen = new Set();
  new MutationObserver(() => {
    for (const row of document.querySelectorAll('main ol li')) {
      const id = /step=(n\\d\\d)/.exec(row.querySelector('a')?.href ?? '')?.[1];
      if (!id || seen.has(id) || !row.querySelector('[role=img][aria-label="Completed"]')) continue;
      seen.add(id);
      atEndOfFrame(() => { bench.completed[id] = performance.timeOrigin + performance.now(); });
    }
  }).observe(document.querySelector('main'), { subtree: true, childList: true, attributes: true });`;

/** From a step's end in its worker to its row in an open page, alone and beside a thousand other viewers of the same run. */
export async function measureNews(site: Site): Promise<readonly Finding[]> {
  const job = site.name('news');
  const steps = Array.from({ length: STEPS }, (_, n) => ({
    id: `n${String(n + 10)}`,
    type: 'local.exec',
    config: { command: 'sleep 0.3' },
    ...(n === 0 ? {} : { needs: [`n${String(n + 9)}`] }),
  }));
  await site.as.job({ name: job, steps: [{ id: 'wait', type: 'local.exec', config: { command: 'sleep 4' } }, ...withFirst(steps)] });
  const tokens = await site.tokens(VIEWERS / PER_TOKEN);
  await watch(site, job, []);
  const [alone, among]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < TURNS; turn += 1) {
    alone.push(...(await watch(site, job, [])));
    among.push(...(await watch(site, job, tokens)));
  }
  const row = (what: string, taken: readonly number[]): Finding => ({
    what,
    unit: 'ms',
    capstan: spread(taken),
    against: null,
    verdict: `p90 ${quantile(taken, 0.9)} ms`,
    goal: { words: `p50 ≤ ${GOAL_MS} ms`, met: quantile(taken, 0.5) <= GOAL_MS },
  });
  return [
    row('a step’s end to its row on the screen', alone),
    {
      ...row(`the same with ${VIEWERS.toLocaleString('en')} more viewers of the run`, among),
      against: { ...spread(alone), name: 'alone' },
    },
  ];
}

/** The first of them waits for what lets the page be opened meanwhile. */
const withFirst = <T extends object>([first, ...others]: readonly T[]) => [{ ...first, needs: ['wait'] }, ...others];

/** One run, step by step, in a tab of its own: how long each step's end took to the screen. */
async function watch(site: Site, job: string, tokens: readonly string[]): Promise<readonly number[]> {
  const run = await site.as.start(job);
  const viewers = tokens.length === 0 ? null : await startViewers(site, run, tokens);
  const page = await site.tab();
  try {
    await opened(page, `/runs/${run}/timeline`, `document.querySelectorAll('main ol li').length > 10`);
    await page.setViewportSize({ width: 1280, height: 1_400 });
    await page.evaluate(NOTING);
    await site.as.until(run);
    await page.locator('main').getByText('Completed', { exact: true }).first().waitFor();
    const shown = await page.evaluate<{ readonly [id: string]: number }>('bench.completed');
    const times = (await site.as.steps(run)).flatMap((step) => {
      const [at, { ended_at }] = [shown[step.key], step as unknown as { readonly ended_at: string }];
      return at === undefined || step.key === 'wait' ? [] : [at - Date.parse(ended_at)];
    });
    if (times.length < STEPS / 2) throw new Error(`only ${times.length} of ${STEPS} steps were seen to end`);
    return times;
  } finally {
    await page.close();
    await viewers?.();
  }
}

/** Answers, once all of them listen, with how to end them. */
async function startViewers(site: Site, run: string, tokens: readonly string[]): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [VIEWERS_SCRIPT, site.stack.url, `runs,run:${run}`, String(PER_TOKEN)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(tokens.join('\n'));
  const ended = once(child, 'exit');
  const [said] = (await Promise.race([once(child.stdout, 'data'), ended.then(() => [''])])) as [Buffer | string];
  if (!String(said).startsWith(`open ${VIEWERS}`)) throw new Error(`the viewers could not all listen: ${said}`);
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}
