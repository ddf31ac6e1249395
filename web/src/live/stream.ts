/** What a stream tells its owner; `id` is the newest event's, to go on from. */
export interface StreamEvents {
  readonly message: (data: unknown, id: string) => void;
  /** The server's build, every 15 s. */
  readonly ping: (data: unknown, id: string) => void;
  /** News may have been missed, of these topics or of all: what is shown of them must be read again unless it was read after the event `since`. */
  readonly resync: (topics: readonly string[] | null, since: string | null, id: string) => void;
  readonly open: () => void;
  /** The stream fell silent or broke; a new one is being tried. */
  readonly lost: () => void;
}

/** The parts of EventSource a stream needs, so that tests can drive it. */
export type OpenSource = (url: string) => Pick<EventSource, 'addEventListener' | 'close'>;

/** Three pings of 15 s missed, and two seconds for the network. */
export const SILENCE_MS = 47_000;
/** So long a topic nobody wants any more may go on: who comes back soon costs no new connection. */
export const LINGER_MS = 10_000;
/** So long a connection may take before another try helps. */
const YOUNG_MS = 5000;
const RETRY_MS = [500, 1000, 2000, 4000, 8000] as const;

export interface Stream {
  /** Listens to these topics from now on; opens a new connection when one of them is not covered yet, or, a while later, when others are too many. Where nothing was heard yet it begins with the event `from`. */
  listen(topics: readonly string[], from?: string): void;
  /** Tries again at once, unless a try has only just begun. */
  reconnect(): void;
  /** Listens to nothing until it is told topics again. */
  close(): void;
}

const sinceOf = (data: unknown): string | null =>
  typeof data === 'object' && data !== null && 'since' in data && typeof data.since === 'string' ? data.since : null;
const topicsOf = (data: unknown): readonly string[] | null =>
  typeof data === 'object' && data !== null && 'topics' in data && Array.isArray(data.topics) ? data.topics.map(String) : null;

/** One event stream that outlives its connections: reopened with growing pauses from the last event it saw, and when the server falls silent. */
export const openStream = (
  url: string,
  events: StreamEvents,
  open: OpenSource = (at) => new EventSource(at),
  lastSeen: string = '',
): Stream => {
  let source: ReturnType<OpenSource> | null = null;
  let covered: readonly string[] = [];
  /** What was listened to when something was heard last; of any other topic nothing is known before the connection that covers it. */
  let known: readonly string[] | null = lastSeen === '' ? [] : null;
  let lastId = lastSeen;
  let failures = 0;
  /** When the connection was begun that nothing was heard of yet. */
  let trying: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lingering: ReturnType<typeof setTimeout> | undefined;

  const wait = (ms: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };

  const heard = (event: Event) => {
    trying = null;
    if (event instanceof MessageEvent && event.lastEventId !== '') lastId = event.lastEventId;
    wait(SILENCE_MS, lose);
  };

  const lose = () => {
    source?.close();
    source = null;
    trying = null;
    events.lost();
    wait((RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 8000) * (0.75 + Math.random() / 2), connect);
    failures += 1;
  };

  const connect = () => {
    source?.close();
    source = null;
    trying = null;
    clearTimeout(timer);
    clearTimeout(lingering);
    if (covered.length === 0) return;
    const from = lastId;
    const added = known === null ? [] : covered.filter((topic) => !known?.includes(topic));
    let isBegun = added.length === 0;
    /** News of what was added come from `from` on, or else from the first event. */
    const begin = (since: string) => {
      if (isBegun || since === '') return;
      isBegun = true;
      events.resync(added, since, lastId);
    };
    const search = new URLSearchParams({ topics: covered.join(','), ...(from && { last_event_id: from }) });
    const opened = open(`${url}?${search}`);
    source = opened;
    trying = Date.now();
    const on = (type: string, handle: (event: Event) => void) =>
      opened.addEventListener(type, (event) => {
        // Words of a connection that was replaced are not heard.
        if (source === opened) handle(event);
      });
    const onData = (type: string, handle: (data: unknown) => void) =>
      on(type, (event) => {
        heard(event);
        begin(lastId);
        handle(JSON.parse((event as MessageEvent<string>).data));
      });
    on('open', (event) => {
      failures = 0;
      heard(event);
      known = covered;
      events.open();
      begin(from);
    });
    onData('message', (data) => events.message(data, lastId));
    onData('ping', (data) => events.ping(data, lastId));
    onData('resync', (data) => events.resync(topicsOf(data), sinceOf(data), lastId));
    on('error', lose);
    wait(SILENCE_MS, lose);
  };

  return {
    listen: (topics, from = '') => {
      // A page that needs nothing leaves the stream as it is for the next one.
      if (topics.length === 0) return;
      lastId ||= from;
      clearTimeout(lingering);
      const isCovered = source !== null && topics.every((topic) => covered.includes(topic));
      if (isCovered && covered.length === topics.length) return;
      const change = () => {
        covered = [...topics];
        connect();
      };
      if (isCovered) lingering = setTimeout(change, LINGER_MS);
      else change();
    },
    reconnect: () => {
      if (trying === null || Date.now() - trying >= YOUNG_MS) connect();
    },
    close: () => {
      covered = [];
      connect();
    },
  };
};
