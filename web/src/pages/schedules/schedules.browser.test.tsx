import { createSignal } from 'solid-js';
import { beforeEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { type Asked, answer } from '../../testing/answers.ts';
import { drawAt, lastAsked, someone } from '../../testing/place.tsx';
import { AgendaPage } from './agenda/AgendaPage.tsx';
import { JobParameters } from './form/JobParameters.tsx';
import { EditSchedulePage } from './form/ScheduleFormPage.tsx';
import { HoldDialogs } from './HoldDialogs.tsx';
import { SchedulesPage } from './SchedulesPage.tsx';
import { FiresView } from './schedule/FiresView.tsx';
import type { FireView, ListedSchedule, ScheduleView } from './views.ts';

const ALL = ['schedule:read', 'schedule:edit', 'schedule:pause', 'run:start', 'job:read'];

const schedule = (more: Partial<ListedSchedule & ScheduleView> = {}): ListedSchedule & ScheduleView => ({
  id: 's1',
  name: 'nightly',
  version: 1,
  job: 'backup',
  words: 'at 02:30 every day, Europe/Berlin',
  timezone: 'Europe/Berlin',
  state: 'active',
  stopped_reason: null,
  pause: null,
  client: null,
  priority: null,
  definition: { name: 'nightly', job: 'backup', cron: '30 2 * * *', timezone: 'Europe/Berlin' },
  plan: {
    is_armed: true,
    armed_version: 1,
    armed_at: null,
    problem: null,
    planned_until: null,
    is_short: false,
    calendars: null,
    zone_data: null,
  },
  next_at: '2027-01-04T01:30:00Z',
  next_local: '2027-01-04T02:30:00+01:00',
  last_fire_at: null,
  last_run: null,
  last_status: null,
  created_at: '2026-10-25T01:00:00Z',
  created_by: 'ada',
  updated_at: '2026-10-25T01:00:00Z',
  updated_by: 'ada',
  source: 'name: nightly\n',
  format: 'yaml',
  missed_last_day: 0,
  ...more,
});

const preview = {
  valid: true,
  problems: [],
  words: 'at 02:30 every day',
  zone: 'Europe/Berlin',
  zone_data: '2026f',
  from: '2026-11-22T00:00:00Z',
  moments: [],
  complete: true,
  until: null,
  spacing: null,
};

/** What pages of schedules ask for besides. */
const besides = ({ path }: Asked, permissions: readonly string[] = ALL): unknown => {
  if (path === '/me') return someone(...permissions);
  if (path === '/schedules/preview') return preview;
  if (path === '/timezones') return { version: '2026f', items: [] };
  if (path === '/schedule-switch') return { stopped: false, since: null, by: null, note: null, until: null };
  return ['/jobs', '/calendars'].includes(path) ? { items: [], next: null } : undefined;
};

const says = (text: string | RegExp) => {
  const all = document.body.textContent ?? '';
  return typeof text === 'string' ? all.includes(text) : text.test(all);
};
const button = (name: string) => [...document.querySelectorAll('button')].find((one) => one.textContent?.trim().startsWith(name));
const field = (label: string) =>
  [...document.querySelectorAll('label')].find((one) => one.textContent?.includes(label))?.control as HTMLInputElement | undefined;
const press = async (name: string) => {
  await expect.poll(() => button(name)?.ariaDisabled).toBe(null);
  button(name)?.click();
};

beforeEach(() => sessionStorage.clear());

const editing = (how: (asked: Asked) => unknown) => {
  const asked = answer((one) => how(one) ?? besides(one));
  return { asked, ...drawAt('/schedules/nightly/edit', [{ path: '/schedules/:name/edit', page: EditSchedulePage }]) };
};

test('what was typed is saved over the version it began from, and where somebody saved another one since then both are shown', async () => {
  let stored = schedule();
  const api = ({ method, path, headers }: Asked) => {
    if (path !== '/schedules/nightly') return undefined;
    if (method === 'GET') return stored;
    return headers.get('if-match') === `"${stored.version}"` ? { ...stored, warnings: [] } : Response.json({}, { status: 412 });
  };
  const first = editing(api);
  await expect.poll(() => field('Note, for people')).toBeDefined();
  await userEvent.fill(field('Note, for people') as HTMLInputElement, 'mine');
  await expect.poll(() => sessionStorage.getItem('capstan.schedule.nightly')).toContain('mine');
  first.box.remove();

  stored = schedule({ version: 2, definition: { ...stored.definition, cron: '0 4 * * *' } });
  const { asked } = editing(api);
  await expect.poll(() => says('Somebody has saved another version since then')).toBe(true);
  await press('Save schedule');
  await expect.poll(() => lastAsked(asked, 'PATCH', '/schedules/nightly')?.headers.get('if-match')).toBe('"1"');
  expect(lastAsked(asked, 'PATCH', '/schedules/nightly')?.body).toEqual({ note: 'mine' });
  await expect.poll(() => says('0 4 * * *')).toBe(true);
  await press('Save mine over it');
  await expect.poll(() => lastAsked(asked, 'PATCH', '/schedules/nightly')?.headers.get('if-match')).toBe('"2"');
  expect(lastAsked(asked, 'PATCH', '/schedules/nightly')?.body).toEqual({ note: 'mine', cron: '30 2 * * *' });
  await expect.poll(() => sessionStorage.getItem('capstan.schedule.nightly')).toBeNull();
});

test('taking theirs leaves no draft behind', async () => {
  let stored = schedule();
  editing(({ method, path }) => {
    if (path !== '/schedules/nightly') return undefined;
    return method === 'GET' ? stored : Response.json({}, { status: 412 });
  });
  await expect.poll(() => field('Note, for people')).toBeDefined();
  await userEvent.fill(field('Note, for people') as HTMLInputElement, 'mine');
  stored = schedule({ version: 2, definition: { ...stored.definition, note: 'theirs' } });
  await press('Save schedule');
  await press('Take theirs');
  await expect.poll(() => field('Note, for people')?.value).toBe('theirs');
  expect(sessionStorage.getItem('capstan.schedule.nightly')).toBeNull();
});

test('where theirs cannot be read the form says so and can be saved again', async () => {
  let reads = 0;
  editing(({ method, path }) => {
    if (path !== '/schedules/nightly') return undefined;
    if (method === 'PATCH') return Response.json({}, { status: 412 });
    reads += 1;
    return reads === 1 ? schedule() : new TypeError('Failed to fetch');
  });
  await expect.poll(() => field('Note, for people')).toBeDefined();
  await userEvent.fill(field('Note, for people') as HTMLInputElement, 'mine');
  await press('Save schedule');
  await expect.poll(() => says('The server did not answer.')).toBe(true);
  expect(button('Save schedule')?.getAttribute('aria-disabled')).toBeNull();
  expect(field('Note, for people')?.value).toBe('mine');
});

test('a save whose answer was lost is a save, not a conflict', async () => {
  let stored = schedule();
  const { address } = editing(({ method, path }) => {
    if (path !== '/schedules/nightly') return undefined;
    if (method === 'GET') return stored;
    stored = schedule({ version: 2, definition: { ...stored.definition, note: 'mine' } });
    return Response.json({}, { status: 412 });
  });
  await expect.poll(() => field('Note, for people')).toBeDefined();
  await userEvent.fill(field('Note, for people') as HTMLInputElement, 'mine');
  await press('Save schedule');
  await expect.poll(address).toBe('/schedules/nightly');
});

test('a question whether to pause stays that question while others pause', async () => {
  const asked = answer((one) => (one.path === '/schedules/nightly/pause' ? schedule() : besides(one)));
  const [now, setNow] = createSignal(schedule());
  drawAt('/', [{ path: '/', page: () => <HoldDialogs schedule={now()} close={() => undefined} /> }]);
  await expect.poll(() => field('Note, for whoever')).toBeDefined();
  await userEvent.fill(field('Note, for whoever') as HTMLInputElement, 'works');
  setNow(schedule({ state: 'paused', pause: { since: null, by: 'bob', note: null, until: null } }));
  await press('Pause schedule');
  await expect.poll(() => lastAsked(asked, 'POST', '/schedules/nightly/pause')?.body).toEqual({ note: 'works', until: null });
});

test('an end that is counted from now is the same at a second try with the same key', async () => {
  const asked = answer((one) => (one.path === '/schedules/nightly/pause' ? new TypeError('Failed to fetch') : besides(one)));
  drawAt('/', [{ path: '/', page: () => <HoldDialogs schedule={schedule()} close={() => undefined} /> }]);
  await expect.poll(() => field('Until')).toBeDefined();
  await userEvent.selectOptions(field('Until') as unknown as HTMLSelectElement, '1h');
  const tries = () => asked.filter(({ path }) => path === '/schedules/nightly/pause');
  await press('Pause schedule');
  await expect.poll(() => says('The server did not answer.')).toBe(true);
  await press('Pause schedule');
  await expect.poll(() => tries().length).toBe(2);
  expect(tries()[1]?.body).toEqual(tries()[0]?.body);
  expect(tries()[1]?.headers.get('idempotency-key')).toBe(tries()[0]?.headers.get('idempotency-key'));
});

test('a pause that began nobody knows when does not count for ever', async () => {
  answer((one) => besides(one));
  const paused = schedule({ state: 'paused', pause: { since: null, by: null, note: null, until: null } });
  drawAt('/', [{ path: '/', page: () => <HoldDialogs schedule={paused} close={() => undefined} /> }]);
  await expect.poll(() => says('How many moments came during the pause could not be found out.')).toBe(true);
});

const listing = (address: string, how: (asked: Asked) => unknown, permissions = ALL) => {
  const asked = answer((one) => how(one) ?? besides(one, permissions));
  return { asked, ...drawAt(address, [{ path: '/schedules', page: SchedulesPage }]) };
};
const rows = () => [...document.querySelectorAll('[role=row]')].slice(1);

test('of many schedules only those on screen are drawn, and the next page is read as the reader comes to it', async () => {
  const many = Array.from({ length: 200 }, (_, at) =>
    schedule({ id: `s${at}`, name: `edge-${at}`, ...(at === 0 && { stopped_reason: 'job backup was deleted' }) }),
  );
  const { asked } = listing('/schedules', ({ path, search }) => {
    if (path !== '/schedules') return undefined;
    return search.get('after') === null ? { items: many.slice(0, 100), next: 'c1' } : { items: many.slice(100), next: null };
  });
  await expect.poll(() => rows().length).toBeGreaterThan(3);
  expect(rows().length).toBeLessThan(60);
  expect(rows()[0]?.textContent).toContain('job backup was deleted');
  const grid = document.querySelector('[role=grid]') as HTMLElement;
  grid.scrollTop = grid.scrollHeight;
  await expect.poll(() => says('200 schedules')).toBe(true);
  expect(asked.filter(({ path, search }) => path === '/schedules' && search.get('after') === 'c1')).toHaveLength(1);
});

test('while a filter is typed the rows stay, and the server is asked once typing rests', async () => {
  const { asked } = listing('/schedules', ({ path, search }) => {
    if (path !== '/schedules') return undefined;
    return { items: search.get('q') === null ? [schedule()] : [schedule({ id: 's2', name: 'edge-2' })], next: null };
  });
  await expect.poll(() => rows().length).toBe(1);
  const typed = field('Name or job has') as HTMLInputElement;
  for (const text of ['e', 'ed', 'edg', 'edge']) {
    typed.value = text;
    typed.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
  expect(rows().length).toBe(1);
  await expect.poll(() => says('edge-2')).toBe(true);
  const texts = asked.flatMap(({ path, search }) => (path === '/schedules' && search.get('q') ? [search.get('q')] : []));
  expect(texts).toEqual(['edge']);
});

test('pausing all that match says first how many those are', async () => {
  const { asked } = listing('/schedules?client=acme', ({ method, path, body }) => {
    if (path === '/schedules' && method === 'GET') return { items: [schedule()], next: null };
    if (path !== '/schedules/pause') return undefined;
    return { count: (body as { dry_run?: boolean }).dry_run ? 37 : 36, schedules: [] };
  });
  await press('Pause all of these');
  await press('Pause 37 schedules');
  await expect.poll(() => asked.filter(({ path }) => path === '/schedules/pause').length).toBe(2);
  expect(lastAsked(asked, 'POST', '/schedules/pause')?.body).toEqual({ note: null, until: null, filter: { client: 'acme' } });
});

test('when it cannot be read whether all are stopped, the page says so and does not offer to stop', async () => {
  listing('/schedules', ({ path }) => {
    if (path === '/schedules') return { items: [], next: null };
    return path === '/schedule-switch' ? new TypeError('Failed to fetch') : undefined;
  });
  await expect.poll(() => says('Whether all schedules are stopped could not be read.')).toBe(true);
  expect(button('Stop all schedules')?.getAttribute('aria-disabled')).toBe('true');
});

test('moments of one reason are those that were missed, what the clocks made of them stands below; who may not start any is told what it takes', async () => {
  const fire = {
    id: 'f1',
    schedule: 'nightly',
    nominal_at: '2026-10-25T01:30:00Z',
    nominal_local: '2026-10-25T02:30:00+01:00',
    marks: ['fold-second'],
    wall: '2026-10-25T02:30',
    dst: { gap: 'shift', fold: 'both' },
    again: 0,
    trigger: 'schedule',
    status: 'missed',
    reason: 'paused',
    message: null,
    run: null,
    backfill: null,
    asked_by: null,
    overlap: null,
    parameters: null,
    note: null,
    created_at: '2027-01-04T01:30:00Z',
    decided_at: null,
  } satisfies FireView;
  const asked = answer((one) =>
    one.path === '/schedules/nightly/fires' ? { items: [fire], next: null } : besides(one, ['schedule:read']),
  );
  drawAt('/?reason=paused&status=gone', [{ path: '/', page: () => <FiresView schedule={schedule()} /> }]);
  await expect.poll(() => says('status=gone')).toBe(true);
  await expect.poll(() => button('Start it now')?.title).toContain('run:start');
  expect(says('twice')).toBe(true);
  expect(lastAsked(asked, 'GET', '/schedules/nightly/fires')?.search.get('status')).toBe('missed');
  expect([...document.querySelectorAll('select')].map(({ value }) => value)).toEqual(['missed', 'paused']);
  button('Start it now')?.click();
  expect(document.querySelector('[role=dialog]')).toBeNull();
});

test('a job’s parameters are asked for also where more jobs have its name in theirs than a page holds', async () => {
  answer((one) => {
    if (one.path === '/jobs') return { items: [{ name: 'a-sync' }], next: 'more' };
    if (one.path === '/jobs/sync')
      return { name: 'sync', definition: { name: 'sync', parameters: { site: { type: 'string' } }, steps: [] } };
    return besides(one);
  });
  drawAt('/', [
    {
      path: '/',
      page: () => <JobParameters job="sync" label="Parameters" value={undefined} onChange={() => undefined} errors={[]} open />,
    },
  ]);
  await expect.poll(() => field('site')).toBeDefined();
});

test('while another week is read the week that was shown stays under its own days', async () => {
  const later = Promise.withResolvers<unknown>();
  const week = (from: string, to: string, local: string) => ({
    from,
    to,
    zone: 'Europe/Berlin',
    items: [],
    next: null,
    hours: [{ from, to: new Date(Date.parse(from) + 3_600_000).toISOString(), local, counts: { planned: 7 } }],
    counted_until: to,
  });
  answer((one) => {
    if (one.path !== '/schedules/agenda') return besides(one);
    return one.search.get('from') === '2027-03-22'
      ? week('2027-03-21T23:00:00.000Z', '2027-03-28T22:00:00.000Z', '2027-03-22T00:00:00+01:00')
      : later.promise;
  });
  drawAt('/?week=2027-03-24&zone=Europe/Berlin', [{ path: '/', page: AgendaPage }]);
  const heads = () => [...document.querySelectorAll('thead th')].map((head) => head.textContent);
  await expect.poll(() => heads()[1]).toContain('Mon 22 Mar');
  document.querySelector<HTMLElement>('[aria-label="Week after"]')?.click();
  await expect.poll(() => document.querySelector<HTMLInputElement>('input[type=date]')?.value).toBe('2027-03-29');
  expect(heads()[1]).toContain('Mon 22 Mar');
  expect(says('7 to start')).toBe(true);
  later.resolve(week('2027-03-28T22:00:00.000Z', '2027-04-04T22:00:00.000Z', '2027-03-29T00:00:00+02:00'));
  await expect.poll(() => heads()[1]).toContain('Mon 29 Mar');
});
