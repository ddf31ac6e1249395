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
