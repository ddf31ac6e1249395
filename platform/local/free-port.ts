import { createServer } from 'node:net';

/** Whether a port of the loopback address can be listened on right now. */
export const portIsFree = (port: number, host = '127.0.0.1'): Promise<boolean> =>
  listenOnce(port, host).then(
    () => true,
    () => false,
  );

/** The wanted port if it is free, else one the system picks. Nothing holds it until its user listens. */
export const freePort = async (wanted?: number): Promise<number> =>
  wanted !== undefined && (await portIsFree(wanted)) ? wanted : listenOnce(0, '127.0.0.1');

const PORTS_TRIED = 100;

/** Does something on the first free port from `first` on; should another take the port before it listens there, does it again on the next. */
export async function onFreePort<T>(first: number, host: string, use: (port: number) => Promise<T>): Promise<T> {
  for (let port = first; port < first + PORTS_TRIED; port += 1) {
    if (!(await portIsFree(port, host))) continue;
    try {
      return await use(port);
    } catch (error) {
      if (await portIsFree(port, host)) throw error;
    }
  }
  throw new Error(`no free port from ${first} to ${first + PORTS_TRIED - 1} on ${host}; set api.port`);
}

function listenOnce(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
