import { MemoryRouter, Route } from '@solidjs/router';
import { QueryClient, QueryClientProvider } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { STEP_SPECS } from '#activities/catalog.ts';
import type { JsonObject } from '#jobs/json.ts';
import { SessionProvider } from '../session/session.tsx';
import { claimTyped } from '../session/typed.ts';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { Builder, type Head } from './Builder.tsx';
import { keepingOf } from './draft/kept.ts';
import type { StepTypeView } from './views.ts';

vi.setConfig({ testTimeout: 90_000 });

const ME = { user: { name: 'ada' }, permissions: ['job:edit', 'run:start', 'run:read'] };
const TYPES: readonly StepTypeView[] = Object.values(STEP_SPECS).map(({ type, config, result }) => ({
  type,
  title: type,
  target: null,
  config: config as JsonObject,
  result: result as JsonObject,
  examples: [],
}));

const JOB = `# Kept by netops.
name: edge
parameters:
  site: { type: string, default: ber } # two letters
  key: { type: string, secret: true }
steps:
  - id: one
    type: local.exec
    config:
      command: |
        cd /tmp
        echo \${{ parameters.site }}
        exit 0
  - id: two
    type: local.exec
    config: { command: echo two, environment: { A: a, B: b } }
`;

/** The worker is a process to start, and what it reads with to load. */
const until = <T,>(what: () => T) => expect.poll(what, { timeout: 45_000 });

const keeping = keepingOf('edge');
const sent: { readonly path: string; readonly body: JsonObject }[] = [];
let answers: { readonly [path: string]: (body: JsonObject) => Response } = {};

/** One worker after another is as good as new: it keeps nothing of what it was asked, and loading it is most of a test. */
const { Worker: Real } = window;
const idle = new Map<string, Worker>();
const workerOf = (url: string | URL, options?: WorkerOptions): Worker => {
  const name = String(url);
  const worker = idle.get(name) ?? new Real(url, options);
  idle.delete(name);
  worker.terminate = () => void idle.set(name, worker);
  return worker;
};

beforeEach(async () => {
  await page.viewport(1440, 900);
  vi.spyOn(window, 'Worker').mockImplementation(function Kept(url: string | URL, options?: WorkerOptions) {
    return workerOf(url, options);
  } as never);
  sent.length = 0;
  answers = {
    '/me': () => Response.json(ME),
    '/jobs/validate': () => Response.json({ valid: true, name: 'edge', problems: [], would: null, today: null }),
  };
  sessionStorage.clear();
  // As when the page is drawn: nothing is kept before it is known for whom.
  claimTyped(ME.user.name);
  // The server is not here; what it says has the shapes it says it in.
  vi.spyOn(window, 'fetch').mockImplementation(async (url, init) => {
    const path = String(url).replace(/^.*\/api\/v1/, '');
    const body = JSON.parse(String(init?.body ?? '{}'));
    sent.push({ path, body });
    return answers[path]?.(body) ?? new Response('{}', { status: 404 });
  });
});
afterEach(() => vi.restoreAllMocks());

const show = (source = JOB) => {
  const [isThere, setThere] = createSignal(true);
  const [head, setHead] = createSignal<Head | null>(null);
  const box = draw(() => (
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SessionProvider>
        <MemoryRouter>
          <Route
            path="*"
            component={() => (
              <div class="flex h-[700px] w-[1400px] flex-col">
                <h1>Edit edge</h1>
                <div class="flex">
                  {head()?.state()}
                  {head()?.actions()}
                </div>
                <Show when={isThere()}>
                  <Builder name="edge" base={{ text: source, tag: '"1"', version: 1 }} keeping={keeping} types={TYPES} head={setHead} />
                </Show>
              </div>
            )}
          />
        </MemoryRouter>
      </SessionProvider>
    </QueryClientProvider>
  ));
  const rows = () => [...box.querySelectorAll<HTMLButtonElement>('ol button')];
  const row = async (id: string) => {
    await until(() => rows().some((one) => one.textContent?.includes(id))).toBe(true);
    return rows().find((one) => one.textContent?.includes(id)) as HTMLButtonElement;
  };
  /** Pressed by itself: looked for by its name it is not found any more once that counts other problems. */
  const choose = async (id: string) => (await row(id)).click();
  const field = (pointer: string) =>
    box.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[data-pointer="${pointer}"] :is(input, textarea)`);
  const at = async (pointer: string) => {
    await until(() => field(pointer)).not.toBeNull();
    return field(pointer) as HTMLInputElement;
  };
  const lines = () => [...box.querySelectorAll('.cm-line')].map((line) => line.textContent ?? '');
  const write = async (text: string, line: number) => {
    const content = box.querySelector<HTMLElement>('.cm-content');
    await userEvent.click(box.querySelectorAll('.cm-line')[line] as Element);
    content?.focus();
    await userEvent.keyboard(text);
  };
  const press = async (words: RegExp) => {
    const found = () => [...document.querySelectorAll('button')].find((one) => words.test(one.textContent?.trim() ?? ''));
    await until(found).toBeDefined();
    await userEvent.click(found() as Element);
  };
  return { box, rows, row, choose, field, at, lines, write, press, leave: () => setThere(false) };
};

test('steps, form and text of a job are one document without a fault of access, and stand while the text cannot be read', async () => {
  const { box, choose, rows, write, press } = show();
  await choose('one');
  await write('{Home}[[[[', 1);
  await until(() => box.textContent).toContain('unreadable: the last good state is shown');
  expect(rows().map((one) => /one|two/.exec(one.textContent ?? '')?.[0])).toEqual(['one', 'two']);
  await press(/^Graph$/);
  const nodes = () => [...box.querySelectorAll<HTMLElement>('[data-id]')];
  await until(() => nodes().map((node) => node.querySelector('bdi')?.textContent)).toEqual(['one', 'two']);
  expect(nodes().map((node) => node.getAttribute('aria-current'))).toEqual(['true', null]);
  nodes()[0]?.focus();
  await userEvent.keyboard('{ArrowRight}');
  await until(() => box.querySelector('[data-builder-form] h2')?.textContent).toBe('Step two');
  await expectAccessible(box);
});

test('a parameter that is just being typed is no trouble to anyone', async () => {
  const { box, rows, write, lines } = show('name: edge\nsteps:\n  - { id: one, type: local.exec, config: { command: "true" } }\n');
  await until(() => rows().length).toBe(1);
  await write('{End}{Enter}parameters:{Enter}site:', 0);
  await until(() => [...box.querySelectorAll('summary')].some((one) => one.textContent?.includes('site'))).toBe(true);
  expect(lines().slice(0, 3)).toEqual(['name: edge', 'parameters:', '  site:']);
});

test('text of several lines keeps them while its form is written in', async () => {
  const { choose, at, lines } = show();
  await choose('one');
  const command = await at('/steps/0/config/command');
  command.setSelectionRange(0, 0);
  command.focus();
  await userEvent.keyboard('x');
  await until(() => lines().slice(9, 14)).toEqual([
    '      command: |',
    '        xcd /tmp',
    '        echo ${{ parameters.site }}',
    '        exit 0',
    '  - id: two',
  ]);
});

test('who begins an expression in any field goes on in that field, and is offered names', async () => {
  const { box, choose, at, lines } = show();
  await choose('two');
  const value = await at('/steps/1/config/environment/A');
  await userEvent.click(value);
  await userEvent.keyboard('{End}${{{{ parameters.si');
  await until(() => (document.activeElement as HTMLInputElement).value).toBe('a${{ parameters.si');
  expect((document.activeElement as HTMLElement).closest('[data-pointer]')?.getAttribute('data-pointer')).toBe(
    '/steps/1/config/environment/A',
  );
  await until(() => box.querySelector('[role=option]')?.textContent).toContain('site');
  await userEvent.keyboard('{Enter} }}');
  await until(() => lines().at(-2)).toContain("A: 'a${{ parameters.site }}'");
});

test('what is typed is kept when the builder is left at once', async () => {
  const { row, write, leave } = show();
  await row('one');
  await write('{Home}# mine ', 0);
  leave();
  expect(keeping.read()?.text).toMatch(/^# mine # Kept by netops\./);
});

test('a draft that was left unreadable is found again with the steps that are saved', async () => {
  keeping.keep({ text: `[[[[${JOB}`, tag: '"1"' });
  const { box, row } = show();
  await row('two');
  // The steps that are saved may be shown before what was left has been read.
  await until(() => box.textContent).toContain('unreadable: the last good state is shown');
});

test('where the part that reads definitions cannot be loaded the page says so, and the text is saved all the same', async () => {
  vi.mocked(window.Worker).mockImplementation(function Gone() {
    return new Real('/there-is-no-such-worker.js', { type: 'module' });
  } as never);
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  answers = {
    ...answers,
    '/jobs/edge': () => Response.json({ name: 'edge', version: 2, source: '' }, { headers: { etag: '"2"' } }),
  };
  const { box, write, press } = show();
  await until(() => box.textContent).toContain('has stopped');
  await write('{Home}# mine ', 0);
  await press(/^Save as v2…/);
  await press(/^Save as v2(?!…)/);
  await until(() => sent.find(({ path }) => path === '/jobs/edge')?.body.source).toMatch(/^# mine/);
  expect(said).toHaveBeenCalledWith('A worker of the page failed: it cannot be loaded');
  said.mockRestore();
});

test('a part of the form that was opened by hand stays open while fields elsewhere are written', async () => {
  const { box, choose, at, lines } = show();
  await choose('two');
  await at('/steps/1/id');
  const details = () => [...box.querySelectorAll('details')].find((one) => one.textContent?.startsWith('When, where'));
  details()?.querySelector('summary')?.click();
  await userEvent.fill(await at('/steps/1/name'), 'Second');
  await until(lines).toContain('    name: Second');
  expect(details()?.open).toBe(true);
});

test('a plan asks for what its parameters ask for and is not shown again of another text, and a step that is tried asks for secrets each time', async () => {
  answers = {
    ...answers,
    '/jobs/plan': () => Response.json({ job: 'edge', locks: [{ key: 'one-at-a-time' }], steps: [], warnings: [], closed: [] }),
  };
  const more = '  more: { type: boolean, default: false }\n  why: { type: string, visible_if: parameters.more }\n  key: {';
  const { choose, press } = show(JOB.replace('  key: {', more));
  await choose('one');
  const dialog = () => document.querySelector<HTMLElement>('[role=dialog]');
  await press(/^Show plan/);
  const asked = (name: string) => dialog()?.querySelector<HTMLInputElement>(`[data-pointer="/parameters/${name}"] input`);
  await until(() => asked('more')).toBeTruthy();
  expect(asked('why')).toBeNull();
  await userEvent.click(asked('more') as Element);
  await until(() => asked('why')).toBeTruthy();
  await userEvent.fill(asked('why') as Element, 'because');
  await userEvent.click(asked('more') as Element);
  await until(() => asked('why')).toBeNull();
  await press(/^Draw up plan/);
  await until(() => dialog()?.textContent).toContain('one-at-a-time');
  expect(sent.find(({ path }) => path === '/jobs/plan')?.body.parameters).toEqual({ more: false });
  await userEvent.keyboard('{Escape}');
  await until(dialog).toBeNull();
  await press(/^Show plan/);
  await until(() => dialog()?.textContent).toContain('Draw up plan');
  expect(dialog()?.textContent).not.toContain('one-at-a-time');
  await userEvent.keyboard('{Escape}');
  await until(dialog).toBeNull();
  await press(/^Test step/);
  const secret = () => dialog()?.querySelector<HTMLInputElement>('[type=password]');
  await until(secret).toBeTruthy();
  await userEvent.fill(secret() as Element, 'sesame');
  await userEvent.keyboard('{Escape}');
  await until(dialog).toBeNull();
  await press(/^Test step/);
  await until(secret).toBeTruthy();
  expect(secret()?.value).toBe('');
});

/** A drag as a browser tells it, with keys held. */
async function drag(from: Element, to: Element, part: number, keys: { readonly altKey?: boolean; readonly ctrlKey?: boolean } = {}) {
  const dataTransfer = new DataTransfer();
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const { left, top, height } = to.getBoundingClientRect();
  const fire = (on: Element, type: string) =>
    on.dispatchEvent(
      new DragEvent(type, {
        bubbles: true,
        cancelable: true,
        composed: true,
        dataTransfer,
        clientX: left + 20,
        clientY: top + height * part,
        ...keys,
      }),
    );
  fire(from, 'dragstart');
  await frame();
  fire(to, 'dragenter');
  fire(to, 'dragover');
  await frame();
  fire(to, 'drop');
  fire(from, 'dragend');
}

test('dragged with Alt or Ctrl a step stays and a copy goes, one that is dropped on the step types is deleted, and undo brings back every byte', async () => {
  const { box, row, rows, lines, press } = show();
  const item = async (id: string) => (await row(id)).closest('li') as Element;
  const ids = () => rows().map((one) => one.querySelector('bdi')?.textContent);
  await drag(await item('two'), await item('one'), 0.1, { altKey: true });
  await until(ids).toEqual(['two-2', 'one', 'two']);
  await until(() => box.textContent).toContain('A copy of two is at place 1 of 3 in Steps.');
  await drag(await item('one'), await item('two'), 0.9, { ctrlKey: true });
  await until(ids).toEqual(['two-2', 'one-2', 'one', 'two']);
  const bin = box.querySelector('[data-palette-filter]')?.parentElement as Element;
  await drag(await item('two-2'), bin, 0.5);
  await until(ids).toEqual(['one-2', 'one', 'two']);
  await until(() => box.textContent).toContain('Deleted two-2. Undo brings it back.');
  for (const expected of [4, 3, 2]) {
    await press(/^Undo$/);
    await until(() => ids().length).toBe(expected);
  }
  expect(lines().join('\n')).toBe(JOB);
});
