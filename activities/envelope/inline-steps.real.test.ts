import { existsSync } from 'node:fs';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findRun } from '#db/queries/find-run.ts';
import { finished, started } from '#db/testing/runs.ts';
import { initialState } from '#jobs/apply-event.ts';
import { compile } from '#jobs/compile.ts';
import type { StepDefinition } from '#jobs/definition.ts';
import type { InlineReport } from '#workflows/messages.ts';
import { type ActivityStepType, STEP_SPECS } from '../catalog.ts';
import { STEPS } from '../index.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';
import { attemptStep, type TemporalAttempt } from './attempt.ts';
import { carryOutInline } from './inline-steps.ts';

let worker: TestWorker;
let dir: string;
beforeAll(async () => {
  worker = await testWorker();
  dir = await mkdtemp(path.join(tmpdir(), 'inline-'));
});
afterAll(async () => {
  await worker.close();
  await rm(dir, { recursive: true, force: true });
});

const sh = (id: string, command: string, more: Partial<StepDefinition> = {}): StepDefinition => ({
  id,
  type: 'local.exec',
  config: { command },
  inline: true,
  timeout: '5s',
  ...more,
});

const contextOf = (cancel?: AbortSignal): TemporalAttempt => ({
  info: { attempt: 1, isLocal: true, heartbeatDetails: undefined },
  cancellationSignal: cancel ?? new AbortController().signal,
  cancellationDetails: { notFound: false, cancelRequested: true, paused: false, timedOut: false, workerShutdown: false, reset: false },
  heartbeat: () => undefined,
});

/** Carries out what a run of these steps begins with. */
async function carryOut(steps: readonly StepDefinition[], cancel?: AbortSignal): Promise<{ run: string; report: InlineReport }> {
  const run = await worker.newRun();
  return { run, report: await carryOutIn(run, steps, cancel) };
}

async function carryOutIn(run: string, steps: readonly StepDefinition[], cancel?: AbortSignal): Promise<InlineReport> {
  const plan = compile({ name: 'row', steps }, STEP_SPECS);
  const facts = { run, job: 'row', started_at: new Date().toISOString(), parameters: {}, target: null };
  return carryOutInline(
    worker.database.sql,
    (call, context, readRows) => attemptStep(worker.parts, STEPS[call.step.type as ActivityStepType], call, context, readRows),
    { run, project: 'default', plan, state: initialState(facts), seq: 7 },
    contextOf(cancel),
  );
}

const keys = ({ ended }: InlineReport) => ended.map(({ key }) => key);
const attempts = async (run: string, key: string) => (await worker.step(run, key)).attempts.map(({ status }) => status);

describe('a row of inline steps', () => {
  test('is carried out in one call, each step with its own row and seeing what came before it', async () => {
    const { run, report } = await carryOut([
      sh('one', 'echo first'),
      sh('two', 'cat', { config: { command: 'cat', stdin: '${{ steps.one.outputs.stdout }}' } }),
      sh('three', 'true'),
    ]);
    expect(keys(report)).toEqual(['one', 'two', 'three']);
    expect(await worker.step(run, 'two')).toMatchObject({ status: 'completed', stdout: 'first\n', step_number: 2 });
    expect(await worker.step(run, 'three')).toMatchObject({ status: 'completed' });
    expect(await findRun(worker.database.sql, 'default', run)).toMatchObject({ status: 'running', seq: 9, completed_steps: 2 });
  });

  test('repeats a failed step by its policy, as shown attempts, and goes on', async () => {
    const once = path.join(dir, 'once');
    const { run, report } = await carryOut([
      sh('flaky', `test -e ${once} || { touch ${once}; exit 1; }`, { retry: { attempts: 2, delay: '10ms', on: ['exit_code'] } }),
      sh('after', 'true'),
    ]);
    expect(keys(report)).toEqual(['flaky', 'after']);
    expect(await attempts(run, 'flaky')).toEqual(['failed', 'completed']);
  });

  test('ends with a step that failed for good, telling how and after how many attempts', async () => {
    const { report } = await carryOut([
      sh('fails', 'exit 3', { retry: { attempts: 2, delay: '10ms', on: ['exit_code'] } }),
      sh('after', 'true'),
    ]);
    expect(report.ended).toMatchObject([{ key: 'fails', attempts: 2, error: { type: 'exit_code' } }]);
  });

  test('started anew after its worker died answers what was done, shows what was lost as such and repeats only that', async () => {
    const run = await worker.newRun();
    const marks = path.join(dir, 'marks');
    const steps = ['one', 'two', 'three'].map((id) => sh(id, `echo ${id} >> ${marks}`, { retry: { attempts: 2, on: ['lost'] } }));
    const { recorder } = worker.parts;
    void recorder.add(started(run, 'one', 1, 7));
    void recorder.add(finished(run, 'one', 1, 'completed', { outputs: { exit_code: 0 } }));
    void recorder.add(started(run, 'two', 1, 8));
    await recorder.flush();
    const report = await carryOutIn(run, steps);
    expect(report.ended).toMatchObject([
      { key: 'one', outputs: { exit_code: 0 }, attempt: 1 },
      { key: 'two', attempt: 2 },
      { key: 'three', attempt: 1 },
    ]);
    expect(await readFile(marks, 'utf8')).toBe('two\nthree\n');
    expect(await attempts(run, 'two')).toEqual(['lost', 'completed']);
  });

  test('started anew never repeats a step that is not to be repeated when lost', async () => {
    const run = await worker.newRun();
    const file = path.join(dir, 'never');
    void worker.parts.recorder.add(started(run, 'one', 1, 7));
    await worker.parts.recorder.flush();
    const report = await carryOutIn(run, [sh('one', `touch ${file}`, { retry: { attempts: 5, delay: '10ms', on: ['exit_code'] } })]);
    expect(report.ended).toMatchObject([{ key: 'one', error: { type: 'lost' }, attempts: 1 }]);
    await expect(access(file)).rejects.toThrow();
    expect(await attempts(run, 'one')).toEqual(['lost']);
  });

  test('ends before a step that runs elsewhere', async () => {
    const { report } = await carryOut([sh('one', 'true'), sh('elsewhere', 'true', { inline: false }), sh('three', 'true')]);
    expect(keys(report)).toEqual(['one']);
  });

  test('ends when it took long, leaving the rest to the next call', async () => {
    const { report } = await carryOut([sh('long', 'sleep 0.6'), sh('next', 'true')]);
    expect(keys(report)).toEqual(['long']);
  });

  test('ends with the step under way when the run is cancelled', async () => {
    const cancel = new AbortController();
    const begun = path.join(dir, 'begun');
    const under = carryOut([sh('one', 'true'), sh('long', `touch ${begun}; sleep 60`), sh('after', 'true')], cancel.signal);
    await expect.poll(() => existsSync(begun), { timeout: 10_000 }).toBe(true);
    cancel.abort();
    const { run, report } = await under;
    expect(report.ended).toMatchObject([{ key: 'one' }, { key: 'long', error: { type: 'cancelled' } }]);
    expect(await attempts(run, 'long')).toEqual(['cancelled']);
  });
});
