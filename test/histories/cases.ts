import { eventually } from '../api-client.ts';
import { addPerson } from '../person.ts';
import { created } from '../ssh-target.ts';
import type { Stack } from '../stack.ts';

/** A run worth replaying for ever: its job, and what people do to it while it runs. */
export interface KeptRun {
  readonly job: { readonly name: string; readonly [field: string]: unknown };
  /** What must be there before the job is saved. */
  prepare?(stack: Stack): Promise<unknown>;
  /** Starts the run to keep and answers its id; absent: a plain start of the job. */
  start?(stack: Stack, job: string): Promise<string>;
  steer?(stack: Stack, run: string): Promise<unknown>;
  /** Ids of the workflows that carry out its slices, whose histories are kept too. */
  slices?(run: string): readonly string[];
}

const sh = (id: string, command: string, more: object = {}) => ({
  id,
  type: 'local.exec',
  config: { command },
  retry: { attempts: 1 },
  ...more,
});
/** Fails the first time a run executes it, and succeeds the second. */
const failsOnce = (id: string, more: object) =>
  sh(id, '', {
    config: {
      command: 'rmdir "/tmp/once-$RUN" 2>/dev/null || { mkdir "/tmp/once-$RUN"; exit 1; }',
      environment: { RUN: '${{ run.id }}' },
    },
    ...more,
  });

const inline = (id: string, command: string, more: object = {}) => sh(id, command, { inline: true, timeout: '5s', ...more });

const undo = (command: string) => ({ type: 'local.exec', config: { command }, retry: { attempts: 1 } });

const nowhere = (id: string, more: object) => ({ id, type: 'ssh.exec', config: { command: 'true' }, retry: { attempts: 1 }, ...more });

/** The run that goes on with what one of before had completed. */
async function rerun({ as }: Stack, job: string): Promise<string> {
  const before = await as.start(job);
  await as.until(before);
  return (await as.call('POST', `/runs/${before}/rerun`, { failed_items_only: true })).body.id as string;
}

/** One run for each way that commands can follow each other; the name of the job names the history. */
export const KEPT_RUNS: readonly KeptRun[] = [
  {
    job: {
      name: 'steps-using-outputs',
      parameters: { more: { type: 'integer', default: 1 } },
      steps: [
        sh('first', 'echo "{\\"result_data\\": {\\"n\\": 6}}" >&3', { outputs: { n: '${{ result.result_data.n }}' } }),
        sh('second', '', {
          config: { command: 'echo "$N"', environment: { N: '${{ string(steps.first.outputs.n + parameters.more) }}' } },
        }),
      ],
      outputs: { n: '${{ steps.first.outputs.n }}' },
    },
  },
  { job: { name: 'failure-that-skips', steps: [sh('bad', 'exit 3'), sh('after', 'true'), sh('free', 'true', { needs: [] })] } },
  {
    job: {
      name: 'failure-that-is-tolerated',
      steps: [
        sh('bad', 'exit 1', { continue_on_failure: true }),
        sh('mend', 'true', { if: '${{ steps.bad.status == "failed" }}' }),
        sh('never', 'true', { if: '${{ steps.bad.status == "completed" }}' }),
      ],
    },
  },
  {
    job: {
      name: 'expression-that-fails',
      parameters: { sites: { type: 'array', items: { type: 'string' }, default: [] } },
      steps: [sh('asks', '', { config: { command: 'true', environment: { SITE: '${{ parameters.sites[0] }}' } } }), sh('after', 'true')],
    },
  },
  { job: { name: 'retry', steps: [failsOnce('flaky', { retry: { attempts: 3, delay: '100ms' } }), sh('after', 'true')] } },
  {
    job: { name: 'retry-by-a-person', steps: [failsOnce('gate', { on_error: 'wait' }), sh('after', 'true')] },
    async steer(stack, run) {
      await stack.as.untilStep(run, 'gate', ({ status }) => status === 'waiting');
      await stack.as.call('POST', `/runs/${run}/steps/gate/retry`, { reason: 'mended' });
    },
  },
  {
    job: { name: 'cancel-during-a-step', steps: [sh('long', 'sleep 60'), sh('other', 'sleep 60', { needs: [] }), sh('after', 'true')] },
    async steer(stack, run) {
      await stack.as.untilStep(run, 'other', ({ status }) => status === 'running');
      await stack.as.call('POST', `/runs/${run}/cancel`, { reason: 'not now' });
    },
  },
  {
    job: { name: 'pause-and-resume', steps: [sh('first', 'sleep 3'), sh('second', 'true')] },
    async steer(stack, run) {
      await stack.as.untilStep(run, 'first', ({ status }) => status === 'running');
      await stack.as.call('POST', `/runs/${run}/pause`, { reason: 'look first' });
      await stack.as.untilStep(run, 'first', ({ status }) => status === 'completed');
      await stack.as.call('POST', `/runs/${run}/resume`, {});
    },
  },
  {
    job: {
      name: 'approval',
      steps: [
        {
          id: 'ask',
          type: 'approval',
          config: { message: 'Go on?', count: 2, reminder: '1s', timeout: '1h', approvers: ['role:operator'] },
        },
        sh('after', 'true'),
        { id: 'expires', type: 'approval', config: { timeout: '200ms', on_timeout: 'skip' } },
      ],
    },
    async steer(stack, run) {
      const people = await Promise.all(['one', 'two'].map((name) => addPerson(stack, `approver-${name}`, 'operator')));
      await stack.as.untilStep(run, 'ask', ({ status }) => status === 'waiting');
      for (const person of people) await person.call('POST', `/runs/${run}/steps/ask/approve`, { comment: 'fine' });
    },
  },
  {
    job: {
      name: 'waits',
      steps: [
        { id: 'moment', type: 'wait.duration', config: { duration: '300ms' } },
        { id: 'past', type: 'wait.until', config: { local: '2026-03-29T02:30', timezone: 'Europe/Berlin' } },
        { id: 'early', type: 'wait.signal', config: { name: 'go' } },
        { id: 'late', type: 'wait.signal', config: { name: 'go', timeout: '1h' } },
        { id: 'hook', type: 'wait.webhook', config: {} },
        { id: 'never', type: 'wait.signal', config: { name: 'never', timeout: '100ms', on_timeout: 'continue' } },
      ],
    },
    async steer(stack, run) {
      const signal = () => stack.as.call('POST', `/runs/${run}/signals/go`, { data: 1 });
      await stack.as.untilStep(run, 'moment', () => true);
      await signal();
      await stack.as.untilStep(run, 'late', ({ status }) => status === 'waiting');
      await signal();
      await stack.as.untilStep(run, 'hook', ({ status }) => status === 'waiting');
      const { body } = await stack.as.call('GET', `/runs/${run}/steps/hook/webhook`);
      await fetch(String(body.url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"state":"ok"}' });
    },
  },
  { job: { name: 'timeout-of-the-run', limits: { timeout: '2s' }, steps: [sh('slow', 'sleep 60'), sh('after', 'true')] } },
  {
    job: {
      name: 'inline-steps',
      steps: [inline('quick', 'echo fast'), sh('remote', 'true'), inline('last', 'true')],
    },
  },
  {
    job: {
      name: 'inline-row-with-a-failure',
      steps: [
        inline('one', 'true'),
        inline('two', 'exit 1', { continue_on_failure: true }),
        inline('three', 'true', { if: '${{ steps.two.status == "failed" }}' }),
        inline('four', 'exit 1'),
        inline('five', 'true'),
      ],
    },
  },
  {
    job: {
      name: 'inline-branches',
      steps: [
        inline('left', 'true', { needs: [] }),
        inline('right', 'true', { needs: [] }),
        inline('join', 'true', { needs: ['left', 'right'] }),
      ],
    },
  },
  {
    job: {
      name: 'parallel-branches',
      steps: [
        sh('left', 'sleep 1', { needs: [] }),
        sh('right', 'true', { needs: [] }),
        sh('middle', 'sleep 0.5', { needs: [] }),
        sh('beyond', 'true', { needs: ['right'] }),
        sh('join', 'true', { needs: ['left', 'beyond', 'middle'] }),
      ],
    },
  },
  {
    job: {
      name: 'several-targets',
      steps: [
        nowhere('look', { target: ['dark-1', 'dark-2', 'dark-3'], max_parallel: 2, continue_on_failure: true }),
        nowhere('none', { target: { tags: ['none'], allow_empty: true } }),
        sh('count', '', { config: { command: 'echo "$N"', environment: { N: '${{ string(size(steps.look.outputs)) }}' } } }),
        nowhere('insist', { target: { names: ['dark-*'] }, on_error: 'wait' }),
      ],
    },
    async prepare(stack) {
      await created(stack.as, '/credentials', { name: 'no-login', kind: 'ssh_password', username: 'nobody', password: 'nothing' });
      const dark = { kind: 'ssh', host: '127.0.0.1', port: 9, credential: 'no-login', host_key_policy: 'accept_new' };
      for (const name of ['dark-1', 'dark-2', 'dark-3']) await created(stack.as, '/targets', { ...dark, name });
    },
    async steer(stack, run) {
      await stack.as.until(run, ({ status }) => status === 'waiting');
      await stack.as.call('POST', `/runs/${run}/steps/${encodeURIComponent('insist[1]')}/retry`, {});
      await stack.as.untilStep(run, 'insist[1]', ({ status, attempt }) => status === 'waiting' && attempt === 2);
      await stack.as.call('POST', `/runs/${run}/cancel`, { reason: 'dark' });
    },
  },
  {
    job: {
      name: 'runs-of-other-jobs',
      steps: [
        { id: 'waits', type: 'job.run', config: { job: 'kept-sub-job' }, outputs: { done: '${{ result.outputs.done }}' } },
        { id: 'leaves', type: 'job.run', config: { job: 'kept-sub-job', wait: false } },
        { id: 'stops', type: 'job.run', config: { job: 'kept-long-job' } },
      ],
    },
    async prepare(stack) {
      await stack.as.job({ name: 'kept-sub-job', steps: [sh('one', 'true')], outputs: { done: 'yes' } });
      await stack.as.job({ name: 'kept-long-job', steps: [sh('long', 'sleep 60')] });
    },
    async steer(stack, run) {
      await stack.as.untilStep(run, 'stops', ({ status }) => status === 'waiting');
      await stack.as.call('POST', `/runs/${run}/cancel`, { reason: 'not now' });
    },
  },
  {
    job: {
      name: 'locks-and-rates',
      limits: { concurrency: { key: 'kept-key' } },
      steps: [
        sh('alone', 'true', { concurrency: [{ key: 'kept-a' }, { key: 'kept-b' }] }),
        sh('each', 'true', { foreach: ['x', 'y', 'x'], concurrency: { key: 'kept-${{ item }}' } }),
        sh('paced', 'true', { foreach: [1, 2], rate: { resource: 'kept-rate', max: 1, per: '1s' } }),
        sh('refused', 'true', { concurrency: { key: 'kept-other', on_conflict: 'skip' } }),
      ],
    },
    async prepare(stack) {
      const keeper = (name: string, key: string, seconds: number) =>
        stack.as.job({ name, limits: { concurrency: { key } }, steps: [sh('keeps', `sleep ${seconds}`)] });
      const runs = [
        await stack.as.start(await keeper('kept-keeper', 'kept-key', 3)),
        await stack.as.start(await keeper('kept-other', 'kept-other', 30)),
      ];
      for (const run of runs) await stack.as.untilStep(run, 'keeps', ({ status }) => status === 'running');
    },
  },
  {
    job: {
      name: 'results-kept',
      steps: [
        sh('one', 'true'),
        sh('each', '', {
          needs: [],
          foreach: ['a', 'b'],
          config: { command: '[ "$AT" = a ]', environment: { AT: '${{ item }}' } },
        }),
        sh('two', 'exit 3', { needs: ['one'] }),
      ],
    },
    start: (stack, job) => rerun(stack, job),
  },
  {
    job: { name: 'scheduled-for-later', steps: [sh('one', 'true'), sh('two', 'true')] },
    start: (stack, job) => stack.as.start(job, { scheduled_for: new Date(Date.now() + 3_000).toISOString(), steps: ['two'] }),
  },
  {
    job: {
      name: 'compensation',
      steps: [
        sh('one', 'true', { compensate: undo('exit 4') }),
        sh('two', 'true', { compensate: undo('true') }),
        sh('bad', 'exit 3', { compensate: undo('true') }),
        sh('mend', 'true', { when: 'failure' }),
        inline('tidy', 'true', { when: 'always' }),
        sh('last', 'true', { when: 'always' }),
      ],
      on_failure: [sh('tell', 'true'), sh('tell-more', 'true')],
    },
  },
  {
    job: {
      name: 'forced-cancel',
      steps: [sh('one', 'true', { compensate: undo('true') }), sh('long', 'sleep 60')],
      on_cancel: [sh('linger', 'sleep 60'), sh('never', 'true')],
    },
    async steer(stack, run) {
      await stack.as.untilStep(run, 'long', ({ status }) => status === 'running');
      await stack.as.call('POST', `/runs/${run}/cancel`, { reason: 'not now' });
      await stack.as.untilStep(run, 'linger', ({ status }) => status === 'running');
      await stack.as.call('POST', `/runs/${run}/cancel`, { reason: 'enough', force: true });
    },
  },
  {
    job: {
      name: 'moves-of-people',
      steps: [
        sh('asks', 'exit 1', { needs: [], on_error: 'wait' }),
        sh('long', 'sleep 60', { needs: [] }),
        sh('later', 'true', { needs: ['asks'] }),
        sh('gate', 'exit 1', { needs: ['asks'], on_error: 'wait' }),
      ],
    },
    async steer(stack, run) {
      const move = (key: string, what: string, body: object) => stack.as.call('POST', `/runs/${run}/steps/${key}/${what}`, body);
      await stack.as.untilStep(run, 'asks', ({ status }) => status === 'waiting');
      await stack.as.untilStep(run, 'long', ({ status }) => status === 'running');
      await move('later', 'skip', {});
      await move('asks', 'skip', { outputs: { n: 1 } });
      await move('long', 'cancel', { reason: 'too slow' });
      await stack.as.untilStep(run, 'gate', ({ status }) => status === 'waiting');
      await move('gate', 'retry', { config: { command: 'exit 0' } });
    },
  },
  {
    job: {
      name: 'compensation-continued-as-new',
      steps: [...Array.from({ length: 9 }, (_, at) => sh(`s${at}`, 'true', { compensate: undo('true') })), sh('bad', 'exit 3')],
      on_failure: [sh('tell', 'true')],
    },
  },
  { job: { name: 'continued-as-new', steps: Array.from({ length: 16 }, (_, at) => sh(`s${at}`, 'true')) } },
  {
    job: {
      name: 'items',
      steps: [
        sh('each', '', {
          foreach: ['ber', 'fra', 'muc'],
          order: 'reverse',
          batch: { size: 2, pause: '1s' },
          config: { command: 'echo "$AT"', environment: { AT: '${{ item }}${{ index }}' } },
        }),
        sh('some', '', {
          matrix: { site: ['ber', 'fra'], n: [1, 2] },
          max_parallel: 1,
          fail: { mode: 'abort' },
          continue_on_failure: true,
          config: { command: '[ "$AT" != ber2 ]', environment: { AT: '${{ matrix.site }}${{ matrix.n }}' } },
        }),
        sh('none', 'true', { foreach: '${{ steps.each.outputs.filter(o, o.exit_code != 0) }}' }),
      ],
    },
  },
  {
    job: {
      name: 'items-in-slices',
      steps: [
        inline('each', '', {
          foreach: Array.from({ length: 101 }, (_, n) => n),
          config: { command: 'true', environment: { AT: '#${{ item }}' } },
        }),
      ],
    },
    slices: (run) => [`slice:${run}:each:0`],
  },
  {
    job: {
      name: 'scheduled-continued-as-new',
      steps: Array.from({ length: 12 }, (_, at) => sh(`s${at}`, 'true', { if: '${{ schedule.trigger == "manual" }}' })),
    },
    start: bySchedule,
  },
  {
    job: { name: 'scheduled-replaced', steps: [sh('long', 'sleep 60')] },
    start: bySchedule,
    async steer(stack, run) {
      await stack.as.untilStep(run, 'long', ({ status }) => status === 'running');
      await stack.as.call('POST', '/schedules/scheduled-replaced/trigger', { overlap: 'cancel_other' });
    },
  },
];

/** Starts a run by hand through a schedule of the job's name. */
async function bySchedule(stack: Stack, job: string): Promise<string> {
  await created(stack.as, '/schedules', { name: job, job, every: '365d' });
  await eventually(
    () => stack.as.call('GET', `/schedules/${job}`),
    ({ body }) => body.state === 'active',
    20_000,
  );
  const { body } = await stack.as.call('POST', `/schedules/${job}/trigger`, {});
  return (body.run as { readonly id: string }).id;
}
