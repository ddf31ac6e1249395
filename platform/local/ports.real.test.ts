import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { answersAs } from './answers-as.ts';
import { freePort, onFreePort } from './free-port.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const listen = async (port: number, headers: { readonly [name: string]: string } = {}): Promise<number> => {
  const server = createServer((_request, response) => response.writeHead(200, headers).end('{}'));
  servers.push(server);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

test('a port that another takes between the look and the start is passed over for the next', async () => {
  const first = await freePort();
  const tried: number[] = [];
  const got = await onFreePort(first, '127.0.0.1', async (port) => {
    tried.push(port);
    if (tried.length === 1) await listen(port);
    return await listen(port);
  });
  expect(tried[0]).toBe(first);
  expect(tried).toHaveLength(2);
  expect(got).toBe(tried[1]);
});

test('a start that fails on a port nobody took is not tried elsewhere', async () => {
  let tries = 0;
  const broken = onFreePort(await freePort(), '127.0.0.1', () => {
    tries += 1;
    return Promise.reject(new Error('the disk is full'));
  });
  await expect(broken).rejects.toThrow('the disk is full');
  expect(tries).toBe(1);
});

test('only the instance that was started counts as ready, not another that answers at its address', async () => {
  const ours = await listen(0, { 'x-capstan-instance': 'ours' });
  const other = await listen(0, { 'x-capstan-instance': 'theirs' });
  const older = await listen(0);
  await answersAs('ours', `http://127.0.0.1:${ours}`);
  for (const port of [other, older])
    await expect(answersAs('ours', `http://127.0.0.1:${port}`)).rejects.toThrow(`another program answers at http://127.0.0.1:${port}`);
});
