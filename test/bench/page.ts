import { measureAway } from './page/away.ts';
import { measureBuilder } from './page/builder.ts';
import { measureList } from './page/list.ts';
import { measureLog } from './page/log.ts';
import { measureNews } from './page/news.ts';
import { openSite, type Site } from './page/site.ts';
import { measureSteps } from './page/steps.ts';
import { measureTail } from './page/tail.ts';
import type { Finding } from './result.ts';

const PARTS: { readonly [part: string]: (site: Site) => Promise<readonly Finding[]> } = {
  list: measureList,
  steps: measureSteps,
  log: measureLog,
  news: measureNews,
  builder: measureBuilder,
  away: measureAway,
  tail: measureTail,
};

/** The built page as a reader meets it, in Chromium on a seeded installation of so many runs: CAPSTAN_BENCH_DATABASE names one that is seeded already, CAPSTAN_BENCH_PARTS some of the parts, which are then only shown. */
export async function measurePage(runs: number): Promise<readonly Finding[]> {
  const chosen = process.env.CAPSTAN_BENCH_PARTS?.split(',');
  const site = await openSite(runs);
  const findings: Finding[] = [];
  try {
    for (const [part, measure] of Object.entries(PARTS)) {
      if (chosen && !chosen.includes(part)) continue;
      const began = performance.now();
      const found = await measure(site);
      findings.push(...found);
      if (chosen) for (const one of found) console.log(JSON.stringify(one));
      console.log(`${part}: ${Math.round((performance.now() - began) / 1000)} s`);
    }
  } finally {
    await site.stop();
  }
  return chosen ? [] : findings;
}
