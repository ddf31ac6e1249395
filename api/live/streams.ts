import type { ServerResponse } from 'node:http';
import type { Identity } from '../access/identity.ts';
import type { Hub } from './hub.ts';

const PING_MS = 15_000;
const QUEUE_BYTES = 1 << 20;
const PER_IDENTITY = 64;

/** The open event streams of this process: pings them, cuts readers that fall behind, and ends those whose session or token has ended. */
export interface Streams {
  /** False when this caller has too many streams open already. */
  hasRoom(identity: Identity): boolean;
  /** Answers with an event stream that lasts until the reader leaves or is cut. */
  open(response: ServerResponse, identity: Identity, topics: readonly string[], lastEventId: string | null): void;
  /** How many streams are open. */
  size(): number;
  close(): void;
}

export interface StreamOptions {
  readonly hub: Hub;
  /** Rides in every ping, so that a page knows when it is older than its server. */
  readonly build: string;
  /** Those of these sessions and tokens that may still be used. */
  readonly stillValid: (identities: readonly Identity[]) => Promise<ReadonlySet<string>>;
  readonly pingMs?: number;
}

interface Stream {
  readonly identity: Identity;
  readonly response: ServerResponse;
  /** It had not taken everything at the last ping. */
  behind: boolean;
}

/** Sends bytes as they are, shared by all who get them; through `response.write` nothing would leave before the last reader was told. */
const send = (response: ServerResponse, bytes: Buffer): void => {
  // Without a socket it is behind another answer of its connection.
  (response.socket ?? response).write(bytes);
};

/** No streams yet; the clock that pings and checks them runs until `close`. */
export function createStreams({ hub, build, stillValid, pingMs = PING_MS }: StreamOptions): Streams {
  const streams = new Set<Stream>();
  const ping = () => Buffer.from(`event: ping\nid: ${hub.position()}\ndata: ${JSON.stringify({ build })}\n\n`);

  const endRevoked = async (): Promise<void> => {
    const valid = await stillValid([...new Map([...streams].map(({ identity }) => [identity.id, identity])).values()]);
    for (const { identity, response } of streams) if (!valid.has(identity.id)) response.end();
  };

  const clock = setInterval(() => {
    if (streams.size === 0) return;
    const bytes = ping();
    for (const stream of streams) {
      const full = stream.response.socket?.writableNeedDrain ?? true;
      if (full && stream.behind) stream.response.destroy();
      else send(stream.response, bytes);
      stream.behind = full;
    }
    // While the database is away nobody can be looked up; the next ping asks again.
    endRevoked().catch(() => undefined);
  }, pingMs).unref();

  return {
    hasRoom: (identity) => [...streams].filter((stream) => stream.identity.id === identity.id).length < PER_IDENTITY,
    open(response, identity, topics, lastEventId) {
      // It ends with its connection, and its bytes need no frames of their own.
      response.removeHeader('Transfer-Encoding');
      response.writeHead(200, {
        Connection: 'close',
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-cache, no-transform',
        'X-Accel-Buffering': 'no',
        'X-Content-Type-Options': 'nosniff',
      });
      const stream: Stream = { identity, response, behind: false };
      streams.add(stream);
      response.write('retry: 1000\n\n');
      const stop = hub.follow(topics, lastEventId, (bytes) => {
        // What one reader cannot take must not pile up here; it comes back with the last id it saw.
        if (response.writableLength > QUEUE_BYTES) response.destroy();
        else send(response, bytes);
      });
      send(response, ping());
      response.on('close', () => {
        stop();
        streams.delete(stream);
      });
      response.on('error', () => response.destroy());
    },
    size: () => streams.size,
    close() {
      clearInterval(clock);
      for (const { response } of streams) response.end();
    },
  };
}
