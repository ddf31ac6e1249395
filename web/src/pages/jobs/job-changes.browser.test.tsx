import { MemoryRouter, Route } from '@solidjs/router';
import { QueryClient, QueryClientProvider } from '@tanstack/solid-query';
import { createSignal, type JSX, Show } from 'solid-js';
import { beforeEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { JobDefinition } from '#jobs/definition.ts';
import { diffDefinitions } from '#jobs/diff/diff-definitions.ts';
import { LIMITS } from '#jobs/limits.ts';
import { useQuery } from '../../api/use-query.ts';
import { LiveProvider } from '../../live/Live.tsx';
import { SessionProvider } from '../../session/session.tsx';
import { Suspense } from '../../solid.ts';
import { type Asked, answer } from '../../testing/answers.ts';
import { draw, expectAccessible } from '../../testing/draw.tsx';
import { CloneJob } from './actions/CloneJob.tsx';
import { SwitchOff } from './actions/SwitchOff.tsx';
import { DefinitionView } from './DefinitionView.tsx';
import { HealthTab } from './HealthTab.tsx';
import { ImportPage } from './import/ImportPage.tsx';
import { JobFacts } from './JobFacts.tsx';
import { JobsPage } from './list/JobsPage.tsx';
import { jobNowQuery } from './queries.ts';
import { StartForm } from './start/StartForm.tsx';
import { TrashPage } from './trash/TrashPage.tsx';
import { Changes } from './versions/Changes.tsx';
import type { HealthView, ImportReport, JobNow, JobRow, TrashedJob } from './views.ts';

beforeEach(() => sessionStorage.clear());

const me = { user: { id: 'ada', name: 'ada' }, roles: ['admin'], permissions: ['job:edit', 'run:start'], must_change_password: false };

const job = (version: number, parameters: NonNullable<JobDefinition['parameters']> = {}): JobNow => ({
  name: 'edge',
  number: 1,
  title: null,
  description: null,
  category: null,
  tags: [],
  active: true,
  sample: false,
  version,
  current_version: version,
  source: '',
  format: 'yaml',
  definition: { name: 'edge', parameters, steps: [] },
  author: 'bob',
  message: 'faster',
  saved_at: '2026-10-25T01:00:00Z',
  updated_at: '2026-10-25T01:00:00Z',
  updated_by: 'bob',
  etag: `"${version}"`,
});

const refused = (status: number, title: string) => Response.json({ title, status }, { status });

const show = (what: () => JSX.Element, how: (asked: Asked) => unknown) => {
  const asked = answer((one) => (one.path === '/me' ? me : how(one)));
  const box = draw(() => (
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SessionProvider>
        <MemoryRouter>
          <Route path="*" component={what} />
        </MemoryRouter>
      </SessionProvider>
    </QueryClientProvider>
  ));
  const press = async (name: string | RegExp) => {
    const named = () =>
      [...document.querySelectorAll('button')].find(
        (one) => (typeof name === 'string' ? one.innerText.trim() === name : name.test(one.innerText)) && one.ariaDisabled !== 'true',
      );
    await expect.poll(named).toBeDefined();
    named()?.click();
  };
  const type = (label: string, text: string) => {
    const found = [...document.querySelectorAll('label')].find((one) => one.textContent?.startsWith(label));
    const control = document.getElementById(found?.htmlFor ?? '') as HTMLInputElement;
    control.value = text;
    control.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const sent = (method: string) => asked.filter((one) => one.method === method);
  return { box, asked, sent, press, type };
};

test('a change whose answer was lost is sent again as the same one; a state that is no more is told of before it is changed', async () => {
  const answers = [new TypeError('Failed to fetch'), refused(412, 'job edge is at version 2, not 1'), {}];
  const Dialog = () => {
    const query = useQuery(() => ({ ...jobNowQuery('edge'), initialData: job(1) }));
    const [open, setOpen] = createSignal(true);
    return (
      <Show when={query.data}>
        {(now) => <SwitchOff job={now()} open={open()} close={() => setOpen(false)} done={async () => undefined} lacks={undefined} />}
      </Show>
    );
  };
  let version = 1;
  const { sent, press } = show(Dialog, ({ method }) =>
    method === 'PATCH' ? answers.shift() : Response.json(job(version), { headers: { etag: `"${version}"` } }),
  );
  await press('Switch off');
  await expect.poll(() => document.body.textContent).toContain('The server did not answer.');
  version = 2;
  await press('Switch off');
  await expect.poll(() => document.body.textContent).toContain('bob saved v2 meanwhile: faster. Nothing was done');
  await press('Switch off');
  await expect.poll(() => sent('PATCH').length).toBe(3);
  expect(new Set(sent('PATCH').map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1);
  expect(sent('PATCH').map(({ headers }) => headers.get('if-match'))).toEqual(['"1"', '"1"', '"2"']);
});

const report = (saved: boolean): ImportReport => ({
  dry_run: !saved,
  saved,
  counts: { created: 1, updated: 0, same: 0, skipped: 0, renamed: 0, bad: 0 },
  items: [{ name: 'a', line: 1, action: 'created', saved_as: 'a', problems: [], report: [] }],
});

test('an import whose answer was lost is the same one when it is asked for again, and once it is done the same text is another', async () => {
  let lost = true;
  const { sent, press, type, box } = show(ImportPage, ({ path, search }) => {
    if (path !== '/jobs/import') return undefined;
    if (search.get('dry_run') === 'true') return report(false);
    if (!lost) return report(true);
    lost = false;
    return new TypeError('Failed to fetch');
  });
  type('Text', '{"name": "a"}');
  await press('Check');
  await press(/^Import 1 job/);
  await expect.poll(() => box.textContent).toContain('The server did not answer.');
  await press(/^Import 1 job/);
  await expect.poll(() => box.textContent).toContain('1 job was imported.');
  await press('Check');
  await press(/^Import 1 job/);
  const keys = () => sent('POST').flatMap(({ headers }) => headers.get('idempotency-key') ?? []);
  await expect.poll(() => keys().length).toBe(3);
  expect([keys()[0] === keys()[1], keys()[1] === keys()[2]]).toEqual([true, false]);
  await expectAccessible(box);
});

test('files that are too long are not read, and a text of megabytes is taken without being drawn', async () => {
  const { box, press, sent } = show(ImportPage, ({ path }) => (path === '/jobs/import' ? report(false) : undefined));
  await expect.poll(() => box.querySelector('input[type=file]')).not.toBeNull();
  const choose = (files: readonly File[]) => {
    const chooser = box.querySelector<HTMLInputElement>('input[type=file]') as HTMLInputElement;
    const list = new DataTransfer();
    for (const file of files) list.items.add(file);
    chooser.files = list.files;
    chooser.dispatchEvent(new Event('change', { bubbles: true }));
  };
  choose([new File([new Uint8Array(LIMITS.importBytes + 1)], 'all.yaml')]);
  await expect.poll(() => box.textContent).toContain('at most 16 MiB are taken at once');
  choose([new File([`"${'x'.repeat(2 * 1024 * 1024)}"`], 'long.yaml')]);
  await expect.poll(() => box.textContent).toContain('2 MiB are taken as they are');
  expect([box.querySelector('textarea'), (box.textContent ?? '').length < 5_000]).toEqual([null, true]);
  await press('Check');
  await expect.poll(() => (sent('POST')[0]?.body as string | undefined)?.length).toBe(2 * 1024 * 1024);
});

test('what was put together for an import is there again after a reload', async () => {
  const first = show(ImportPage, () => undefined);
  first.type('Text', '{"name": "a"}');
  dispatchEvent(new Event('pagehide'));
  const second = show(ImportPage, () => undefined);
  await expect.poll(() => second.box.querySelector('textarea')?.value).toBe('{"name": "a"}');
});

test('a start form stays at its version when another is saved, and takes that when told to, without a secret that is none any more', async () => {
  const [now, setNow] = createSignal(
    job(1, { site: { type: 'string' }, token: { type: 'string', secret: true }, times: { type: 'integer', default: 3 } }),
  );
  const { box, sent, press, type } = show(
    () => <StartForm job={now()} />,
    ({ method }) => (method === 'POST' ? refused(409, 'not now') : undefined),
  );
  await expect.poll(() => box.textContent).toContain('site');
  type('site', 'ber');
  type('token', 's3cret');
  setNow(job(2, { site: { type: 'string' }, token: { type: 'string' }, times: { type: 'integer', default: 5 } }));
  await expect.poll(() => box.textContent).toContain('v2 was saved meanwhile. This form starts v1.');
  await press('Start run');
  await expect.poll(() => sent('POST')[0]?.body).toEqual({ parameters: { site: 'ber', token: 's3cret', times: 3 }, version: 1 });
  await expect.poll(() => box.textContent).toContain('not now');
  await press('Go on with v2');
  type('token', 'open');
  await press('Start run');
  await expect.poll(() => sent('POST')[1]?.body).toEqual({ parameters: { site: 'ber', token: 'open', times: 5 }, version: 2 });
  expect(JSON.stringify({ ...sessionStorage })).toContain('ber');
  expect(JSON.stringify({ ...sessionStorage })).not.toContain('s3cret');
  await expectAccessible(box);
});

test('a list that does not come yet, or not at all, has its page around it and says so', async () => {
  const { box } = show(
    () => (
      <LiveProvider>
        <Suspense fallback="nothing">
          <JobsPage />
          <TrashPage />
        </Suspense>
      </LiveProvider>
    ),
    ({ path }) => (path === '/jobs' ? new Promise(() => {}) : path === '/jobs/trash' ? refused(500, 'no') : { items: [] }),
  );
  await expect.poll(() => [...box.querySelectorAll('h1')].map((title) => title.textContent)).toEqual(['Jobs', 'Trash']);
  await expect.poll(() => box.querySelector('[aria-busy=true] [role=status]')).not.toBeNull();
  await expect.poll(() => box.querySelector('[role=alert]')).not.toBeNull();
});

const listed = (at: number): JobRow => ({
  ...job(1),
  name: `job-${String(at).padStart(3, '0')}`,
  health: null,
  last_run_id: null,
  last_run_number: null,
  last_run_status: null,
  last_run_at: null,
});

/** The list of so many jobs, a page at a time as the server gives them. */
const listing = (count: number, how: (asked: Asked) => unknown = () => undefined) => {
  const all = Array.from({ length: count }, (_, at) => listed(at));
  const pageAt = (search: URLSearchParams) => {
    const [after, before, limit] = [search.get('after'), search.get('before'), Number(search.get('limit'))];
    const matching = all.filter(({ name }) => (after === null || name > after) && (before === null || name < before));
    const items = before !== null || search.has('from') ? matching.slice(-limit) : matching.slice(0, limit);
    const [first, last] = [items[0]?.name ?? '', items.at(-1)?.name ?? ''];
    return { items, next: last === all.at(-1)?.name ? null : last, prev: first === all[0]?.name ? null : first };
  };
  return show(
    () => (
      <LiveProvider>
        <div class="flex h-[500px] flex-col">
          <JobsPage />
        </div>
      </LiveProvider>
    ),
    (one) => how(one) ?? (one.path === '/jobs' ? pageAt(one.search) : { items: [] }),
  );
};
const jobRows = (box: HTMLElement) => [...box.querySelectorAll<HTMLElement>('[data-row]')];
const pagesAsked = (asked: readonly Asked[]) => asked.filter(({ path }) => path === '/jobs').map(({ search }) => search);

test('End and Home go to the last and the first of all jobs, one request each, and the list goes on from there both ways', async () => {
  const { box, asked } = listing(450);
  await expect.poll(() => jobRows(box).length).toBeGreaterThan(5);
  jobRows(box)[0]?.focus();
  await userEvent.keyboard('{End}');
  await expect.poll(() => (document.activeElement as HTMLElement).dataset.row).toBe('job-449');
  expect(pagesAsked(asked).filter((search) => search.get('from') === 'end')).toHaveLength(1);
  expect(pagesAsked(asked).filter((search) => search.has('after'))).toHaveLength(0);
  const upwards = async () => {
    await userEvent.keyboard('{PageUp}');
    return (document.activeElement as HTMLElement).dataset.row ?? 'none';
  };
  await expect.poll(async () => (await upwards()) < 'job-350').toBe(true);
  await userEvent.keyboard('{Home}');
  await expect.poll(() => (document.activeElement as HTMLElement).dataset.row).toBe('job-000');
});

test('jobs that were found stay, with a way back, when the next filter takes the server too long', async () => {
  const { box, press } = listing(3, ({ path, search }) =>
    path === '/jobs' && search.has('q') ? refused(503, 'no answer in time') : undefined,
  );
  await expect.poll(() => jobRows(box)).toHaveLength(3);
  await userEvent.fill(box.querySelector('input[type=search]') as HTMLInputElement, 'edge');
  await expect.poll(() => box.textContent).toContain('The server took too long to answer. What you see is older.');
  expect(jobRows(box)).toHaveLength(3);
  await press('Clear filters');
  await expect.poll(() => box.textContent).not.toContain('too long');
  expect(jobRows(box)).toHaveLength(3);
});

test('a definition of 2 MB, ten thousand findings, changes, values and objections are drawn in part, and say so', async () => {
  const many = Array.from({ length: 10_000 }, (_, at) => at);
  const health: HealthView = {
    name: 'edge',
    version: 1,
    health: 'broken',
    findings: many.map((at) => ({ pointer: `/steps/${at}`, message: `step ${at} has no target`, severity: 'error' })),
  };
  const was = job(1).definition;
  const now = { ...was, steps: many.map((at) => ({ id: `step-${at}`, type: 'local.exec', config: {} })) };
  const { box, press } = show(
    () => (
      <>
        <DefinitionView job={{ ...job(1), source: `name: edge # ${'x'.repeat(2_000_000)}` }} />
        <HealthTab name="edge" />
        <Changes diff={diffDefinitions(was, now)} isSameText={false} />
        <StartForm job={job(1, { site: { type: 'string', enum: many.map((at) => `site-${at}`) } })} />
      </>
    ),
    ({ path, method }) => {
      if (path === '/jobs/edge/health') return health;
      if (method !== 'POST') return undefined;
      const problems = many.map((at) => ({
        pointer: at % 2 ? '/parameters/site' : `/steps/${at}`,
        message: `objection ${at}`,
        severity: 'error',
      }));
      return Response.json({ title: 'Invalid', status: 422, problems }, { status: 422 });
    },
  );
  await expect.poll(() => box.textContent).toContain('The first 200 of 10,000 findings.');
  expect(box.textContent).toContain('9,900 more');
  const site = () => box.querySelector<HTMLSelectElement>('[data-pointer="/parameters/site"] select') as HTMLSelectElement;
  expect(site().options.length).toBeLessThan(510);
  await userEvent.fill(box.querySelector('[data-pointer="/parameters/site"] input[type=search]') as HTMLInputElement, 'site-9999');
  await userEvent.selectOptions(site(), 'site-9999');
  await press('Start run');
  await expect.poll(() => box.querySelector('[data-form-error]')?.textContent).toContain('and 4,980 more');
  expect(box.querySelector('[data-pointer="/parameters/site"]')?.textContent).toContain('and 4,980 more');
  expect(box.textContent?.length).toBeLessThan(100_000);
  expect(box.querySelectorAll('*').length).toBeLessThan(5_000);
});

test('a keyboard alone parts with a job for good, once its name is typed, and makes another of it', async () => {
  const gone: TrashedJob = {
    id: 't1',
    name: 'edge',
    title: null,
    version: 3,
    tags: [],
    deleted_at: '2026-10-25T01:00:00Z',
    restorable_until: '2026-11-24T01:00:00Z',
    updated_by: 'bob',
    has_runs: true,
  };
  const Both = () => {
    const [isCloning, setCloning] = createSignal(false);
    return (
      <LiveProvider>
        <TrashPage />
        <button type="button" onClick={() => setCloning(true)}>
          Copy
        </button>
        <CloneJob job={job(3)} open={isCloning()} close={() => setCloning(false)} lacks={undefined} />
      </LiveProvider>
    );
  };
  const { box, sent }: ReturnType<typeof show> = show(Both, ({ method }) =>
    method === 'GET' ? { items: sent('DELETE').length > 0 ? [] : [gone], next: null } : { name: 'edge-2' },
  );
  const focused = () => (document.activeElement as HTMLElement).innerText.trim();
  const focus = (name: string) => [...box.querySelectorAll('button')].find((one) => one.innerText.trim() === name)?.focus();
  await expect.poll(() => focus('Delete for good…') ?? focused()).toBe('Delete for good…');
  await userEvent.keyboard('{Enter}');
  await expect.poll(focused).toBe('Keep it');
  await userEvent.keyboard('{Tab}{Enter}');
  expect(sent('DELETE')).toHaveLength(0);
  await userEvent.keyboard('{Shift>}{Tab}{Tab}{/Shift}edge{Enter}');
  await expect.poll(() => sent('DELETE').map(({ path, search }) => [path, search.get('confirm')])).toEqual([['/jobs/trash/t1', 'edge']]);
  await expect.poll(focused).toBe('Trash');
  focus('Copy');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => document.activeElement?.tagName).toBe('INPUT');
  await userEvent.keyboard('edge-2{Enter}');
  await expect
    .poll(() => sent('POST').map(({ path, body }) => [path, body]))
    .toEqual([['/jobs/edge/clone', { name: 'edge-2', version: 3 }]]);
  await expect.poll(focused).toBe('Copy');
});

test('a title and tags that turn their surroundings, or are markup, stand as text', async () => {
  const hostile = { ...job(1), title: '\u202e<img src=x onerror=alert(1)>', tags: ['\u202eevil'] };
  const { box } = show(
    () => <JobFacts job={hostile} />,
    () => undefined,
  );
  await expect.poll(() => box.textContent).toContain('⟨U+202E⟩<img src=x onerror=alert(1)>');
  expect([box.textContent?.includes('\u202e'), box.querySelector('img')]).toEqual([false, null]);
});
