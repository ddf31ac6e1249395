import { useQueryClient } from '@tanstack/solid-query';
import { createContext, createSignal, onCleanup, type ParentComponent, useContext } from 'solid-js';
import { API } from '../api/client.ts';
import type { LiveMessage } from '../api/views.ts';
import { useSession } from '../session/session.tsx';
import { batch, createEffect, whenChanged } from '../solid.ts';
import { createDrawing } from './drawing.ts';
import { keepUp } from './keep-up.ts';
import { isMessage, type News, takeNews } from './news.ts';
import { createPlaceReader, placesThatTell } from './places.ts';
import { createReadAgain } from './read-again.ts';
import { oldestRead } from './read-at.ts';
import { type SharedStream, shareStream } from './shared-stream.ts';
import { findTabs } from './tabs.ts';
import { whenSeen } from './when-seen.ts';

/** How fresh the page is: `stale` since the last word heard. */
export type Freshness = { readonly kind: 'connecting' } | { readonly kind: 'live' } | { readonly kind: 'stale'; readonly since: number };

type Handler = (message: LiveMessage) => void;
/** Told of which topics news may have been missed; null: of all. */
type GapListener = (topics: readonly string[] | null) => void;

interface Live {
  readonly freshness: () => Freshness;
  /** The server runs another build than the one this page was loaded from. */
  readonly updated: () => boolean;
  readonly reconnect: () => void;
  /** Reads again whatever is visible. */
  readonly readAgain: () => void;
  readonly watch: (topic: string, handler: Handler) => () => void;
  /** Calls back when news may have been missed and what is shown must be read again. */
  readonly onGap: (listener: GapListener) => () => void;
}

const LiveContext = createContext<Live>();
const GRACE_MS = 3000;
const POLL_MS = 5000;
const SETTLE_MS = 30;
/** So long a stream that was never open waits for what is read first, to go on from there. */
const FIRST_MS = 1000;

const buildOf = (data: unknown): string | null =>
  typeof data === 'object' && data !== null && 'build' in data ? String(data.build) : null;

/** Keeps one event stream open for whatever is on the screens of all tabs; while it is down, everything visible is polled. */
export const LiveProvider: ParentComponent = (props) => {
  const queries = useQueryClient();
  const session = useSession();
  const [freshness, setFreshness] = createSignal<Freshness>({ kind: 'connecting' });
  const [updated, setUpdated] = createSignal(false);
  const watchers = new Map<string, Set<Handler>>();
  const gapListeners = new Set<GapListener>();
  const kept = keepUp(queries);
  let heardAt = Date.now();
  let wasOpen = false;
  // What this page was built as; where nobody wrote it into the page, what the server says first.
  let build: string | null = document.documentElement.dataset.build || null;
  let waiting: News = new Map();
  let grace: ReturnType<typeof setTimeout> | undefined;

  const again = createReadAgain(queries);
  const read = (which: 'live' | 'all', topics: readonly string[] | null = null, since: string | null = null) => {
    for (const listener of gapListeners) listener(topics);
    again.read(which, topics, since);
  };
  const onGap = (listener: GapListener) => {
    gapListeners.add(listener);
    return () => gapListeners.delete(listener);
  };

  const drawing = createDrawing(() => {
    const news = waiting;
    waiting = new Map();
    batch(() => {
      for (const message of news.values()) for (const handler of watchers.get(message.topic) ?? []) handler(message);
    });
  });

  const fresh = () => {
    heardAt = Date.now();
    clearTimeout(grace);
    grace = undefined;
    if (freshness().kind !== 'live') setFreshness({ kind: 'live' });
  };

  const events = {
    open: () => {
      wasOpen = true;
      fresh();
    },
    message: (data: unknown) => {
      fresh();
      if (!isMessage(data) || !watchers.has(data.topic)) return;
      kept.note(data);
      if (waiting.size === 0) drawing.schedule();
      takeNews(waiting, data);
    },
    ping: (data: unknown) => {
      fresh();
      const said = buildOf(data);
      build ??= said;
      // Once and for all, as behind two servers of two builds it would come and go.
      if (said !== build) setUpdated(true);
    },
    resync: (topics: readonly string[] | null, since: string | null) => {
      fresh();
      if (topics === null || topics.some((topic) => watchers.has(topic))) read('live', topics, since);
    },
    lost: () => {
      grace ??= setTimeout(() => setFreshness({ kind: 'stale', since: heardAt }), GRACE_MS);
    },
  };

  const join = (): SharedStream => shareStream(`${API}/events`, events, findTabs(API));
  let stream = join();

  const joinedAt = Date.now();
  const shownNow = () => queries.getQueryCache().findAll({ type: 'active', predicate: ({ meta }) => meta?.live === true });
  const isReadingFirst = () =>
    !wasOpen &&
    Date.now() - joinedAt < FIRST_MS &&
    shownNow().some(({ state }) => state.data === undefined && state.fetchStatus === 'fetching');
  let listening: ReturnType<typeof setTimeout> | undefined;
  const listen = () => {
    clearTimeout(listening);
    listening = setTimeout(() => {
      if (isReadingFirst()) return listen();
      // Nobody reads a log's tail in a tab that is not looked at; where tabs cannot share, such a tab gives up its whole stream.
      const topics = [...watchers.keys()].filter((topic) => !document.hidden || !topic.startsWith('log:')).sort();
      const asleep = session.ended() || (document.hidden && stream.isAlone());
      stream.wish({ topics, visible: !document.hidden, asleep, from: oldestRead(shownNow()) });
    }, SETTLE_MS);
  };

  createEffect(() => {
    if (freshness().kind !== 'stale') return;
    const ask = () => {
      if (!document.hidden && !session.ended()) read('live');
    };
    // At once, as it may be the session that ended.
    ask();
    const poll = setInterval(ask, POLL_MS);
    onCleanup(() => clearInterval(poll));
  });

  // Without a session every request would be refused; the news starts again with the next one.
  whenChanged(session.ended, listen, 'later');

  const watch = (topic: string, handler: Handler) => {
    const handlers = watchers.get(topic) ?? new Set();
    watchers.set(topic, handlers.add(handler));
    listen();
    return () => {
      handlers.delete(handler);
      if (handlers.size === 0 && watchers.get(topic) === handlers) watchers.delete(topic);
      listen();
    };
  };

  const readPlace = createPlaceReader(queries, whenSeen);
  // Of all places, whichever is shown: going from one to the next needs no other stream, and what is kept of the others does not grow old unnoticed.
  createEffect(() => {
    for (const [place, permission] of placesThatTell) if (session.may(permission)) onCleanup(watch(place, () => readPlace(place)));
  });

  const leave = () => stream.leave();
  const comeBack = ({ persisted }: PageTransitionEvent) => {
    if (!persisted) return;
    stream = join();
    listen();
    read('live');
  };
  const seen = () => {
    listen();
    // A frame that was asked for before the tab was hidden may not come for hours.
    if (waiting.size > 0) drawing.schedule();
  };
  document.addEventListener('visibilitychange', seen);
  addEventListener('pagehide', leave);
  addEventListener('pageshow', comeBack);
  onCleanup(() => {
    document.removeEventListener('visibilitychange', seen);
    removeEventListener('pagehide', leave);
    removeEventListener('pageshow', comeBack);
    clearTimeout(listening);
    clearTimeout(grace);
    drawing.stop();
    kept.stop();
    again.stop();
    leave();
  });

  const live: Live = { freshness, updated, reconnect: () => stream.reconnect(), readAgain: () => read('all'), watch, onGap };
  return <LiveContext.Provider value={live}>{props.children}</LiveContext.Provider>;
};

/** The page's live connection. */
export const useLive = (): Live => {
  const live = useContext(LiveContext);
  if (!live) throw new Error('useLive outside LiveProvider');
  return live;
};

/** Calls back with every message of a topic for as long as the component lives; the topic may change. */
export const useTopic = (topic: () => string, handler: Handler): void => {
  const live = useLive();
  whenChanged(topic, (name) => onCleanup(live.watch(name, handler)));
};
