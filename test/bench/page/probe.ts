import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';

/** Runs in every page before its own code: knows when the reader last did something, and when something was first painted. */
export const PROBE = `
  globalThis.bench = {
    acted: 0,
    rows: () => [...document.querySelectorAll('[data-row]')],
    /** The time at the end of the frame in which it first holds. */
    painted: (holds) => new Promise((resolve) => {
      const look = () => {
        let is = false;
        try { is = holds(); } catch {}
        if (!is) return;
        watch.disconnect();
        clearInterval(timer);
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now());
          port2.postMessage(0);
        });
      };
      const watch = new MutationObserver(look);
      watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      const timer = setInterval(look, 100);
      look();
    }),
  };
  for (const kind of ['keydown', 'click', 'input', 'wheel', 'bench'])
    addEventListener(kind, (event) => { bench.acted = event.timeStamp; }, { capture: true });
`;

const PATIENCE_MS = 30_000;

/** Milliseconds from what the reader does last to the frame in which this holds. */
export async function answered(page: Page, act: () => Promise<unknown>, holds: string): Promise<number> {
  const painted = page.evaluate<number>(`bench.painted(() => ${holds})`);
  await act();
  const at = await inTime(page, painted, holds);
  return at - (await page.evaluate<number>('bench.acted'));
}

/** Milliseconds from the begin of a navigation to the frame in which this holds; for a tab that was opened for it. */
export async function opened(page: Page, address: string, holds: string): Promise<number> {
  await page.addInitScript(`bench.first = bench.painted(() => ${holds})`);
  await page.goto(address, { waitUntil: 'commit' });
  return inTime(page, page.evaluate<number>('bench.first'), holds);
}

async function inTime(page: Page, painted: Promise<number>, holds: string): Promise<number> {
  const late = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE_MS, null).unref());
  const at = await Promise.race([painted, late]);
  if (at !== null) return at;
  const picture = path.join(tmpdir(), 'capstan-bench.png');
  await page.screenshot({ path: picture });
  throw new Error(`not so within ${PATIENCE_MS / 1000} s at ${page.url()}: ${holds} (see ${picture})`);
}
