/** What a stream tells its owner. */
export interface StreamEvents {
  readonly message: (data: unknown) => void;
  /** The server's build, every 15 s. */
  readonly ping: (data: unknown) => void;
  /** What was missed cannot be replayed: everything visible must be read again. */
  readonly resync: () => void;
  readonly open: () => void;
  /** The stream fell silent or broke; a new one is being tried. */
  readonly lost: () => void;
}

/** The parts of EventSource a stream needs, so that tests can drive it. */
export type OpenSource = (url: string) => Pick<EventSource, 'addEventListener' | 'close'>;

/** Three pings of 15 s missed, and two seconds for the network. */
export const SILENCE_MS = 47_000;
const RETRY_MS = [500, 1000, 2000, 4000, 8000] as const;

export interface Stream {
  /** Listens to these topics from now on; opens a new connection only when one of them is not covered yet. */
  listen(topics: readonly string[]): void;
  /** Tries again at once. */
  reconnect(): void;
  /** Listens to nothing until it is told topics again. */
  close(): void;
}

/** One event stream that outlives its connections: reopened with growing pauses from the last event it saw, and when the server falls silent. */
export const openStream = (url: string, events: StreamEvents, open: OpenSource = (at) => new EventSource(at)): Stream => {
  let source: ReturnType<OpenSource> | null = null;
  let covered: readonly string[] = [];
  let lastId = '';
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const wait = (ms: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };

  const heard = (event: Event) => {
    if (event instanceof MessageEvent && event.lastEventId !== '') lastId = event.lastEventId;
    wait(SILENCE_MS, lose);
  };

  const lose = () => {
    source?.close();
    source = null;
    events.lost();
    wait((RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 8000) * (0.75 + Math.random() / 2), connect);
    failures += 1;
  };

  const connect = () => {
    source?.close();
    source = null;
    clearTimeout(timer);
    if (covered.length === 0) return;
    const search = new URLSearchParams({ topics: covered.join(','), ...(lastId && { last_event_id: lastId }) });
    const opened = open(`${url}?${search}`);
    source = opened;
    const mine = (handle: (event: Event) => void) => (event: Event) => {
      if (source === opened) handle(event);
    };
    opened.addEventListener(
      'open',
      mine((event) => {
        failures = 0;
        heard(event);
        events.open();
      }),
    );
    opened.addEventListener(
      'message',
      mine((event) => {
        heard(event);
        events.message(JSON.parse((event as MessageEvent<string>).data));
      }),
    );
    opened.addEventListener(
      'ping',
      mine((event) => {
        heard(event);
        events.ping(JSON.parse((event as MessageEvent<string>).data));
      }),
    );
    opened.addEventListener(
      'resync',
      mine((event) => {
        heard(event);
        events.resync();
      }),
    );
    opened.addEventListener('error', mine(lose));
    wait(SILENCE_MS, lose);
  };

  return {
    listen: (topics) => {
      // A page that needs nothing leaves the stream as it is for the next one.
      if (topics.length === 0 || (source && topics.every((topic) => covered.includes(topic)))) return;
      covered = [...topics];
      connect();
    },
    reconnect: connect,
    close: () => {
      covered = [];
      connect();
    },
  };
};
