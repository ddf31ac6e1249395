import { PassThrough } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import { expect, test } from 'vitest';
import { ask } from './ask.ts';
import type { SshTarget } from './target.ts';

test('what is still on a slow line after the exit code is waited for', async () => {
  const channel = new PassThrough() as unknown as PassThrough & ClientChannel;
  const out = new PassThrough();
  const err = new PassThrough();
  err.end();
  // A channel reads from one side and writes to the other.
  channel.on = out.on.bind(out) as never;
  channel.once = out.once.bind(out) as never;
  Object.assign(channel, { stderr: err, pause: () => out.pause(), resume: () => out.resume(), close: () => out.destroy() });
  const asked = ask({ target: { name: 'far', host: '::1', port: 22 } as SshTarget, openShell: async () => channel }, 'true', {
    signal: new AbortController().signal,
    limitMs: 20_000,
    maxBytes: 1000,
  });
  await new Promise((resolve) => setImmediate(resolve));
  out.emit('exit', 0);
  for (const piece of ['a', 'b', 'c']) {
    await new Promise((resolve) => setTimeout(resolve, 600));
    out.write(piece);
  }
  out.end();
  expect(await asked).toMatchObject({ code: 0, isCutOff: false, stdout: Buffer.from('abc') });
});
