import type { Finding } from '../result.ts';
import { shown, within } from './goals.ts';
import { answered, opened } from './probe.ts';
import type { Site } from './site.ts';

const ROUNDS = 5;
const TIMELINE = `document.querySelectorAll('main ol li').length > 10`;
const HOSTS = `document.querySelectorAll('main [role=gridcell]').length > 100`;
const GRAPH = `document.querySelector('main [role=group] a[href*="step="]') !== null`;

/** A run of five thousand steps, opened and looked at in each of its views. */
export async function measureSteps(site: Site): Promise<readonly Finding[]> {
  const [openings, hosts, graphs]: [number[], number[], number[]] = [[], [], []];
  for (let round = -1; round < ROUNDS; round += 1) {
    const page = await site.tab();
    const took = await opened(page, `/runs/${site.wide}/timeline`, TIMELINE);
    const tab = (name: string, holds: string) => answered(page, () => page.getByRole('link', { name, exact: true }).click(), holds);
    const [toHosts, toGraph] = [await tab('Hosts × steps', HOSTS), await tab('Graph', GRAPH)];
    await page.close();
    if (round < 0) continue;
    openings.push(took);
    hosts.push(toHosts);
    graphs.push(toGraph);
  }
  return [
    within('a run of 5,000 steps, opened', openings, 2_000),
    shown('its matrix of hosts and steps', hosts),
    shown('its graph, laid out', graphs),
  ];
}
