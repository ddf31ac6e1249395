import { expect, onTestFinished, test } from 'vitest';
import { LiveProvider } from '../../live/Live.tsx';
import { usePreferences } from '../../preferences/preferences.ts';
import { type Asked, answer } from '../../testing/answers.ts';
import { expectAccessible } from '../../testing/draw.tsx';
import { drawAt, someone } from '../../testing/place.tsx';
import { OverviewPage } from './OverviewPage.tsx';

const fared = (group: string | null, completed: number, failed: number) => ({
  at: null,
  group,
  runs: completed + failed,
  by_status: { completed, failed },
  success_rate: (100 * completed) / (completed + failed),
  average_ms: 12_000,
  p50_ms: 12_000,
  p95_ms: 180_000,
});

const queue = (name: string, total: number) => ({
  name,
  local_time: '2026-10-25T03:04:05+09:00',
  depth: { total },
  oldest_seconds: 90,
  slots: { used: 2, total: 4 },
});

const HOURS = {
  from: '2026-10-25T01:00:00Z',
  ms: 3_600_000,
  buckets: 1,
  counted_by: 'ended',
  items: [{ bucket: 0, status: 'failed', runs: 2 }],
};

const WELL = {
  ready: true,
  checks: [{ name: 'temporal', ok: true, detail: 'answers' }],
  latency: { postgres_ms: 0.4, temporal_ms: 3 },
  lag: { owed_starts: 2, oldest_owed_seconds: 75 },
  workers: { alive: 3, known: 4 },
};

const NOTHING = () => ({ items: [], next: null });

const ANSWERS: { readonly [path: string]: (search: URLSearchParams) => unknown } = {
  '/me': () => someone('run:read', 'worker:read', 'schedule:read'),
  '/runs': NOTHING,
  '/runs/count': (search) => ({ count: search.has('retrying') ? 3 : 0, more: false, at: '2026-10-25T01:00:00Z' }),
  '/runs/histogram': () => HOURS,
  '/runs/stats': (search) => ({ items: search.has('by') ? [fared('edge/a', 8, 2), fared('calm', 5, 0)] : [fared(null, 13, 2)] }),
  '/queues/busiest': () => ({ items: [queue('remote@Asia/Tokyo', 7), queue('local', 0)] }),
  '/schedules': NOTHING,
  '/schedules/agenda': NOTHING,
  '/system': () => WELL,
};

/** The overview of an installation that is in use, whose first steps were put away; `also` answers in its place where it answers at all. */
const open = (also: (asked: Asked) => unknown = () => undefined, putAway: readonly string[] = ['first-steps']) => {
  const { EventSource } = globalThis;
  globalThis.EventSource = class extends EventTarget {
    close() {}
  } as unknown as typeof EventSource;
  const { now, change } = usePreferences();
  const { dismissed } = now();
  change({ dismissed: putAway });
  onTestFinished(() => {
    globalThis.EventSource = EventSource;
    change({ dismissed });
  });
  answer((one) => also(one) ?? ANSWERS[one.path]?.(one.search));
  return drawAt('/', [
    {
      path: '/',
      page: () => (
        <LiveProvider>
          <OverviewPage />
        </LiveProvider>
      ),
    },
  ]).box;
};

const section = (box: HTMLElement, name: string): HTMLElement | undefined =>
  [...box.querySelectorAll('section')].find((one) => one.querySelector('h2')?.textContent?.trim() === name);
const textOf = (element: Element | undefined): string => element?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
const hrefs = (element: Element | undefined): readonly (string | null)[] =>
  [...(element?.querySelectorAll('a') ?? [])].map((link) => link.getAttribute('href'));

test('each figure, each of the worst and each queue leads to what it counts', async () => {
  const box = open();
  await expect.poll(() => textOf(section(box, 'Worst of the last 24 h'))).toContain('edge/a');
  const [bad, ended] = ['failed,timed_out,missed,lost', 'completed,failed,cancelled,timed_out,missed,lost'].map(encodeURIComponent);
  const runs = (status: string | undefined, more = '') => `/runs?status=${status}${more}&since=24h`;
  await expect
    .poll(() => hrefs(section(box, 'Runs that ended in the last 24 h')).map((href) => href && decodeURIComponent(href)))
    .toEqual(
      [runs(bad), runs(ended), `${runs(ended)}&sort=-execution_time_ms`, `${runs(ended)}&sort=-execution_time_ms`].map(decodeURIComponent),
    );
  expect(hrefs(section(box, 'Worst of the last 24 h')).map((href) => href && decodeURIComponent(href))).toEqual(
    [runs(ended, '&job=edge/a'), runs(bad, '&job=edge/a'), runs(ended, '&job=calm')].map(decodeURIComponent),
  );
  await expect.poll(() => textOf(section(box, 'Queues'))).toContain('remote@Asia/Tokyo03:0471 m 30 s2/4');
  expect(hrefs(section(box, 'Queues'))[0]).toBe('/queues?queue=remote%40Asia%2FTokyo');
  await expect.poll(() => textOf(section(box, 'Needs you'))).toBe('Needs you3 runs retrying for 15 min or longer');
  await expect
    .poll(() => textOf(section(box, 'Health')))
    .toBe('HealthWorkers 3/4Every part answersTemporal ok, 3 msDatabase ok, < 1 ms2 starts behind, the longest by 1 m 15 s');
  await expectAccessible(box);
});

test('what fails is said in its own place with the way to try again, and takes nothing else with it', async () => {
  let isWell = false;
  const refusal = (status: number, title: string, type = 'about:blank') =>
    Response.json({ type, title, status }, { status, headers: { 'x-request-id': 'req-7' } });
  const box = open(({ path, search }) => {
    if (isWell) return undefined;
    if (path === '/runs/stats' || path === '/queues/busiest') return refusal(500, 'Internal error');
    if (path === '/runs/count' && search.get('status') === 'lost') return refusal(503, 'too busy', 'too_slow');
    return path === '/runs' ? refusal(500, 'Internal error') : undefined;
  });
  await expect.poll(() => textOf(section(box, 'Queues'))).toMatch(/^QueuesThis could not be loaded.Internal error/);
  await expect.poll(() => textOf(section(box, 'Worst of the last 24 h'))).toContain('This could not be loaded.');
  await expect.poll(() => textOf(section(box, 'Needs you'))).toContain('3 runs retrying');
  await expect.poll(() => textOf(section(box, 'Needs you'))).toContain('Could not be counted just now: what is lost.');
  await expect.poll(() => textOf(section(box, 'Health'))).toContain('Workers 3/4');
  expect(box.textContent).not.toMatch(/What you see stood|Nothing waits/);
  await expectAccessible(box);
  isWell = true;
  [...(section(box, 'Queues')?.querySelectorAll('button') ?? [])].find((one) => one.innerText.trim() === 'Try again')?.click();
  await expect.poll(() => textOf(section(box, 'Queues'))).toContain('remote@Asia/Tokyo');
});

test('while nobody knows whether the first steps stand here, the place is kept and nothing is drawn that they would take away', async () => {
  const asked: string[] = [];
  let tell = (_: unknown) => {};
  const targets = new Promise((resolve) => {
    tell = resolve;
  });
  const box = open(({ path }) => {
    asked.push(path);
    if (path === '/me') return someone('run:read', 'worker:read', 'target:read');
    return path === '/targets' ? targets : undefined;
  }, []);
  await expect.poll(() => textOf(section(box, 'Health'))).toContain('Workers 3/4');
  const below = () => section(box, 'Health')?.getBoundingClientRect().top ?? 0;
  await expect.poll(() => box.querySelector('[aria-busy] .bg-bg2')).not.toBeNull();
  expect(below()).toBeGreaterThan(400);
  tell({ items: [], next: null });
  await expect.poll(() => textOf(section(box, 'First steps'))).toContain('Add a target and test its connection');
  expect(asked).not.toContain('/runs/histogram');
  expect(asked).not.toContain('/queues/busiest');
});

test('once all first steps have happened they are put away, and nobody waits for what they are ticked from', async () => {
  const item = { name: 'a', sample: false, last_check: { healthy: true } };
  const asked: string[] = [];
  const box = open(({ path }) => {
    asked.push(path);
    if (path === '/me') return someone('run:read', 'worker:read', 'credential:read', 'target:read', 'job:read', 'schedule:read');
    return ['/credentials', '/targets', '/jobs', '/runs', '/schedules'].includes(path) ? { items: [item], next: null } : undefined;
  }, []);
  await expect.poll(() => textOf(section(box, 'Queues'))).toContain('remote@Asia/Tokyo');
  expect(usePreferences().now().dismissed).toEqual(['first-steps']);
  expect(asked).toContain('/targets');
  asked.length = 0;
  const again = open(({ path }) => void asked.push(path));
  await expect.poll(() => textOf(section(again, 'Queues'))).toContain('remote@Asia/Tokyo');
  expect(asked).not.toContain('/targets');
});
