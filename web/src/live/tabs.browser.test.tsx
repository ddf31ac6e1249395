import { expect, onTestFinished, test, vi } from 'vitest';
import { shareStream } from './shared-stream.ts';
import { findTabs } from './tabs.ts';

/** Tabs of one browser, whose locks and channels are the real ones. */
const browser = () => {
  const api = `/${crypto.randomUUID()}`;
  const sources: { readonly tab: string; readonly source: EventTarget; closed: boolean }[] = [];
  const openTab = () => {
    const { tab, channel, ...found } = findTabs(api);
    let isFrozen = false;
    const later: (() => void)[] = [];
    const heard: unknown[] = [];
    const when = (act: () => void) => (isFrozen ? void later.push(act) : act());
    const stream = shareStream(
      '/events',
      {
        open: () => void heard.push('open'),
        lost: () => void heard.push('lost'),
        message: (data) => void heard.push(data),
        ping: () => undefined,
        resync: () => void heard.push('resync'),
      },
      {
        ...found,
        tab,
        channel: { ...channel, hear: (handler) => channel.hear((word) => when(() => handler(word))) },
        elect: (calls) => found.elect({ ...calls, follow: () => when(calls.follow) }),
        open: () => {
          const source = new EventTarget();
          const one = { tab, source, closed: false };
          sources.push(one);
          const close = () => {
            one.closed = true;
          };
          return Object.assign(source, { close }) as unknown as EventSource;
        },
      },
    );
    onTestFinished(stream.leave);
    return {
      tab,
      heard,
      stream,
      freeze: () => {
        isFrozen = true;
      },
      thaw: () => {
        isFrozen = false;
        for (const act of later.splice(0)) act();
      },
    };
  };
  const open = () => sources.filter(({ closed }) => !closed);
  return {
    openTab,
    open: () => open().map(({ tab }) => tab),
    say: (tab: string, n: number) =>
      open()
        .find((one) => one.tab === tab)
        ?.source.dispatchEvent(new MessageEvent('message', { data: JSON.stringify({ n }), lastEventId: `e-${n}` })),
  };
};

test('a frozen tab that holds the lock loses it to one that is looked at, waits in line once it thaws, and leads again when that one is gone', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { openTab, open, say } = browser();
  const first = openTab();
  const wish = { topics: ['runs'], visible: true, asleep: false, from: '' };
  first.stream.wish(wish);
  await expect.poll(open).toEqual([first.tab]);
  const second = openTab();
  second.stream.wish(wish);
  say(first.tab, 1);
  await expect.poll(() => second.heard).toContainEqual({ n: 1 });

  first.freeze();
  await vi.advanceTimersByTimeAsync(8_001);
  await expect.poll(open).toEqual([first.tab, second.tab]);
  say(second.tab, 2);
  first.thaw();
  await expect.poll(open).toEqual([second.tab]);
  await expect.poll(() => first.heard).toContainEqual('resync');
  say(second.tab, 3);
  await expect.poll(() => first.heard).toContainEqual({ n: 3 });

  second.stream.leave();
  await expect.poll(open).toEqual([first.tab]);
});
