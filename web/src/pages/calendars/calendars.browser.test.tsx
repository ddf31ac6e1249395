import { createSignal } from 'solid-js';
import { beforeEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { Toasts } from '../../components/Toasts.tsx';
import { type Asked, answer } from '../../testing/answers.ts';
import { drawAt, lastAsked, someone } from '../../testing/place.tsx';
import { HoldQueue } from '../queues/HoldQueue.tsx';
import type { QueueView } from '../queues/views.ts';
import { EditCalendarPage } from './CalendarFormPage.tsx';
import { CalendarPage } from './CalendarPage.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import type { CalendarDryRun, CalendarView } from './views.ts';

const calendar = (version: number, source: string): CalendarView => ({
  id: 'c1',
  name: 'holidays',
  version,
  source,
  format: 'yaml',
  timezone: 'Europe/Berlin',
  note: null,
  entries: 1,
  feed: null,
  used_by: { schedules: [], targets: [] },
  definition: { name: 'holidays', entries: ['12-24..12-26'] },
  updated_at: '2026-10-25T01:00:00Z',
  updated_by: 'ada',
});
const dryRun = (events: number): CalendarDryRun => ({
  dry_run: true,
  name: 'holidays',
  feed: { events, instances: events },
  timezone: 'Europe/Berlin',
  spans: [],
  effects: { until: '2028-10-25T01:00:00Z', removed: 0, added: 0, moved: 0, schedules: [], is_complete: true, changes: [] },
});

const besides = ({ path }: Asked): unknown => (path === '/me' ? someone('calendar:edit', 'queue:pause') : undefined);
const button = (name: string) => [...document.querySelectorAll('button')].find((one) => one.textContent?.trim().startsWith(name));
const press = async (name: string) => {
  await expect.poll(() => button(name)?.ariaDisabled === null).toBe(true);
  button(name)?.click();
};
const says = (text: string) => document.body.textContent?.includes(text) ?? false;
const area = () => document.querySelector('textarea');

beforeEach(() => sessionStorage.clear());

test('a calendar that somebody else has saved is replaced only by a press that says so', async () => {
  let stored = calendar(1, 'entries: [a]\n');
  const asked = answer((one) => {
    if (one.path !== '/calendars/holidays') return besides(one);
    if (one.method === 'GET') return stored;
    return one.headers.get('if-match') === `"${stored.version}"` ? stored : Response.json({}, { status: 412 });
  });
  const { address } = drawAt('/calendars/holidays/edit', [{ path: '/calendars/:name/edit', page: EditCalendarPage }]);
  await expect.poll(area).not.toBeNull();
  await userEvent.fill(area() as HTMLTextAreaElement, 'entries: [mine]\n');
  stored = calendar(2, 'entries: [theirs]\n');
  const sent = () => asked.filter(({ method }) => method === 'PUT').map(({ headers }) => headers.get('if-match'));
  await press('Save calendar');
  await expect.poll(() => says('holidays was changed meanwhile')).toBe(true);
  await expect.poll(() => says('theirs')).toBe(true);
  await press('Go on editing');
  await expect.poll(() => document.querySelector('[role=dialog]')).toBeNull();
  await press('Save calendar');
  await expect.poll(() => says('holidays was changed meanwhile')).toBe(true);
  expect(sent()).toEqual(['"1"', '"1"']);
  await press('Save mine over it');
  await expect.poll(address).toBe('/calendars/holidays');
  expect(sent()).toEqual(['"1"', '"1"', '"2"']);
});

test('what was looked at is what is imported: a late answer about one file vouches for no other', async () => {
  const answers: PromiseWithResolvers<unknown>[] = [];
  const asked = answer((one) => {
    if (one.path !== '/calendars/import') return besides(one);
    if (one.search.get('dry_run') === null) return { ...calendar(1, ''), feed: null };
    answers.push(Promise.withResolvers());
    return answers.at(-1)?.promise;
  });
  drawAt('/', [{ path: '/', page: () => <ImportDialog open close={() => undefined} name="holidays" /> }]);
  const file = (name: string) => new File([JSON.stringify(name)], name, { type: 'text/calendar' });
  const input = () => document.querySelector('input[type=file]') as HTMLInputElement;
  await expect.poll(input).not.toBeNull();
  await userEvent.upload(input(), file('a.ics'));
  await press('See what changes');
  await expect.poll(() => answers.length).toBe(1);
  await userEvent.upload(input(), file('b.ics'));
  answers[0]?.resolve(dryRun(7));
  await expect.poll(() => button('See what changes')?.ariaDisabled ?? null).toBe(null);
  expect(says('7 events')).toBe(false);
  expect(button('Import events')?.ariaDisabled).toBe('true');
  button('See what changes')?.click();
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.resolve(dryRun(8));
  await expect.poll(() => says('8 events')).toBe(true);
  await press('Import events');
  await expect.poll(() => asked.filter(({ path }) => path === '/calendars/import').at(-1)?.body).toBe('b.ics');
});

test('a note that was typed for one queue and not sent goes with nothing else', async () => {
  const asked = answer((one) => (one.path.startsWith('/queues/') ? {} : besides(one)));
  const queue = (name: string, paused: QueueView['paused']) =>
    ({ name, capability: 'ssh', zone: null, paused, depth: null, state: 'open' }) as unknown as QueueView;
  const [held, setHeld] = createSignal<QueueView | null>(queue('ssh', null));
  drawAt('/', [{ path: '/', page: () => <HoldQueue queue={held()} close={() => setHeld(null)} /> }]);
  const note = () => document.querySelector<HTMLInputElement | HTMLTextAreaElement>('[role=dialog] :is(input, textarea)');
  await expect.poll(note).not.toBeNull();
  await userEvent.fill(note() as HTMLInputElement, 'the line is cut');
  await press('Leave it open');
  await expect.poll(() => document.querySelector('[role=dialog]')).toBeNull();
  setHeld(queue('sftp', { at: '2026-10-25T01:00:00Z', by: 'bob', note: null }));
  await press('Resume queue');
  await expect.poll(() => lastAsked(asked, 'POST', '/queues/sftp/resume')?.body).toEqual({});
  await expect.poll(() => document.querySelector('[role=dialog]')).toBeNull();
  setHeld(queue('sql', null));
  await expect.poll(note).not.toBeNull();
  expect(note()?.value).toBe('');
});

test('a zone and a year that nobody knows are left out of the address, and the page says so', async () => {
  answer((one) => {
    if (one.path === '/calendars/holidays') return { ...calendar(1, ''), timezone: null };
    return one.path.endsWith('/spans') ? { items: [], is_complete: true } : besides(one);
  });
  drawAt('/calendars/holidays?zone=Mars/Base&year=99999', [{ path: '/calendars/:name', page: CalendarPage }]);
  await expect.poll(() => says('year=99999, zone=Mars/Base')).toBe(true);
  expect(says('January')).toBe(true);
});

test('a second press for an address whose first had no answer asks for the same reading, and one after an answer for another', async () => {
  const feed = { url: 'https://example.com/a.ics', refresh_ms: 3_600_000, events: 1, instances: 1, problem: null, alarm: null };
  const outcomes = [502, 202, 202];
  const asked = answer((one) => {
    if (one.path === '/calendars/holidays') return { ...calendar(1, ''), feed };
    if (one.path === '/calendars/holidays/refresh') return new Response(null, { status: outcomes.shift() ?? 500 });
    return one.path.endsWith('/spans') ? { items: [], is_complete: true } : besides(one);
  });
  const page = () => (
    <>
      <CalendarPage />
      <Toasts />
    </>
  );
  drawAt('/calendars/holidays', [{ path: '/calendars/:name', page }]);
  const keys = () => asked.filter(({ path }) => path.endsWith('/refresh')).map(({ headers }) => headers.get('idempotency-key'));
  const pressed = async (times: number) => {
    await press('Read again now');
    await expect.poll(() => keys().length).toBe(times);
  };
  await pressed(1);
  await pressed(2);
  await expect.poll(() => says('It is being read again.')).toBe(true);
  await pressed(3);
  const [first, second, third] = keys();
  expect([first === second, second === third]).toEqual([true, false]);
});
