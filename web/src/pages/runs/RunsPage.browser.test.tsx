import { createMemoryHistory, MemoryRouter, Route } from '@solidjs/router';
import { QueryClient, QueryClientProvider } from '@tanstack/solid-query';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { Keys } from '../../actions/Keys.tsx';
import { Toasts } from '../../components/Toasts.tsx';
import { LiveProvider } from '../../live/Live.tsx';
import { SessionProvider } from '../../session/session.tsx';
import { type Asked, answer } from '../../testing/answers.ts';
import { draw } from '../../testing/draw.tsx';
import { RunsPage } from './RunsPage.tsx';
import type { ListedRun } from './views.ts';

const ME = {
  user: { id: 'u1', name: 'ada' },
  roles: ['admin'],
  permissions: ['run:read', 'run:start', 'run:cancel', 'run:steer', 'run:delete', 'account:own'],
  must_change_password: false,
};

const idOf = (number: number) => `018f0000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const run = (number: number, more: Partial<ListedRun> = {}): ListedRun =>
  ({
    id: idOf(number),
    number,
    seq: 1,
    job: `job-${number}`,
    version: 3,
    status: 'completed',
    waiting_for: null,
    error_message: null,
    retry_error: null,
    message: null,
    client: null,
    ref_num: null,
    target: null,
    timezone: null,
    worker_id: null,
    schedule: null,
    priority: 5,
    progress: 0,
    trigger: 'manual',
    created_by: 'ada',
    total_steps: 5,
    completed_steps: 2,
    failed_steps: 0,
    retry_count: 0,
    sample: false,
    started_at: '2026-10-25T01:00:03Z',
    ended_at: '2026-10-25T01:01:15Z',
    created_at: '2026-10-25T01:00:00Z',
    updated_at: `2026-10-25T01:01:15.000Z`,
    execution_time_ms: 72_000,
    ...more,
  }) as ListedRun;

/** A page of runs as the API reads it: newest first, after or before an id, or from the end. */
const pageOf = (runs: readonly ListedRun[], search: URLSearchParams) => {
  const status = search.get('status')?.split(',');
  const [limit, after, before] = [Number(search.get('limit')), search.get('after'), search.get('before')];
  const all = runs.filter((one) => !status || status.includes(one.status)).toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const left = all.filter(({ id }) => (!after || id < after) && (!before || id > before));
  const back = before !== null || search.get('from') === 'end';
  const items = back ? left.slice(-limit) : left.slice(0, limit);
  const more = left.length > limit;
  return {
    items,
    next: (back ? before !== null : more) ? (items.at(-1)?.id ?? null) : null,
    prev: (back ? more : after !== null) ? (items[0]?.id ?? null) : null,
  };
};

/** The list of runs of an API that has these, at an address; `also` answers in its place where it answers at all. */
const open = (address: string, runs: readonly ListedRun[], also: (asked: Asked) => unknown = () => undefined) => {
  let stream: EventTarget | undefined;
  let heard = false;
  const { EventSource } = globalThis;
  globalThis.EventSource = class extends EventTarget {
    constructor() {
      super();
      stream = this;
      queueMicrotask(() => {
        this.dispatchEvent(new MessageEvent('open'));
        heard = true;
      });
    }
    close() {}
  } as unknown as typeof EventSource;
  const asked = answer(async (one) => {
    const said = await also(one);
    if (said !== undefined) return said;
    if (one.path === '/me') return ME;
    if (one.path === '/me/preferences') return {};
    if (one.path === '/runs') return pageOf(runs, one.search);
    if (one.path === '/runs/count')
      return {
        count: pageOf(runs, new URLSearchParams({ ...Object.fromEntries(one.search), limit: '99999' })).items.length,
        more: false,
        at: '2026-10-25T01:00:00Z',
      };
    if (one.path === '/runs/histogram') return { from: '2026-10-25T01:00:00Z', ms: 60_000, buckets: 1, counted_by: 'accepted', items: [] };
    if (one.path === '/views') return { items: [] };
    return undefined;
  });
  const history = createMemoryHistory();
  history.set({ value: address });
  const box = draw(() => (
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SessionProvider>
        <MemoryRouter
          history={history}
          root={(props) => (
            <LiveProvider>
              <Keys />
              <Toasts />
              <div class="flex h-[600px] w-[1200px] flex-col">{props.children}</div>
            </LiveProvider>
          )}
        >
          <Route path="/runs" component={RunsPage} />
          <Route path="*" component={() => <p>elsewhere</p>} />
        </MemoryRouter>
      </SessionProvider>
    </QueryClientProvider>
  ));
  onTestFinished(() => {
    globalThis.EventSource = EventSource;
  });
  return {
    box,
    lists: () => asked.filter(({ path }) => path === '/runs').map(({ search }) => search),
    asked,
    at: () => history.get(),
    go: (value: string) => history.set({ value }),
    /** The API tells of a run, once it is listened to. */
    tell: async (one: ListedRun) => {
      await expect.poll(() => heard).toBe(true);
      stream?.dispatchEvent(
        new MessageEvent('message', { data: JSON.stringify({ topic: 'runs', run: one }), lastEventId: `e-${one.seq}` }),
      );
    },
    /** The API has lost count of what it told. */
    resync: async () => {
      await expect.poll(() => heard).toBe(true);
      stream?.dispatchEvent(new MessageEvent('resync', { data: '{}', lastEventId: 'e-9' }));
    },
    text: () => box.textContent ?? '',
    rows: () => [...box.querySelectorAll<HTMLElement>('[data-row]')],
    button: (name: string) => [...document.querySelectorAll('button')].find((one) => one.innerText.trim() === name),
  };
};

const focusedRow = () => document.activeElement?.getAttribute('data-row');
const many = (count: number, more: Partial<ListedRun> = {}) => Array.from({ length: count }, (_, at) => run(at + 1, more));

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test('an older run that comes to match an empty list appears in it, and one within a longer list waits to be shown', async () => {
  const runs = [...many(5), run(6, { status: 'running' })];
  const { text, tell, rows, button } = open('/runs?layout=table&status=failed', runs);
  await expect.poll(text).toContain('No run matches these filters.');
  const failed = run(3, { status: 'failed', seq: 2, updated_at: '2026-10-25T02:00:00Z' });
  runs[2] = failed;
  await tell(failed);
  await expect.poll(() => rows().map((row) => row.dataset.row)).toEqual([idOf(3)]);
  const older = run(2, { status: 'failed', seq: 2, updated_at: '2026-10-25T02:00:01Z' });
  runs[1] = older;
  await tell(older);
  await expect.poll(() => button('1 new run: show')).toBeTruthy();
  await tell({ ...older, status: 'running', seq: 3 });
  await expect.poll(() => button('1 new run: show')).toBeFalsy();
});

test('whoever has new runs shown by a key goes on at the newest', async () => {
  const runs = many(30);
  const { rows, tell, button } = open('/runs?layout=table', runs);
  await expect.poll(() => rows().length).toBeGreaterThan(5);
  const newest = run(31, { seq: 2 });
  await tell(newest);
  await expect.poll(() => button('1 new run: show')).toBeTruthy();
  runs.push(newest);
  button('1 new run: show')?.focus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(focusedRow).toBe(newest.id);
});

test('rows stay while another list is read and when it takes too long, with a narrower time on offer; nothing is said twice', async () => {
  const held = Promise.withResolvers<void>();
  const slow = Response.json({ type: 'too_slow', title: 'Too slow', detail: 'too slow' }, { status: 503 });
  const { rows, text, box, go } = open('/runs?layout=table', many(30), async ({ path, search }) => {
    if (path !== '/runs' || search.get('job') !== 'job-*') return undefined;
    await held.promise;
    return slow.clone();
  });
  await expect.poll(() => rows().length).toBeGreaterThan(5);
  const row = rows()[0];
  go('/runs?layout=table&job=job-*');
  await expect.poll(() => box.querySelector('[aria-busy=true] [role=grid]')).toBeTruthy();
  expect(rows()[0]).toBe(row);
  held.resolve();
  await expect.poll(text).toContain('This takes too long over so much time. The rows below are those from before.');
  expect(rows()[0]).toBe(row);
  expect(box.querySelectorAll('[role=alert]')).toHaveLength(0);
});

test('End and Home are one request each, give the focus to the last and the first run of all, and never return to where the reader was', async () => {
  const { rows, lists, box } = open('/runs?layout=table', many(900));
  await expect.poll(() => rows().length).toBeGreaterThan(5);
  const grid = () => box.querySelector('[role=grid]') as HTMLElement;
  grid().scrollTop = 800;
  await expect.poll(() => rows().some((row) => row.dataset.row === idOf(870))).toBe(true);
  rows()
    .find((row) => row.dataset.row === idOf(870))
    ?.focus();
  await userEvent.keyboard('{End}');
  await expect.poll(focusedRow).toBe(idOf(1));
  expect(lists().filter((search) => search.get('from') === 'end')).toHaveLength(1);
  const before = lists().length;
  await userEvent.keyboard('{Home}');
  await expect.poll(focusedRow).toBe(idOf(900));
  await expect.poll(() => grid().scrollTop).toBe(0);
  const first = lists()
    .slice(before)
    .filter((search) => !search.has('after') && !search.has('before'));
  expect(first).toHaveLength(1);
});

test('when news may have been missed, of a long list what is on screen is read again, and it stays where it is', async () => {
  const { rows, lists, box, resync } = open('/runs?layout=table', many(2000));
  await expect.poll(() => rows().length).toBeGreaterThan(5);
  const grid = box.querySelector('[role=grid]') as HTMLElement;
  for (const last of [1951, 1751, 1551, 1351]) {
    grid.scrollTop = grid.scrollHeight;
    await expect.poll(() => lists().some((search) => search.get('after') === idOf(last))).toBe(true);
    await expect.poll(() => grid.scrollHeight).toBeGreaterThan((2000 - last) * 32 + 3200);
  }
  const looked = () => rows().map((row) => row.dataset.row);
  await expect.poll(looked).toContain(idOf(1340));
  const [before, top] = [
    lists().length,
    rows()
      .find((row) => row.dataset.row === idOf(1345))
      ?.getBoundingClientRect().top,
  ];
  await resync();
  await expect.poll(() => lists().length).toBeGreaterThan(before);
  await expect.poll(() => box.querySelector('[role=status][aria-label="Refreshing"]')).toBe(null);
  expect(lists().length - before).toBeLessThanOrEqual(3);
  expect(
    rows()
      .find((row) => row.dataset.row === idOf(1345))
      ?.getBoundingClientRect().top,
  ).toBe(top);
});

test('cards begun at the end stand at the end and ask for what is before only when the reader comes near', async () => {
  const { box, lists } = open('/runs?layout=cards&from=end', many(3000));
  await expect.poll(() => box.querySelector(`[data-card="${idOf(1)}"]`)).toBeTruthy();
  await expect.poll(() => box.querySelector(`[data-card="${idOf(1)}"] article`)?.getBoundingClientRect().bottom ?? 9999).toBeLessThan(900);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(lists().filter((search) => search.has('before')).length).toBeLessThanOrEqual(1);
});

test('a card that changes keeps the focus that is in it', async () => {
  const { box, tell } = open('/runs?layout=cards', many(10, { status: 'failed' }));
  await expect.poll(() => box.querySelector(`[data-card="${idOf(9)}"] a`)).toBeTruthy();
  const link = box.querySelector<HTMLElement>(`[data-card="${idOf(9)}"] a`);
  link?.focus();
  await tell(run(9, { status: 'completed', seq: 2 }));
  await expect.poll(() => box.querySelector(`[data-card="${idOf(9)}"]`)?.textContent).toContain('Completed');
  expect(document.activeElement).toBe(link);
});

test('a space that is typed into a chip stays, and what was not taken over yet is not when the reader has left', async () => {
  const { button, at, go, text } = open('/runs?layout=table', many(3));
  await expect.poll(() => button('Job')).toBeTruthy();
  await userEvent.click(button('Job') as HTMLElement);
  await expect.poll(() => document.activeElement?.tagName).toBe('INPUT');
  await userEvent.keyboard('edge backup');
  await expect.poll(at).toBe('/runs?job=edge+backup&layout=table');
  await userEvent.keyboard(' ');
  await new Promise((resolve) => setTimeout(resolve, 600));
  await userEvent.keyboard('x');
  await expect.poll(at).toBe('/runs?job=edge+backup+x&layout=table');
  await userEvent.keyboard('y');
  go('/elsewhere');
  await expect.poll(text).toContain('elsewhere');
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(at()).toBe('/elsewhere');
});

test('all that match stay chosen as a whole, and are done as they were looked at: none that came later, not more than was said', async () => {
  const preview = { at: '2026-10-25T03:00:00.000Z', total: 3, too_many: false, eligible: 3, running: 0, left_alone: [] };
  let refused = false;
  const { button, rows, asked } = open('/runs?layout=table&status=failed', many(3, { status: 'failed' }), ({ path }) => {
    if (path === '/runs/bulk/preview') return preview;
    if (path !== '/runs/bulk') return undefined;
    refused = true;
    return Response.json({ title: 'Changed meanwhile', detail: '5 match by now' }, { status: 412 });
  });
  await expect.poll(() => rows().length).toBe(3);
  rows()[0]?.querySelector<HTMLInputElement>('input')?.click();
  await expect.poll(() => button('Choose all 3 matching')).toBeTruthy();
  button('Choose all 3 matching')?.click();
  const box = rows()[1]?.querySelector<HTMLInputElement>('input');
  await expect.poll(() => box?.ariaDisabled).toBe('true');
  box?.click();
  expect(box?.checked).toBe(true);
  await userEvent.click(button('Retry') as HTMLElement);
  await expect.poll(() => button('Retry 3')).toBeTruthy();
  button('Retry 3')?.click();
  await expect.poll(() => refused).toBe(true);
  const sent = asked.find(({ path }) => path === '/runs/bulk')?.body;
  expect(sent).toMatchObject({ filter: { status: ['failed'], until: preview.at }, most: 3 });
  await expect.poll(() => asked.filter(({ path }) => path === '/runs/bulk/preview').length).toBe(2);
  await expect.poll(() => document.querySelector('[role=dialog]')?.textContent).toContain('5 match by now');
});

test('what is active is not chosen once it is no longer in the list', async () => {
  const { rows, go, text } = open('/runs?layout=table', [...many(3), run(9, { status: 'failed' })]);
  await expect.poll(() => rows().length).toBe(4);
  rows()
    .find((row) => row.dataset.row === idOf(2))
    ?.focus();
  go('/runs?layout=table&status=failed');
  await expect.poll(() => rows().length).toBe(1);
  (document.activeElement as HTMLElement | null)?.blur();
  await userEvent.keyboard('x');
  expect(text()).not.toContain('chosen');
});

test('a retry whose answer was lost is asked for again as the same try, and the next one is another', async () => {
  let lost = true;
  const { rows, asked } = open('/runs?layout=table', many(1, { status: 'failed' }), ({ path }) => {
    if (!path.endsWith('/retry')) return undefined;
    return lost ? new TypeError('Failed to fetch') : run(2, { status: 'queued' });
  });
  await expect.poll(() => rows().length).toBe(1);
  const keys = () => asked.filter(({ path }) => path.endsWith('/retry')).map(({ headers }) => headers.get('idempotency-key'));
  const icon = () => rows()[0]?.querySelector<HTMLElement>('button');
  for (const tries of [1, 2, 3]) {
    await expect.poll(() => icon()?.ariaDisabled).toBe(null);
    icon()?.click();
    await expect.poll(() => keys().length).toBe(tries);
    lost = false;
  }
  expect(keys()[1]).toBe(keys()[0]);
  expect(keys()[2]).not.toBe(keys()[0]);
});

test('an export that is refused says so and is no file', async () => {
  const { button, asked, rows } = open('/runs?layout=table&status=failed', many(1, { status: 'failed' }), ({ path }) =>
    path === '/runs/export' ? new Response(null, { status: 429, statusText: 'Too Many Requests' }) : undefined,
  );
  let followed = 0;
  const { click } = HTMLAnchorElement.prototype;
  HTMLAnchorElement.prototype.click = () => {
    followed += 1;
  };
  onTestFinished(() => {
    HTMLAnchorElement.prototype.click = click;
  });
  await expect.poll(() => rows().length).toBe(1);
  await userEvent.click(button('Export') as HTMLElement);
  await expect.poll(() => document.querySelector('[role=menuitem]')).toBeTruthy();
  await userEvent.click(document.querySelector('[role=menuitem]') as HTMLElement);
  await expect.poll(() => document.body.textContent).toContain('Nothing was exported: 429');
  expect(followed).toBe(0);
  const [one] = asked.filter(({ path }) => path === '/runs/export');
  expect([one?.method, one?.search.get('status'), one?.search.get('format')]).toEqual(['HEAD', 'failed', 'csv']);
});

test('a view whose answer was lost is kept again under the key of its dialog', async () => {
  const lost = new Error('the answer was lost');
  const { asked, button } = open('/runs?layout=table&status=failed', many(3), ({ path, method, body }) => {
    if (path !== '/views' || method !== 'POST') return undefined;
    return tries().length === 1 ? lost : { ...(body as object), id: 'v1', owner: 'ada', version: 1, is_default: false };
  });
  const tries = () => asked.filter(({ path, method }) => path === '/views' && method === 'POST');
  await expect.poll(() => button('Save view')).toBeTruthy();
  button('Save view')?.click();
  await expect.poll(() => document.querySelector('[role=dialog] input[type=text]')).toBeTruthy();
  const name = document.querySelector<HTMLInputElement>('[role=dialog] input[type=text]') as HTMLInputElement;
  name.value = 'mine';
  name.dispatchEvent(new InputEvent('input', { bubbles: true }));
  const save = () => document.querySelector<HTMLButtonElement>('[role=dialog] [type=submit]')?.click();
  save();
  await expect.poll(() => document.querySelector('[role=dialog] [role=alert]')).toBeTruthy();
  save();
  await expect.poll(() => document.querySelector('[role=dialog]')).toBeNull();
  const [first, again, ...more] = tries().map(({ headers }) => headers.get('idempotency-key'));
  expect([first, more]).toEqual([again, []]);
  expect(first).toBeTruthy();
});
