import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP relay in front of a loopback port, whose line can be disturbed in every way a network can. */
export interface FaultProxy {
  readonly port: number;
  /** How many connections were taken so far. */
  readonly connections: number;
  /** Bytes relayed so far: to the server, and from it. */
  readonly relayed: { readonly up: number; readonly down: number };
  /** Ends every connection as a peer does that leaves. */
  cut(): void;
  /** Ends every connection by a reset. */
  reset(): void;
  /** Relays nothing any more on present and later connections, and closes none, until `resume`. */
  stall(): void;
  resume(): void;
  /** Holds back every piece of either direction for so long. */
  delay(ms: number): void;
  /** Takes no more than so many bytes a second from each client. */
  throttle(bytesPerSecond: number): void;
  /** Ends every connection, once so many more bytes have gone up. */
  cutAfter(bytesUp: number): void;
  stop(): Promise<void>;
}

/** Starts one on a free loopback port. */
export async function startFaultProxy(target: number): Promise<FaultProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const relayed = { up: 0, down: 0 };
  let connections = 0;
  let delayMs = 0;
  let upRate = Number.POSITIVE_INFINITY;
  let stalled: PromiseWithResolvers<void> | null = null;
  let cutAt = Number.POSITIVE_INFINITY;

  const each = (end: (socket: Socket) => void) => {
    for (const pair of pairs) pair.forEach(end);
  };
  const cut = () => each((socket) => socket.destroy());
  const relay = async (from: Socket, to: Socket, way: 'up' | 'down') => {
    for await (const bytes of from) {
      while (stalled !== null) await stalled.promise;
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (way === 'up' && upRate !== Number.POSITIVE_INFINITY)
        await new Promise((resolve) => setTimeout(resolve, (bytes.length / upRate) * 1000));
      relayed[way] += bytes.length;
      if (relayed.up > cutAt) return cut();
      if (!to.write(bytes)) await once(to, 'drain');
    }
    to.end();
  };

  const server = createServer((client) => {
    connections += 1;
    const behind = connect(target, '127.0.0.1');
    const pair = [client, behind] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
    relay(client, behind, 'up').catch(() => undefined);
    relay(behind, client, 'down').catch(() => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    relayed,
    cut,
    reset: () => each((socket) => socket.resetAndDestroy()),
    stall() {
      stalled ??= Promise.withResolvers();
    },
    resume() {
      stalled?.resolve();
      stalled = null;
    },
    delay(ms) {
      delayMs = ms;
    },
    throttle(bytesPerSecond) {
      upRate = bytesPerSecond;
    },
    cutAfter(bytesUp) {
      cutAt = relayed.up + bytesUp;
    },
    async stop() {
      stalled?.resolve();
      stalled = null;
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
