import { MemoryRouter, Route } from '@solidjs/router';
import { createMemo, createSignal } from 'solid-js';
import { expect, onTestFinished, test, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import type { StepSummary } from '../../../api/views.ts';
import { draw, expectAccessible } from '../../../testing/draw.tsx';
import { planned, ran, second, step } from '../../../testing/steps.ts';
import { type StepRow, stepRows } from '../rows.ts';
import { entriesOf } from './entries.ts';
import { lineOf } from './line.ts';
import { Timeline } from './Timeline.tsx';

const run = { status: 'failed', created_at: second(0), started_at: second(0), ended_at: second(600) } as const;

const show = (rows: () => readonly StepRow[], more: { chosen?: string; opened?: ReadonlySet<string>; touched?: () => void } = {}) => {
  const zoomed = vi.fn();
  const toggled = vi.fn();
  const Drawn = () => {
    const look = { problems: false, filter: '', chosen: more.chosen, opened: more.opened ?? new Set<string>() };
    const entries = createMemo(() => entriesOf(rows(), look));
    const line = createMemo(() => lineOf({ run, rows: rows(), attempts: null, zoom: null, squeeze: true }, 0));
    return (
      <Timeline
        run={run}
        rows={rows()}
        entries={entries()}
        line={line()}
        attempts={null}
        chosen={more.chosen}
        hrefOf={(key) => `/runs/r1/timeline?step=${encodeURIComponent(key)}`}
        toggle={toggled}
        zoomTo={zoomed}
        touched={more.touched ?? (() => {})}
      />
    );
  };
  const box = draw(() => (
    <MemoryRouter root={(props) => <div class="[--view:400px]">{props.children}</div>}>
      <Route path="*" component={Drawn} />
    </MemoryRouter>
  ));
  return { box, zoomed, toggled };
};
const items = (box: HTMLElement) => [...box.querySelectorAll('li')].map((item) => item.textContent?.replace(/\s+/g, ' ').trim() ?? '');

const parts = (count: number, statusOf: (n: number) => StepSummary['status']) =>
  stepRows(
    [planned('ping'), planned('after', { needs: ['ping'] }), planned('ping.compensate', { phase: 'undo' })],
    [
      ran('ping', 'failed', 0, 600, { parts: count, parts_by_status: { completed: count - 1, failed: 1 } }),
      ...Array.from({ length: count }, (_, n) => ran(`ping[${n}]`, statusOf(n), n % 500, (n % 500) + 20, { target: `edge-${n}` })),
      step('after', 'skipped', { message: 'a step it needs did not complete' }),
      ran('ping.compensate', 'completed', 590, 600),
    ],
  );

test('of five thousand steps only those on screen exist, wherever the reader is, and what undoes stands apart', async () => {
  const rows = parts(5000, () => 'failed');
  const { box } = show(() => rows);
  await expect.poll(() => items(box).length).toBeGreaterThan(5);
  expect(items(box).length).toBeLessThan(60);
  const list = box.querySelector('ol') as HTMLElement;
  expect(list.querySelector('li')?.getAttribute('aria-setsize')).toBe('5003');
  const scroller = list.parentElement as HTMLElement;
  scroller.scrollTop = scroller.scrollHeight;
  await expect.poll(() => items(box).at(-1)).toContain('ping.compensate');
  expect(items(box).join('|')).toContain('Undone, the last that ended first');
  expect(items(box).join('|')).toContain('a step it needs did not complete');
  expect(items(box).length).toBeLessThan(60);
});

test('completed parts are one line that says how many, and the reader finds the failed one between them', async () => {
  const rows = parts(5000, (n) => (n === 3_210 ? 'failed' : 'completed'));
  const { box, toggled } = show(() => rows);
  await expect.poll(() => items(box).length).toBeGreaterThan(4);
  expect(items(box).slice(0, 4)).toEqual([
    expect.stringContaining('1 of 5,000 failed'),
    '3,210 completed',
    expect.stringContaining('edge-3210'),
    '1,789 completed',
  ]);
  const fold = box.querySelector<HTMLButtonElement>('button[aria-expanded="false"]');
  fold?.click();
  expect(toggled).toHaveBeenCalledExactlyOnceWith('fold ping[0]');
  await expectAccessible(box);
});

test('the chosen step is brought into view, and the row with the focus stays when it is scrolled away', async () => {
  const rows = parts(2000, () => 'failed');
  const touched = vi.fn();
  const { box } = show(() => rows, { chosen: 'ping[1500]', touched });
  await expect.poll(() => box.querySelector('[aria-current="true"]')?.textContent).toContain('edge-1500');
  const link = box.querySelector<HTMLElement>('[aria-current="true"]');
  link?.focus();
  const scroller = box.querySelector('ol')?.parentElement as HTMLElement;
  scroller.dispatchEvent(new WheelEvent('wheel'));
  expect(touched).toHaveBeenCalled();
  scroller.scrollTop = 0;
  await expect.poll(() => items(box).join('|')).toContain('edge-3');
  expect(document.activeElement).toBe(link);
});

test('a row that ends while it is looked at changes in place', async () => {
  const plan = [planned('fetch'), planned('show', { needs: ['fetch'] })];
  const before = [ran('fetch', 'completed', 0, 10), ran('show', 'running', 12, null, { progress: 40, progress_message: 'line 40 of 100' })];
  const [steps, setSteps] = createSignal<readonly StepSummary[]>(before);
  const { box } = show(() => stepRows(plan, steps()));
  await expect.poll(() => items(box).join('|')).toContain('line 40 of 100');
  const row = box.querySelectorAll('li')[1];
  expect(row?.querySelector('[role="img"]')?.getAttribute('aria-label')).toBe('Running');
  setSteps([before[0] as StepSummary, ran('show', 'completed', 12, 30)]);
  await expect.poll(() => row?.querySelector('[role="img"]')?.getAttribute('aria-label')).toBe('Completed');
  expect(box.querySelectorAll('li')[1]).toBe(row);
});

test('attempts, pauses and waits differ in pattern and not in colour alone', async () => {
  const attempts = [
    { attempt: 1, status: 'failed' as const, started_at: second(20), ended_at: second(30) },
    { attempt: 2, status: 'completed' as const, started_at: second(60), ended_at: second(90) },
  ];
  const rows = stepRows(
    [planned('fetch'), planned('show', { needs: ['fetch'] })],
    [
      ran('fetch', 'completed', 0, 10),
      step('show', 'completed', { attempt: 2, attempts, started_at: second(20), ended_at: second(90), duration_ms: 70_000 }),
    ],
  );
  const { box } = show(() => rows);
  await expect.poll(() => items(box).length).toBe(2);
  const bars = [...(box.querySelectorAll('li')[1]?.querySelectorAll('[title^="Attempt"], [title*="before"], [title^="Waited"]') ?? [])];
  expect(bars.map((bar) => bar.getAttribute('title'))).toEqual([
    'Waited 10 s until it began',
    'Attempt 1: Failed, 10 s',
    '30 s before the next attempt',
    'Attempt 2: Completed, 30 s',
  ]);
  const patterns = bars.map((bar) => getComputedStyle(bar).backgroundImage.split('(')[0]);
  expect(patterns).toEqual(['radial-gradient', 'none', 'repeating-linear-gradient', 'none']);
});

test('where the system chooses the colours, bars keep a fill in the colour of text, and the chosen row a line', async () => {
  const protocol = cdp() as unknown as { send(method: string, parameters: object): Promise<unknown> };
  const emulated = (value: 'active' | 'none') =>
    protocol.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value }] });
  await emulated('active');
  onTestFinished(async () => {
    await emulated('none');
  });
  const rows = stepRows([planned('fetch'), planned('show')], [ran('fetch', 'failed', 5, 10), ran('show', 'completed', 5, 20)]);
  const { box } = show(() => rows, { chosen: 'show' });
  await expect.poll(() => items(box).length).toBe(2);
  const text = getComputedStyle(box).color;
  const of = (title: string) => getComputedStyle(box.querySelector(`[title^="${title}"]`) ?? expect.unreachable(title));
  expect(of('Attempt 1: Failed').backgroundColor).toBe(text);
  expect(of('Waited').backgroundImage).toContain(text);
  const outlined = [...box.querySelectorAll('li a')].map((link) => getComputedStyle(link).outlineStyle);
  expect(outlined).toEqual(['none', 'solid']);
});
