import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { stepFailure } from '#jobs/failure.ts';
import type { StepContext } from '../contract.ts';
import type { Answer, SshSession } from '../transports/ssh/session.ts';
import { runSshExec } from './run.ts';

const peer = { target: 'core', host: '10.0.0.7', port: 22, user: 'app' };

/** A host that answers each script so, `mark` being what our lines are known by. */
function hostThat(answers: (mark: string, script: string) => Partial<Answer>) {
  const asked: string[] = [];
  const session = {
    peer,
    ask: async (script: string): Promise<Answer> => {
      asked.push(script);
      const mark = /c_mark='(capstan-\w+)'/.exec(script)?.[1] ?? '';
      return { code: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), ...answers(mark, script) };
    },
    run: () => Promise.reject(new Error('something was run')),
    count: () => undefined,
  } as unknown as SshSession;
  return { session, asked };
}

test('too much output of a command without a shell closes its channel', async () => {
  const { session } = hostThat(() => ({ code: 127 }));
  const channel = Object.assign(new PassThrough(), { stderr: new PassThrough(), close: () => channel.destroy(), end: () => undefined });
  const opened = { ...session, run: async () => channel } as unknown as SshSession;
  const { step } = stepOn(async () => opened, { execution: { number: 1, reattached: false } });
  const ended = runSshExec({ command: 'show everything', max_output: 1024 }, step);
  channel.stderr.destroy();
  channel.write(Buffer.alloc(2000));
  await expect(ended).rejects.toMatchObject({ type: 'policy', details: { max_output: 1024 } });
});

function stepOn(ssh: () => Promise<SshSession>, more: Partial<StepContext> = {}) {
  const ran: number[] = [];
  const log = {
    stored: { stdout: 0, stderr: 0 },
    line: async () => undefined,
    write: async () => undefined,
    recall: () => undefined,
    settled: async () => undefined,
    lines: 0,
    tail: () => ({ stdout: '', stderr: '' }),
  };
  const step = {
    run: '01980000-0000-7000-8000-000000000001',
    key: 'show',
    attempt: 2,
    round: 0,
    execution: { number: 1, reattached: true },
    signal: new AbortController().signal,
    timeoutMs: 60_000,
    onTimeout: () => undefined,
    log,
    secrets: new Map(),
    target: { name: 'core', remote_dir: null },
    checkpoint: () => undefined,
    resumeFrom: () => null,
    hasRunFor: (ms: number) => ran.push(ms),
    command: () => undefined,
    ssh,
    ...more,
  } as unknown as StepContext;
  return { step, ran };
}

test('a command that had no shell to outlive its worker in is lost when taken up, not run again', async () => {
  const { session } = hostThat(() => ({ code: 127 }));
  const { step } = stepOn(async () => session);
  await expect(runSshExec({ command: 'reload' }, step)).rejects.toMatchObject({
    type: 'lost',
    message: expect.stringContaining('its outcome is unknown'),
  });
  await expect(runSshExec({ command: 'reload', effect: 'idempotent' }, step)).rejects.toThrow('something was run');
});

test('the time of a command that has ended is what it took, however late that is read', async () => {
  const { session } = hostThat((mark) => ({
    stdout: Buffer.from(
      `${mark}:\n${mark} state=ended execution=1 fresh=0 code=0 took=100 age=999999 how=setsid out_size=0 err_size=0 out=0 err=0\n`,
    ),
    stderr: Buffer.from(`${mark}\n`),
  }));
  const { step, ran } = stepOn(async () => session);
  expect(await runSshExec({ command: 'true' }, step)).toMatchObject({ exit_code: 0 });
  expect(ran).toEqual([]);
});

test('a login that gets no shell is told at once, with what was said there', async () => {
  const { session, asked } = hostThat(() => ({ code: 1, stdout: Buffer.from('This account is currently not available.\n') }));
  const { step } = stepOn(async () => session, { execution: { number: 1, reattached: false } });
  await expect(runSshExec({ command: 'true' }, step)).rejects.toMatchObject({
    type: 'connection',
    message: expect.stringContaining('This account is currently not available.'),
    details: { stage: 'shell' },
  });
  expect(asked).toHaveLength(1);
});

test('cancelled before its host could be reached again, a command is not said to have ended', async () => {
  const cancel = new AbortController();
  const unreachable = async () => {
    cancel.abort(stepFailure('cancelled', 'cancelled'));
    throw stepFailure('connection', 'core cannot be reached');
  };
  const { step } = stepOn(unreachable, { signal: cancel.signal });
  await expect(runSshExec({ command: 'true' }, step)).rejects.toMatchObject({
    type: 'cancelled',
    message: 'cancelled; whether the command still runs on core is unknown: core cannot be reached',
  });
});
