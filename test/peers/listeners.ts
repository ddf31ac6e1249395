import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** Something that listens on a loopback port and is no SSH server. */
export interface Listener {
  readonly port: number;
  /** How many connections were taken so far. */
  readonly connections: number;
  stop(): Promise<void>;
}

/** Takes connections and never says a word. */
export const silentListener = (): Promise<Listener> => listen(() => undefined);

/** Says that it speaks HTTP, whatever it is told. */
export const httpListener = (): Promise<Listener> =>
  listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'));

/** Resets every connection before its first word, as a host does over its limit of logins. */
export const resettingListener = (): Promise<Listener> => listen((socket) => socket.resetAndDestroy());

async function listen(onSocket: (socket: Socket) => void): Promise<Listener> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    onSocket(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
