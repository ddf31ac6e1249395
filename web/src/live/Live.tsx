import { useQueryClient } from '@tanstack/solid-query';
import { createContext, createSignal, onCleanup, type ParentComponent, useContext } from 'solid-js';
import { API } from '../api/client.ts';
import type { LiveMessage } from '../api/views.ts';
import { useSession } from '../session/session.tsx';
import { batch, createEffect, whenChanged } from '../solid.ts';
import { openStream } from './stream.ts';

/** How fresh the page is: `stale` since the last word heard. */
export type Freshness = { readonly kind: 'connecting' } | { readonly kind: 'live' } | { readonly kind: 'stale'; readonly since: number };

type Handler = (message: LiveMessage) => void;

interface Live {
  readonly freshness: () => Freshness;
  /** The server runs another build than the one this page was loaded from. */
  readonly updated: () => boolean;
  readonly reconnect: () => void;
  readonly watch: (topic: string, handler: Handler) => () => void;
  /** Calls back when news may have been missed and what is shown must be read again. */
  readonly onGap: (listener: () => void) => () => void;
}

const LiveContext = createContext<Live>();
const GRACE_MS = 3000;
const POLL_MS = 5000;

const isMessage = (data: unknown): data is LiveMessage => typeof data === 'object' && data !== null && 'topic' in data;
const buildOf = (data: unknown): string | null =>
  typeof data === 'object' && data !== null && 'build' in data ? String(data.build) : null;

/** Keeps one event stream open for whatever is on screen; while it is down, everything visible is polled. */
export const LiveProvider: ParentComponent = (props) => {
  const queries = useQueryClient();
  const session = useSession();
  const [freshness, setFreshness] = createSignal<Freshness>({ kind: 'connecting' });
  const [updated, setUpdated] = createSignal(false);
  const watchers = new Map<string, Set<Handler>>();
  let heardAt = Date.now();
  let build: string | null = null;
  let waiting: LiveMessage[] = [];
  let grace: ReturnType<typeof setTimeout> | undefined;

  const gapListeners = new Set<() => void>();
  const readAgain = () => {
    void queries.invalidateQueries({ type: 'active', predicate: (query) => query.meta?.live === true });
    for (const listener of gapListeners) listener();
  };
  const onGap = (listener: () => void) => {
    gapListeners.add(listener);
    return () => gapListeners.delete(listener);
  };

  // News is applied once a frame; a hidden tab paints no frames and takes its time.
  const flush = () => {
    const news = waiting;
    waiting = [];
    batch(() => {
      for (const message of news) for (const handler of watchers.get(message.topic) ?? []) handler(message);
    });
  };
  const schedule = () => (document.hidden ? setTimeout(flush, 500) : requestAnimationFrame(flush));

  const fresh = () => {
    heardAt = Date.now();
    clearTimeout(grace);
    grace = undefined;
    if (freshness().kind !== 'live') setFreshness({ kind: 'live' });
  };

  const stream = openStream(`${API}/events`, {
    open: () => {
      // What was read before the stream listened may have changed in between; later gaps the server tells by itself.
      const first = freshness().kind === 'connecting';
      fresh();
      if (first) readAgain();
    },
    message: (data) => {
      fresh();
      if (!isMessage(data)) return;
      if (waiting.length === 0) schedule();
      waiting.push(data);
    },
    ping: (data) => {
      fresh();
      const said = buildOf(data);
      build ??= said;
      setUpdated(said !== build);
    },
    resync: readAgain,
    lost: () => {
      grace ??= setTimeout(() => setFreshness({ kind: 'stale', since: heardAt }), GRACE_MS);
    },
  });

  createEffect(() => {
    if (freshness().kind !== 'stale') return;
    const poll = setInterval(() => document.hidden || session.ended() || readAgain(), POLL_MS);
    onCleanup(() => clearInterval(poll));
  });

  let listening: ReturnType<typeof setTimeout> | undefined;
  const listen = () => {
    clearTimeout(listening);
    listening = setTimeout(() => stream.listen([...watchers.keys()].sort()), 30);
  };

  // Without a session every request would be refused; the news starts again with the next one.
  whenChanged(session.ended, (ended) => (ended ? stream.close() : listen()), 'later');

  const watch = (topic: string, handler: Handler) => {
    const handlers = watchers.get(topic) ?? new Set();
    watchers.set(topic, handlers.add(handler));
    listen();
    return () => {
      handlers.delete(handler);
      if (handlers.size === 0) watchers.delete(topic);
      listen();
    };
  };

  onCleanup(() => {
    clearTimeout(listening);
    clearTimeout(grace);
    stream.close();
  });

  return (
    <LiveContext.Provider value={{ freshness, updated, reconnect: stream.reconnect, watch, onGap }}>{props.children}</LiveContext.Provider>
  );
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
