import type { Channel, Elect, Tabs, Word } from './shared-stream.ts';

/** Tabs of one version of these words understand each other. */
const NAME = 'capstan.live.2';

const openChannel = (name: string): Channel | null => {
  try {
    const channel = new BroadcastChannel(name);
    let open = true;
    return {
      post: (word) => {
        if (open) channel.postMessage(word);
      },
      hear: (handler) => channel.addEventListener('message', ({ data }: MessageEvent<Word>) => handler(data)),
      close: () => {
        open = false;
        channel.close();
      },
    };
  } catch {
    // Storage is blocked, and with it the way from tab to tab.
    return null;
  }
};

/** Whoever holds the lock leads; the others wait for it in line. Taken from a tab that does not answer, it is that tab that waits from then on. */
const byLock =
  (name: string): Elect =>
  ({ lead, follow, alone }) => {
    let giveUp = (): void => undefined;
    const ask = (how: 'wait' | 'take') => {
      const given = new AbortController();
      let release = (): void => undefined;
      let isMine = false;
      const turn = new Promise<void>((resolve) => {
        release = resolve;
      });
      giveUp = () => {
        given.abort();
        release();
      };
      const take = () => {
        if (given.signal.aborted) return;
        isMine = true;
        lead();
        return turn;
      };
      navigator.locks.request(name, how === 'take' ? { steal: true } : { signal: given.signal }, take).catch(() => {
        if (given.signal.aborted) return;
        if (!isMine) return alone();
        follow();
        ask('wait');
      });
    };
    ask('wait');
    return {
      take: () => {
        giveUp();
        ask('take');
      },
      rejoin: () => {
        giveUp();
        ask('wait');
      },
      giveUp: () => giveUp(),
    };
  };

const ALONE: Pick<Tabs, 'channel' | 'elect'> = {
  channel: { post: () => undefined, hear: () => undefined, close: () => undefined },
  elect: ({ lead }) => {
    lead();
    return { take: () => undefined, rejoin: () => undefined, giveUp: () => undefined };
  },
};

/** The way this tab finds the others of its browser; where there is none, it is alone. */
export const findTabs = (api: string): Tabs => {
  const tab = Math.random().toString(36).slice(2);
  const name = `${NAME} ${api}`;
  const channel = 'locks' in navigator ? openChannel(name) : null;
  return channel ? { tab, channel, elect: byLock(name), isShared: true } : { tab, ...ALONE, isShared: false };
};
