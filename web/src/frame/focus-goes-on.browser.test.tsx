import { createSignal, For, type JSX, Show } from 'solid-js';
import { render } from 'solid-js/web';
import { expect, onTestFinished, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { Confirm } from '../components/Confirm.tsx';
import { Fetched } from '../components/Fetched.tsx';
import { Menu, MenuItem } from '../components/Menu.tsx';
import { Toasts, toast } from '../components/Toasts.tsx';
import { draw } from '../testing/draw.tsx';
import { useFocusGoesOn } from './focus-goes-on.ts';

/** A page as the frame draws it. */
const drawPage = (what: () => JSX.Element) =>
  draw(() => {
    useFocusGoesOn();
    return (
      <div>
        <h1 tabindex="-1">Things</h1>
        {what()}
      </div>
    );
  });
const focused = () => (document.activeElement === document.body ? 'nothing' : document.activeElement?.textContent?.trim());
const button = (words: string) => [...document.querySelectorAll('button')].find((one) => one.textContent?.startsWith(words)) as HTMLElement;
const pressByKey = async (words: string) => {
  button(words).focus();
  await userEvent.keyboard('{Enter}');
};

const Rows = (props: { first: readonly string[] }) => {
  const [names, setNames] = createSignal(props.first);
  return (
    <>
      <ul>
        <For each={names()}>
          {(name) => (
            <li>
              <a href={`#${name}`}>{name}</a>
              <button type="button">{`Edit ${name}`}</button>
              <button type="button" onClick={() => setNames(names().filter((one) => one !== name))}>{`Delete ${name}`}</button>
            </li>
          )}
        </For>
      </ul>
      <Show when={names().length === 0}>
        <p>
          None is left. <button type="button">Make one</button>
        </p>
      </Show>
    </>
  );
};

test('who deletes one row after the other goes from delete to delete, and at last to what there is to do instead', async () => {
  drawPage(() => <Rows first={['a', 'b', 'c']} />);
  await pressByKey('Delete b');
  await expect.poll(focused).toBe('Delete c');
  await userEvent.keyboard('{Enter}');
  await expect.poll(focused).toBe('Delete a');
  await userEvent.keyboard('{Enter}');
  await expect.poll(focused).toBe('Make one');
});

test('what goes by itself leaves the focus to nothing that acts, and a key that is still held acts on nothing else', async () => {
  const [names, setNames] = createSignal(['a', 'b', 'c', 'd']);
  const acted: string[] = [];
  drawPage(() => (
    <For each={names()}>
      {(name) => (
        <p>
          <button
            type="button"
            onClick={() => acted.push(name) && setNames(names().filter((one) => one !== name))}
          >{`Delete ${name}`}</button>
          <a href={`#${name}`}>{name}</a>
        </p>
      )}
    </For>
  ));
  button('Delete a').focus();
  setNames(['b', 'c', 'd']);
  await expect.poll(focused).toBe('b');
  button('Delete b').focus();
  await userEvent.keyboard('{Enter>3}');
  await expect.poll(focused).toBe('Delete c');
  await userEvent.keyboard('{/Enter}');
  expect(acted).toEqual(['b']);
  await userEvent.keyboard('{Enter}');
  await expect.poll(focused).toBe('Delete d');
  expect(acted).toEqual(['b', 'c']);
});

test('of a table whose rows are reached by arrows, the next row has the focus of one that news took away', async () => {
  const [names, setNames] = createSignal(['a', 'b', 'c']);
  const [active, setActive] = createSignal('b');
  drawPage(() => (
    <div role="grid">
      <For each={names()}>
        {(name) => (
          <div role="row" tabindex={active() === name ? 0 : -1} onFocusIn={() => setActive(name)}>
            <span role="gridcell">
              {name}
              <button type="button" tabindex={active() === name ? 0 : -1}>{`Retry ${name}`}</button>
            </span>
          </div>
        )}
      </For>
    </div>
  ));
  button('Retry b').focus();
  setNames(['a', 'c']);
  await expect.poll(focused).toBe('cRetry c');
  setNames(['a']);
  await expect.poll(focused).toBe('aRetry a');
});

test('a held key opens no row that it gave the focus to', async () => {
  const [names, setNames] = createSignal(['a', 'b']);
  const opened: string[] = [];
  drawPage(() => (
    <div role="grid">
      <For each={names()}>
        {(name) => (
          <div
            role="row"
            tabindex="0"
            onKeyDown={(event) => event.key === 'Enter' && event.target === event.currentTarget && opened.push(name)}
          >
            <span role="gridcell">
              {name}
              <Show when={name === 'a'}>
                <button type="button" onClick={() => setNames(['b'])}>
                  Drop a
                </button>
              </Show>
            </span>
          </div>
        )}
      </For>
    </div>
  ));
  button('Drop a').focus();
  await userEvent.keyboard('{Enter>3}');
  await expect.poll(focused).toBe('b');
  await userEvent.keyboard('{/Enter}');
  expect(opened).toEqual([]);
  await userEvent.keyboard('{Enter}');
  expect(opened).toEqual(['b']);
});

test('what news takes away long after it was pressed leaves the focus to nothing that acts', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const [names, setNames] = createSignal(['a', 'b', 'c']);
  drawPage(() => (
    <For each={names()}>
      {(name) => (
        <p>
          <button type="button">{`Retry ${name}`}</button>
          <a href={`#${name}`}>{name}</a>
        </p>
      )}
    </For>
  ));
  await pressByKey('Retry a');
  vi.advanceTimersByTime(9_000);
  setNames(['b', 'c']);
  await expect.poll(focused).toBe('Retry b');
  await userEvent.keyboard('{Enter}');
  vi.advanceTimersByTime(11_000);
  setNames(['c']);
  await expect.poll(focused).toBe('c');
});

test('what is drawn anew out of sight does not scroll the page back to it, but who pressed sees where it goes on', async () => {
  const [turn, setTurn] = createSignal(1);
  const [more, setMore] = createSignal(true);
  drawPage(() => (
    <>
      <Show when={turn()} keyed>
        {(now) => (
          <p>
            <a href="#read">{`Read ${now}`}</a>
          </p>
        )}
      </Show>
      <Show when={more()}>
        <button type="button" onClick={() => setMore(false)}>
          More
        </button>
      </Show>
      <p class="h-[300vh]">Much</p>
      <a href="#end">End</a>
    </>
  ));
  const page = document.scrollingElement as HTMLElement;
  onTestFinished(() => page.scrollTo(0, 0));
  document.querySelector('a')?.focus();
  page.scrollTo(0, 900);
  setTurn(2);
  await expect.poll(focused).toBe('Read 2');
  expect(page.scrollTop).toBe(900);
  page.scrollTo(0, 0);
  await pressByKey('More');
  await expect.poll(focused).toBe('End');
  expect(page.scrollTop).toBeGreaterThan(900);
});

test('an entry that is taken away within a layer leaves the focus in the layer', async () => {
  const [names, setNames] = createSignal(['a', 'b']);
  drawPage(() => (
    <Confirm open title="Choose" keep="Keep all" act="Go on" close={() => undefined} run={async () => undefined}>
      {() => (
        <For each={names()}>
          {(name) => (
            <p>
              <button type="button" onClick={() => setNames(names().filter((one) => one !== name))}>{`Drop ${name}`}</button>
            </p>
          )}
        </For>
      )}
    </Confirm>
  ));
  await expect.poll(focused).toBe('Keep all');
  await pressByKey('Drop b');
  const layer = () => document.activeElement?.closest('[role=dialog]') ?? null;
  await expect.poll(layer).not.toBe(null);
  button('Drop a').focus();
  setNames([]);
  await expect.poll(layer).not.toBe(null);
});

test('a banner that is dismissed leaves the focus to what stands behind it, the last of a page to its heading', async () => {
  const [banners, setBanners] = createSignal(['Old', 'New']);
  const [rest, setRest] = createSignal(true);
  drawPage(() => (
    <>
      <For each={banners()}>
        {(one) => (
          <div>
            {one} <button type="button" onClick={() => setBanners(banners().filter((other) => other !== one))}>{`Dismiss ${one}`}</button>
          </div>
        )}
      </For>
      <section>
        <Show when={rest()}>
          <button type="button" onClick={() => setRest(false)}>
            Go
          </button>
        </Show>
      </section>
    </>
  ));
  await pressByKey('Dismiss Old');
  await expect.poll(focused).toBe('Dismiss New');
  await userEvent.keyboard('{Enter}');
  await expect.poll(focused).toBe('Go');
  await userEvent.keyboard('{Enter}');
  await expect.poll(focused).toBe('Things');
});

test('a row that is moved, and one that is drawn anew in its place, keeps the focus', async () => {
  const [names, setNames] = createSignal(['a', 'b', 'c']);
  const [turn, setTurn] = createSignal(1);
  drawPage(() => (
    <>
      <For each={names()}>
        {(name) => (
          <button type="button" onClick={() => setNames(names().toReversed())}>
            {name}
          </button>
        )}
      </For>
      <Show when={turn()} keyed>
        {(now) => (
          <p>
            <button type="button">{`Read ${now}`}</button>
            <button type="button" onClick={() => setTurn(now + 1)}>{`Again ${now}`}</button>
          </p>
        )}
      </Show>
    </>
  ));
  for (const name of ['a', 'b', 'c']) {
    await pressByKey(name);
    await expect.poll(focused).toBe(name);
  }
  await pressByKey('Again 1');
  await expect.poll(focused).toBe('Again 2');
});

test('a load that is tried again and fails again leaves the focus at trying again', async () => {
  const [error, setError] = createSignal<Error | null>(new Error('refused'));
  const query = {
    data: undefined,
    dataUpdatedAt: 0,
    fetchStatus: 'fetching' as const,
    get error() {
      return error();
    },
    get isPending() {
      return error() === null;
    },
    refetch: () => setError(null),
  };
  drawPage(() => (
    <>
      <Fetched query={query} skeleton="h-8">
        {() => null}
      </Fetched>
      <button type="button">Something else</button>
    </>
  ));
  await pressByKey('Try again');
  await expect.poll(() => document.querySelector('[aria-busy=true]')).not.toBe(null);
  expect(focused()).toBe('nothing');
  setError(new Error('refused anew'));
  await expect.poll(focused).toBe('Try again');
});

test('a message in passing that is closed gives the focus back to where the reader was', async () => {
  drawPage(() => (
    <>
      <button type="button">Save</button>
      <button type="button">Leave</button>
    </>
  ));
  const foot = document.createElement('div');
  document.body.append(foot);
  const end = render(() => <Toasts />, foot);
  onTestFinished(() => {
    end();
    foot.remove();
  });
  button('Save').focus();
  toast({ says: 'It failed.', failed: true });
  (document.querySelector('[aria-label=Close]') as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(focused).toBe('Save');
});

test('layers give the focus back themselves, also when what opened them goes by what they did', async () => {
  const [names, setNames] = createSignal(['a', 'b']);
  const [asked, setAsked] = createSignal<string>();
  drawPage(() => (
    <>
      <For each={names()}>
        {(name) => (
          <p>
            <Menu worded trigger={`More of ${name}`}>
              <MenuItem onSelect={() => setAsked(name)}>Delete…</MenuItem>
            </Menu>
          </p>
        )}
      </For>
      <Confirm
        open={asked() !== undefined}
        title={`Delete ${asked()}?`}
        keep="Keep it"
        act="Delete it"
        close={() => setAsked(undefined)}
        run={async () => {
          const gone = asked();
          setTimeout(() => setNames(names().filter((one) => one !== gone)), 100);
        }}
      />
    </>
  ));
  await pressByKey('More of a');
  await expect.poll(() => document.querySelector('[role=menu]')).not.toBe(null);
  await userEvent.keyboard('{ArrowDown}{Enter}');
  await expect.poll(focused).toBe('Keep it');
  await userEvent.keyboard('{Escape}');
  await expect.poll(focused).toBe('More of a');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => document.querySelector('[role=menu]')).not.toBe(null);
  await userEvent.keyboard('{ArrowDown}{Enter}');
  await expect.poll(focused).toBe('Keep it');
  button('Delete it').click();
  await expect.poll(focused).toBe('More of b');
});

test('the reader who pressed somewhere else is not called back', async () => {
  const [there, setThere] = createSignal(true);
  drawPage(() => (
    <>
      <Show when={there()}>
        <p>
          <button type="button">Goes</button>
        </p>
      </Show>
      <p>Plain words</p>
      <button type="button">Stays</button>
    </>
  ));
  button('Goes').focus();
  await userEvent.click(document.querySelector('p:not(:has(button))') as HTMLElement);
  setThere(false);
  await new Promise(requestAnimationFrame);
  expect(focused()).toBe('nothing');
});

test('the reader who gave the focus up is not called back, whom the browser took it from is', async () => {
  const [there, setThere] = createSignal(true);
  const [off, setOff] = createSignal(false);
  drawPage(() => (
    <>
      <Show when={there()}>
        <p>
          <input aria-label="Filter" disabled={off()} onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()} />
        </p>
      </Show>
      <a href="#on">Further on</a>
    </>
  ));
  const field = () => document.querySelector('input') as HTMLElement;
  const soon = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)));
  field().focus();
  await userEvent.keyboard('{Escape}');
  await soon();
  setThere(false);
  await soon();
  expect(focused()).toBe('nothing');
  setThere(true);
  field().focus();
  setOff(true);
  await expect.poll(focused).toBe('nothing');
  await soon();
  setThere(false);
  await expect.poll(focused).toBe('Further on');
});
