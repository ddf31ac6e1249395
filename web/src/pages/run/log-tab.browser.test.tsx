import { createSignal } from 'solid-js';
import { expect, test } from 'vitest';
import type { LogLine, LogPage, RunView, StepSummary } from '../../api/views.ts';
import { LiveProvider } from '../../live/Live.tsx';
import { type Asked, answer } from '../../testing/answers.ts';
import { expectAccessible } from '../../testing/draw.tsx';
import { drawAt, someone } from '../../testing/place.tsx';
import { planned, ran, step } from '../../testing/steps.ts';
import { LogTab } from './LogTab.tsx';
import { stepRows } from './rows.ts';

const lineOf = (n: number, text = `line ${n}`): LogLine => ({
  n,
  at: '2026-10-25T01:00:03.204Z',
  stream: 'stdout',
  level: 'info',
  text,
  attempt: 1,
});

/** Draws the log of a run's first step, which has these lines at most a few at a time. */
const show = (status: RunView['status'], first: StepSummary | null, log: (asked: Asked) => unknown) => {
  const asked = answer((one) => {
    if (one.path === '/me') return someone('run:read');
    if (one.path.endsWith('/groups')) return { items: [], truncated: false };
    return one.path.endsWith('/log') ? log(one) : undefined;
  });
  const [now, setNow] = createSignal({ status, first });
  const run = () => ({ id: 'r1', status: now().status }) as RunView;
  const rows = () => stepRows([planned('copy')], now().first ? [now().first as StepSummary] : [], now().status === 'completed');
  const { box } = drawAt('/runs/r1/log', [
    {
      path: '/runs/:id/log',
      page: () => (
        <LiveProvider>
          <div class="flex h-120 flex-col">
            <LogTab run={run()} rows={rows()} chosen={rows()[0]} touched={() => undefined} />
          </div>
        </LiveProvider>
      ),
    },
  ]);
  return { box, asked, setNow };
};

const pageOf = (lines: readonly LogLine[], total = lines.length): LogPage => ({
  items: lines,
  first: lines[0]?.n ?? 0,
  total,
  first_error_line: null,
});
const nothing = () => pageOf([]);

test('a log without lines says why, whatever became of its run and its step', async () => {
  const { box, setNow } = show('queued', null, nothing);
  await expect.poll(() => box.textContent).toContain('The run has not started yet; what the step writes will appear here.');
  await expectAccessible(box);
  setNow({ status: 'running', first: null });
  expect(box.textContent).toContain('The step has not started.');
  setNow({ status: 'completed', first: null });
  expect(box.textContent).toContain('The step was not executed, so it has no log.');
  setNow({ status: 'completed', first: step('copy', 'skipped') });
  expect(box.textContent).toContain('The step was not executed, so it has no log.');
  setNow({ status: 'running', first: ran('copy', 'running', 0, null) });
  await expect.poll(() => box.textContent).toContain('No output yet.');
  setNow({ status: 'completed', first: ran('copy', 'completed', 0, 1) });
  expect(box.textContent).toContain('No output.');
  setNow({ status: 'lost', first: ran('copy', 'lost', 0, 1) });
  expect(box.textContent).toContain('No output arrived before the step was lost.');
});

test('the log of a lost step says that its end may be missing', async () => {
  const { box } = show('lost', ran('copy', 'lost', 0, 1), () => pageOf([lineOf(1), lineOf(2)]));
  await expect.poll(() => box.textContent).toContain('line 2');
  expect(box.textContent).toContain('Lost: what it wrote last may be missing.');
});

test.each([
  [503, 'the query took longer than 5 s', 'The server took too long to answer.'],
  [404, 'run r1 has no step copy', 'This does not exist, or no longer does.'],
])('a first load that fails with %i says so, and not that something older is shown', async (status, title, says) => {
  const { box } = show('running', ran('copy', 'running', 0, null), () => Response.json({ title }, { status }));
  await expect.poll(() => box.textContent).toContain(says);
  expect(box.textContent).toContain(title);
  expect(box.textContent).not.toContain('older');
  expect(box.textContent).not.toContain('0 lines');
  await expectAccessible(box);
});

test('of lines so long that an answer has only some, the others are fetched too', async () => {
  const total = 40;
  const { box, asked } = show('running', ran('copy', 'running', 0, null), ({ search }) => {
    const from = Number(search.get('from'));
    const first = from < 0 ? total - 2 : from;
    return pageOf(
      [first, first + 1, first + 2].filter((n) => n <= total).map((n) => lineOf(n, `line ${n} ${'x'.repeat(20_000)}`)),
      total,
    );
  });
  const texts = () => [...box.querySelectorAll('[data-row]')].flatMap((row) => [row.textContent?.match(/line \d+/)?.[0]]);
  await expect.poll(() => texts().at(-1)).toBe('line 40');
  await expect.poll(texts).not.toContain(undefined);
  expect(asked.filter(({ path }) => path.endsWith('/log')).length).toBeGreaterThan(5);
});
