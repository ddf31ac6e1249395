import { createMemo, createRoot, createSignal, Show } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { type TableSteer, VirtualTable, type VirtualTableProps } from './VirtualTable.tsx';

interface Row {
  readonly id: string;
  readonly bad?: boolean;
}

const many = (count: number, from = 0): Row[] => Array.from({ length: count }, (_, at) => ({ id: `r${from + at}` }));

const show = (first: readonly Row[], more: Partial<VirtualTableProps<Row>> = {}) => {
  const [rows, setRows] = createSignal(first);
  const [active, setActive] = createSignal<string | null>(null);
  const [widths, setWidths] = createSignal<Record<string, number>>({});
  let steer: TableSteer | undefined;
  const box = draw(() => (
    <div class="flex h-96 w-[600px] flex-col">
      <Show when={rows().length > 0}>
        <VirtualTable
          caption="Things"
          columns={[
            {
              id: 'name',
              head: 'Name',
              width: 100,
              grow: 1,
              cell: (row: Row, tab) => (
                <a href="#x" tabindex={tab()}>
                  {row.id}
                </a>
              ),
            },
            { id: 'size', head: 'Size', width: 80, align: 'right', cell: (row: Row) => row.id.length },
          ]}
          rows={rows()}
          keyOf={(row) => row.id}
          rowHeight={32}
          hasUnder={(row) => row.bad === true}
          under={() => 'why'}
          place={`test-${Math.random()}`}
          active={active()}
          onActive={setActive}
          widths={widths()}
          onResize={(column, width) => setWidths({ ...widths(), [column]: width })}
          steer={(given) => {
            steer = given;
          }}
          {...more}
        />
      </Show>
    </div>
  ));
  const table = () => box.querySelector('[role=grid]') as HTMLElement;
  const row = (id: string) => box.querySelector<HTMLElement>(`[data-row=${id}]`);
  return { box, table, row, rows, setRows, active, steer: () => steer as TableSteer };
};

const focused = () => document.activeElement?.getAttribute('data-row');
const press = (key: string) =>
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

test('of many rows those on screen exist, each with its number, and nothing is wrong for a reader of any kind', async () => {
  const { box, row, table } = show(many(5000), { total: 5000 });
  await expect.poll(() => row('r3')?.getAttribute('aria-rowindex')).toBe('5');
  expect(box.querySelectorAll('[data-row]').length).toBeLessThan(60);
  expect(table().getAttribute('aria-rowcount')).toBe('5001');
  await expectAccessible(box);
});

test('rows that come before the first one leave the reader where they were', async () => {
  const { table, row, setRows } = show(many(500, 1000));
  await expect.poll(() => row('r1000')).toBeTruthy();
  table().scrollTop = 3210;
  await expect.poll(() => row('r1100')).toBeTruthy();
  const before = row('r1102')?.getBoundingClientRect().top;
  setRows(many(550, 950));
  await expect.poll(() => table().scrollTop).toBe(3210 + 50 * 32);
  await expect.poll(() => row('r1102')?.getBoundingClientRect().top).toBe(before);
});

test('a row that gains a second line moves only those below it', async () => {
  const { row, setRows } = show(many(50));
  await expect.poll(() => row('r5')).toBeTruthy();
  const above = row('r2')?.getBoundingClientRect().top;
  const below = row('r5')?.getBoundingClientRect().top ?? 0;
  setRows(many(50).map((one) => (one.id === 'r3' ? { ...one, bad: true } : one)));
  await expect.poll(() => row('r5')?.getBoundingClientRect().top).toBe(below + 20);
  expect(row('r2')?.getBoundingClientRect().top).toBe(above);
});

test('keys move one focus through the rows, which stays while its row is scrolled away', async () => {
  const onOpen = vi.fn();
  const { table, row, steer, active } = show(many(500), { onOpen });
  await expect.poll(() => row('r0')).toBeTruthy();
  steer().focus();
  await expect.poll(focused).toBe('r0');
  press('ArrowDown');
  press('ArrowDown');
  await expect.poll(focused).toBe('r2');
  expect(row('r2')?.querySelector('a')?.tabIndex).toBe(0);
  expect(row('r1')?.querySelector('a')?.tabIndex).toBe(-1);
  table().scrollTop = 8000;
  await expect.poll(() => row('r250')).toBeTruthy();
  expect(focused()).toBe('r2');
  press('Enter');
  expect(onOpen).toHaveBeenCalledWith(expect.objectContaining({ id: 'r2' }));
  steer().to('end');
  await expect.poll(() => active()).toBe('r499');
  await expect.poll(focused).toBe('r499');
});

test('coming near either end asks for what is beyond it', async () => {
  const nearEnd = vi.fn();
  const nearStart = vi.fn();
  const { table, row } = show(many(200), { nearEnd, nearStart, begin: 'end' });
  await expect.poll(() => row('r199')).toBeTruthy();
  await expect.poll(() => nearEnd.mock.calls.length).toBeGreaterThan(0);
  nearStart.mockClear();
  table().scrollTop = 0;
  await expect.poll(() => nearStart.mock.calls.length).toBeGreaterThan(0);
});

test('a head sorts, the heads are one stop of Tab, and Shift with arrows makes a column wider', async () => {
  const onSort = vi.fn();
  const { box } = show(many(5), { sortable: ['size'], sorting: { column: 'size', direction: 'descending' }, onSort });
  await expect.poll(() => box.querySelector('[aria-sort=descending]')).toBeTruthy();
  const head = box.querySelector('[aria-sort=descending]') as HTMLElement;
  head.querySelector('button')?.click();
  expect(onSort).toHaveBeenCalledWith('size');
  const stops = [...box.querySelectorAll<HTMLElement>('[data-head-stop]')];
  expect(stops.map(({ tabIndex }) => tabIndex)).toEqual([0, -1]);
  stops[0]?.focus();
  press('ArrowRight');
  expect(document.activeElement).toBe(head.querySelector('button'));
  expect(stops.map(({ tabIndex }) => tabIndex)).toEqual([-1, 0]);
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', shiftKey: true, bubbles: true }));
  await expect.poll(() => head.clientWidth).toBe(96);
  const edge = head.querySelector<HTMLElement>('[data-edge]') as HTMLElement;
  expect(edge.getBoundingClientRect().width).toBeGreaterThanOrEqual(24);
});

test('Home and End go to the ends of all rows, which may not be here', async () => {
  const onEnd = vi.fn();
  const { row, steer } = show(many(200), { onEnd });
  await expect.poll(() => row('r0')).toBeTruthy();
  steer().focus();
  await expect.poll(focused).toBe('r0');
  press('End');
  press('Home');
  expect(onEnd.mock.calls).toEqual([['end'], ['start']]);
});

test('Home and End go to the first and the last row where those here are all', async () => {
  const { row, steer } = show(many(200));
  await expect.poll(() => row('r0')).toBeTruthy();
  steer().focus();
  await expect.poll(focused).toBe('r0');
  press('End');
  await expect.poll(focused).toBe('r199');
  press('Home');
  await expect.poll(focused).toBe('r0');
});

test('other rows in place of as many are drawn, also those that come while the table is being made', async () => {
  const { row, rows, setRows } = show(many(50));
  await expect.poll(() => row('r0')).toBeTruthy();
  setRows(many(50, 1000));
  await expect.poll(() => row('r1000')).toBeTruthy();
  setRows([]);
  const others = many(50, 2000).map((one) => ({ ...one, bad: true }));
  const dispose = createRoot((end) => {
    createMemo(() => rows()[0]?.id === 'r0' && setRows(others));
    return end;
  });
  setRows(many(50));
  await expect.poll(() => row('r2000')?.textContent).toContain('why');
  expect(row('r2001')?.getBoundingClientRect().top).toBe((row('r2000')?.getBoundingClientRect().top ?? 0) + 52);
  dispose();
});
