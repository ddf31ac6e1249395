import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sshd } from '#test/peers/sshd.ts';
import type { StepContext } from '../contract.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';

const SECRETS = {
  password: 'login-pässword-1',
  line_password: 'line/password+2',
  enable_secret: 'enable "secret" 3',
  hop: 'hop-password-4',
};

let worker: TestWorker;
beforeAll(async () => {
  worker = await testWorker({}, pino({ level: 'silent' }));
  const nowhere = (password: string) => ({ host: '127.0.0.1', port: 1, user: 'u', hostKeys: [], password }) as unknown as Sshd;
  await worker.addTarget('hop', nowhere(SECRETS.hop), { by: 'password' });
  const { password, line_password, enable_secret } = SECRETS;
  await worker.addCredential('router', 'device', { password, line_password, enable_secret }, 'admin');
  const device = { kind: 'device', device_type: 'cisco_ios', credential: 'router', jump: 'hop' } as const;
  await worker.addTarget('edge', nowhere('unused'), { by: 'password', also: device });
});
afterAll(() => worker.close());

/** Ways in which a device or a host may show a secret. */
const FORMS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => Buffer.from(`x${secret}`).toString('base64'),
  (secret) => Buffer.from(secret).toString('hex'),
  encodeURIComponent,
  JSON.stringify,
];

test('secrets of a device and of the hosts on the way to it stand nowhere, in no form, however the output was split', async () => {
  const run = await worker.newRun();
  const shown = Object.values(SECRETS).flatMap((secret) => FORMS.map((form) => form(secret)));
  const tell = async (_config: never, step: StepContext): Promise<object> => {
    expect(step.target).toMatchObject({ line_password: SECRETS.line_password, enable_secret: SECRETS.enable_secret });
    for (const byte of Buffer.from(`${shown.join('\n')}\n`)) await step.log.write('stdout', Buffer.of(byte));
    for (const text of shown) await step.log.line('info', `it is ${text}`);
    for (const [index, text] of shown.entries()) {
      const executed_at = new Date().toISOString();
      const told = { number: index + 1, exit_code: 1, executed_at, duration_ms: 1 };
      step.command({ ...told, command: text, output: text, error: text, parsed: [{ [text]: text }] });
    }
    step.progress(50, shown.join(' '));
    throw new Error(shown.join(' '));
  };
  const ended = worker.attempt('device.command', { commands: ['show'] }, { run, target: 'edge', does: tell });
  const failure = await ended.catch((error: unknown) => error);
  const [step, log, commands] = [await worker.step(run), await worker.log(run), await worker.commands(run)];
  expect(log.length).toBeGreaterThan(2 * shown.length);
  expect(commands).toHaveLength(shown.length);
  const seen = JSON.stringify([step, log, commands, failure, String(failure)]);
  for (const secret of Object.values(SECRETS)) {
    for (const form of FORMS) expect(seen).not.toContain(form(secret).replace(/^"|"$|=+$/g, ''));
    expect(seen).not.toContain(Buffer.from(secret).toString('base64').slice(4, -4));
  }
});
