import { pino } from 'pino';
import { expect, test } from 'vitest';
import { testWorker } from '../testing/worker.ts';

test('an error nobody expected is in the worker’s log with its stack, and without the secret it quotes', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line) => void lines.push(line) });
  const worker = await testWorker({}, log);
  try {
    await worker.addCredential('api', 'ssh_password', { password: 'open-sesame-41' });
    const ended = worker.attempt(
      'local.exec',
      { command: 'true' },
      {
        secrets: { TOKEN: 'api.password' },
        does: async (_config, { secrets }) => {
          throw new RangeError(`cannot parse ${secrets.get('TOKEN')}`);
        },
      },
    );
    await expect(ended).rejects.toMatchObject({ type: 'internal' });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        msg: 'a step failed unexpectedly',
        error: { type: 'RangeError', message: 'cannot parse ***', stack: expect.stringContaining('worker-log.real.test.ts') },
      },
    ]);
    expect(lines.join()).not.toContain('sesame');
  } finally {
    await worker.close();
  }
});
