import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { findJob } from '#db/queries/find-job.ts';
import { insertRun } from '#db/queries/insert-run.ts';
import { recordRuns } from '#db/queries/record-runs.ts';
import { withdrawRun } from '#db/queries/withdraw-run.ts';
import { record, stepRecord } from '#db/testing/runs.ts';
import { freePort } from '#platform/local/free-port.ts';
import { connectTemporal } from '#platform/temporal/connect.ts';
import { createLauncher } from './runs/launch-run.ts';
import { type Installation, startInstallation } from './testing/installation.ts';

const JOB = `name: echo
parameters:
  site: { type: string, enum: [ber, fra] }
  count: { type: integer, default: 3 }
steps:
  - id: first
    type: local.exec
    config: { command: 'true' }
  - id: second
    type: local.exec
    config: { command: 'true' }
`;

interface Run {
  readonly id: string;
  readonly status: string;
  readonly parameters: object;
  readonly total_steps: number;
}
interface Refusal {
  readonly detail: string;
  readonly problems: readonly { readonly pointer: string; readonly message: string }[];
}

const countRuns = async ({ database: { sql } }: Installation) => (await sql<{ n: number }[]>`select count(*) as n from runs`)[0]?.n ?? 0;
const start = (api: Installation, body: object = { parameters: { site: 'ber' } }, headers = {}) =>
  api.call<Run>('POST', '/jobs/echo/runs', { body, headers });

describe('with Temporal there', () => {
  let api: Installation;
  let connection: Connection;
  const workflow = (id: string) => new Client({ connection }).workflow.getHandle(`run:${id}`).describe();
  /** What the run's workflow was told, in order. */
  const told = async (id: string) => {
    const { events } = await new Client({ connection }).workflow.getHandle(`run:${id}`).fetchHistory();
    return events?.flatMap(
      ({ workflowExecutionSignaledEventAttributes: signal, workflowExecutionCancelRequestedEventAttributes: cancel }) =>
        cancel ? 'Temporal’s cancel' : (signal?.signalName ?? []),
    );
  };
  beforeAll(async () => {
    api = await startInstallation();
    connection = await Connection.connect({ address: inject('temporalAddress') });
    await api.call('POST', '/jobs', { body: JOB });
  });
  afterAll(async () => {
    await connection.close();
    await api.close();
  });

  test('a start answers 202 with the run and where to find it, and its workflow runs', async () => {
    const { status, headers, body } = await start(api);
    expect([status, headers.get('location')]).toEqual([202, `/api/v1/runs/${body.id}`]);
    expect(body).toMatchObject({
      job: 'echo',
      version: 1,
      parameters: { site: 'ber', count: 3 },
      total_steps: 2,
      trigger: 'api',
      created_by: 'admin',
    });
    expect((await workflow(body.id)).status.name).toBe('RUNNING');
    await expect.poll(() => api.database.sql`select from outbox where run = ${body.id}`).toHaveLength(0);
  });

  test.each([
    [{}, '/parameters/site'],
    [{ parameters: { site: 'muc' } }, '/parameters/site'],
    [{ parameters: { site: 'ber', count: 'many' } }, '/parameters/count'],
    [{ parameters: { site: 'ber', extra: 1 } }, '/parameters/extra'],
    [{ parameters: [] }, '/parameters'],
    [{ parameters: { site: 'ber' }, priority: 11 }, '/priority'],
    [{ parameters: { site: 'ber' }, colour: 'red' }, '/colour'],
  ])('a start with %j is refused at %s, and no run is left', async (body, pointer) => {
    const before = await countRuns(api);
    const answer = await api.call<Refusal>('POST', '/jobs/echo/runs', { body });
    expect(answer.status).toBe(422);
    expect(answer.body.problems).toEqual(expect.arrayContaining([expect.objectContaining({ pointer })]));
    expect(await countRuns(api)).toBe(before);
  });

  test('a job or a version that does not exist cannot be started', async () => {
    expect((await api.call('POST', '/jobs/nope/runs', { body: {} })).status).toBe(404);
    expect((await start(api, { parameters: { site: 'ber' }, version: 9 })).status).toBe(404);
  });

  test('fifty starts at once with one key are one run, and the same key with another body is a conflict', async () => {
    const before = await countRuns(api);
    const key = { 'idempotency-key': 'order-4711' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => start(api, undefined, key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await countRuns(api)).toBe(before + 1);
    const other = await start(api, { parameters: { site: 'fra' } }, key);
    expect(other.status).toBe(409);
    const someoneElse = await api.call<Run>('POST', '/jobs/echo/runs', {
      body: { parameters: { site: 'ber' } },
      headers: key,
      token: api.tokens.operator,
    });
    expect(someoneElse.body.id).not.toBe(answers[0]?.body.id);
  });

  test('a cancel reaches the workflow and stands in the audit with its reason', async () => {
    const { body } = await start(api);
    const cancelled = await api.call('POST', `/runs/${body.id}/cancel`, { body: { reason: 'wrong site' } });
    expect(cancelled.status).toBe(202);
    expect(await told(body.id)).toEqual(['cancel', 'Temporal’s cancel']);
    const audit = await api.call<{ items: object[] }>('GET', `/audit?subject_kind=run&subject=${body.id}`);
    expect(audit.body.items).toMatchObject([
      { action: 'run.cancel', actor: 'admin', reason: 'wrong site', after: { outcome: 'asked' } },
      { action: 'run.start' },
    ]);
  });

  test('what is asked of a run twice with one key is done and audited once, also when both come at once', async () => {
    const { body } = await start(api);
    const pause = (key: string, reason = 'look at it') =>
      api.call<Refusal>('POST', `/runs/${body.id}/pause`, { body: { reason }, headers: { 'idempotency-key': key } });
    const both = await Promise.all([pause('once'), pause('once')]);
    expect([...both, await pause('once')].map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(await told(body.id)).toEqual(['pause']);
    expect((await pause('once', 'another reason')).status).toBe(409);
    const audit = await api.call<{ items: object[] }>('GET', `/audit?subject_kind=run&subject=${body.id}`);
    expect(audit.body.items).toMatchObject([{ action: 'run.pause', reason: 'look at it' }, { action: 'run.start' }]);
  });

  test('what was refused can be asked for again with its key', async () => {
    const { body } = await start(api);
    const resume = () => api.call('POST', `/runs/${body.id}/resume`, { headers: { 'idempotency-key': 'later' } });
    expect((await resume()).status).toBe(409);
    await api.database.sql`update runs set status = 'paused' where id = ${body.id}`;
    expect([(await resume()).status, (await resume()).status]).toEqual([202, 202]);
    expect(await told(body.id)).toEqual(['resume']);
  });

  test('a cancel of a run that still waits in the outbox starts it cancelled, so that start and cancel cannot pass each other', async () => {
    const id = await acceptWithoutStart(api);
    expect((await api.call('POST', `/runs/${id}/cancel`)).status).toBe(202);
    expect(await told(id)).toEqual(['cancel', 'Temporal’s cancel']);
    await expect.poll(() => api.database.sql`select from outbox where run = ${id}`).toHaveLength(0);
  });

  test('a run that is withdrawn while its start is under way does not come back to life', async () => {
    const id = await acceptWithoutStart(api);
    const job = await requireEcho(api);
    const temporal = connectTemporal({ temporal: { address: inject('temporalAddress'), namespace: 'default' } });
    const launch = createLauncher(temporal, api.database.sql, pino({ level: 'silent' }));
    await withdrawRun(api.database.sql, 'default', id, { actor: 'admin', request_id: null });
    await launch({ run: id, project: 'default', plan: job.plan, parameters: {}, target: null });
    await expect.poll(() => told(id)).toEqual(['cancel', 'Temporal’s cancel']);
    await expect.poll(() => api.database.sql`select from outbox where run = ${id}`).toHaveLength(0);
    await temporal.close();
  });

  test('a run that has ended cannot be steered, and the refusal names its state', async () => {
    const { body } = await start(api);
    await endRun(api, body.id);
    for (const move of ['cancel', 'pause', 'resume']) {
      const refused = await api.call<Refusal>('POST', `/runs/${body.id}/${move}`);
      expect([refused.status, refused.body.detail]).toEqual([
        409,
        `run ${body.id} is completed; only a run that has not ended can be told to ${move}`,
      ]);
    }
    const retried = await api.call<Refusal>('POST', `/runs/${body.id}/steps/first/retry`);
    expect([retried.status, retried.body.detail]).toEqual([
      409,
      `run ${body.id} is completed; start it anew with POST /runs/${body.id}/retry`,
    ]);
  });

  test('only a paused run can be resumed', async () => {
    const { body } = await start(api);
    const { status, body: refusal } = await api.call<Refusal>('POST', `/runs/${body.id}/resume`);
    expect([status, refusal.detail]).toEqual([409, `run ${body.id} is queued; only a paused run can be resumed`]);
  });

  test('without a worker a step cannot be retried, and the caller is told when to ask again', async () => {
    const { body } = await start(api);
    const { status, headers, body: refusal } = await api.call<Refusal>('POST', `/runs/${body.id}/steps/first/retry`);
    expect([status, headers.get('retry-after'), refusal.detail]).toEqual([503, '5', 'no worker answers']);
    const audit = await api.call<{ items: object[] }>('GET', `/audit?subject_kind=run&subject=${body.id}`);
    expect(audit.body.items).toMatchObject([
      { action: 'step.retry', after: { key: 'first', outcome: 'unanswered', why: 'no worker answers' } },
      { action: 'step.retry', after: { key: 'first', outcome: 'asked' } },
      { action: 'run.start' },
    ]);
  });

  test('a retry is a new run of the same version and parameters that names the old one', async () => {
    const { body } = await start(api, { parameters: { site: 'fra', count: 7 }, client: 'acme', ref_num: 'T-1' });
    const { headers } = await api.call('GET', '/jobs/echo');
    await api.call('PUT', '/jobs/echo', { body: `${JOB}\n# newer`, headers: { 'if-match': headers.get('etag') ?? '' } });
    const { status, body: again } = await api.call<Run>('POST', `/runs/${body.id}/retry`, { body: { reason: 'flaky host' } });
    expect(status).toBe(202);
    expect(again).toMatchObject({
      version: 1,
      parameters: { site: 'fra', count: 7 },
      client: 'acme',
      ref_num: 'T-1',
      retry_of: body.id,
      retry_count: 1,
      trigger: 'retry',
      message: 'flaky host',
    });
    expect(again.id).not.toBe(body.id);
  });

  test('where a run failed can be run again only once it has ended, so that no target has it twice at a time', async () => {
    const { body } = await start(api);
    const retry = () => api.call<Refusal>('POST', `/runs/${body.id}/retry`, { body: { only: 'failed_targets' } });
    const steps = [stepRecord('first', 'running', { targets: ['a', 'b'] })];
    await recordRuns(api.database.sql, [record(body.id, 4, 'running', { steps })]);
    const refused = await retry();
    expect([refused.status, refused.body.detail]).toEqual([409, `run ${body.id} is running; where it failed is known once it has ended`]);
    await endRun(api, body.id);
    expect((await retry()).status).toBe(202);
  });

  test('retries with one key are one run, and the same key with another reason is a conflict', async () => {
    const { body } = await start(api);
    const retry = (reason: string, key: string) =>
      api.call<Run>('POST', `/runs/${body.id}/retry`, { body: { reason }, headers: { 'idempotency-key': key } });
    const answers = await Promise.all([retry('flaky', 'again 1'), retry('flaky', 'again 1')]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers[0]?.body.id).toBe(answers[1]?.body.id);
    expect((await retry('another reason', 'again 1')).status).toBe(409);
  });

  test.each(['', 'k'.repeat(256), 'é'])('neither a start nor a retry takes the key "%s"', async (key) => {
    const { body } = await start(api);
    const headers = { 'idempotency-key': key };
    expect((await start(api, undefined, headers)).status).toBe(400);
    expect((await api.call('POST', `/runs/${body.id}/retry`, { headers })).status).toBe(400);
  });

  test('only a run that has ended is deleted, with all its rows', async () => {
    const { body } = await start(api);
    expect((await api.call('DELETE', `/runs/${body.id}`)).status).toBe(409);
    await endRun(api, body.id);
    expect((await api.call('DELETE', `/runs/${body.id}`)).status).toBe(204);
    expect((await api.call('GET', `/runs/${body.id}`)).status).toBe(404);
    expect(await api.database.sql`select from status_history where run_id = ${body.id}`).toHaveLength(0);
  });

  test('runs are filtered by several statuses, job, client and reference, newest first', async () => {
    const { body } = await start(api, { parameters: { site: 'ber' }, client: 'only-me', ref_num: 'R-77' });
    const ids = async (filter: string) => (await api.call<{ items: Run[] }>('GET', `/runs?${filter}`)).body.items.map(({ id }) => id);
    expect(await ids('client=only-me')).toEqual([body.id]);
    expect(await ids('ref_num=R-77&job=echo')).toEqual([body.id]);
    expect(await ids('status=failed,lost')).toEqual([]);
    expect((await ids('status=queued,running'))[0]).toBe(body.id);
    expect(await ids('client=nobody')).toEqual([]);
  });

  test('a status that is named twice does not show its runs twice', async () => {
    const { body } = await start(api);
    const { body: page } = await api.call<{ items: Run[] }>('GET', '/runs?status=queued,queued&limit=200');
    expect(page.items.filter(({ id }) => id === body.id)).toHaveLength(1);
  });

  test.each([
    '/jobs/%00',
    '/runs?job=%00',
    '/users/%00',
    '/targets/a%00b',
    '/runs?since=1960-01-01T00:00:00Z',
    '/runs?until=%2B099999-01-01T00:00:00Z',
    '/runs?since=yesterday',
    '/runs/00000000-0000-7000-8000-000000000000/steps/one/log?from=99999999999',
  ])('%s is refused as a bad request', async (path) => {
    expect((await api.call('GET', path)).status).toBe(400);
  });

  test.each([
    ['/login', { user: 'a\0', password: 'b' }],
    ['/jobs/echo/runs', { parameters: { site: 'ber' }, message: '\0' }],
    ['/jobs/echo/runs', { parameters: { site: 'ber' }, version: 4_294_967_296 }],
    ['/jobs', { source: 'name: a\0', message: null }],
  ])('POST %s with %j is refused as invalid input', async (path, body) => {
    expect((await api.call('POST', path, { body })).status).toBe(422);
  });

  test('what Postgres cannot read is the request’s fault, not ours', async () => {
    const after = Buffer.from(JSON.stringify(['name', '\0'])).toString('base64url');
    expect((await api.call('GET', `/jobs?after=${after}`)).status).toBe(422);
  });

  test.each(['nope', '1', '00000000-0000-7000-8000-000000000000', "' or 1=1"])('there is no run %s', async (id) => {
    expect((await api.call('GET', `/runs/${encodeURIComponent(id)}`)).status).toBe(404);
    expect((await api.call('GET', `/runs/${encodeURIComponent(id)}/steps`)).status).toBe(404);
    expect((await api.call('POST', `/runs/${encodeURIComponent(id)}/cancel`)).status).toBe(404);
  });

  test('the log of a step that wrote nothing is empty, not an error', async () => {
    const { body } = await start(api);
    const { status, body: log } = await api.call('GET', `/runs/${body.id}/steps/first/log?from=-100`);
    expect([status, log]).toEqual([200, { items: [], first: 0, last: 0, total: 0, first_error_line: null }]);
  });
});

describe('with Temporal away', () => {
  let api: Installation;
  beforeAll(async () => {
    api = await startInstallation({ temporalAddress: `127.0.0.1:${await freePort(undefined)}` });
    await api.call('POST', '/jobs', { body: JOB });
  });
  afterAll(() => api.close());

  test('a start is accepted and waits in the outbox', async () => {
    const { status, body } = await start(api);
    expect([status, body.status]).toEqual([202, 'queued']);
    expect(await api.database.sql`select from outbox where run = ${body.id}`).toHaveLength(1);
  });

  test('a run that waits in the outbox is cancelled without Temporal, and never starts', async () => {
    const { body } = await start(api);
    expect((await api.call('POST', `/runs/${body.id}/cancel`, { body: { reason: 'never mind' } })).status).toBe(202);
    expect((await api.call('GET', `/runs/${body.id}`)).body).toMatchObject({ status: 'cancelled', message: 'never mind' });
    expect(await api.database.sql`select kind from outbox where run = ${body.id}`).toEqual([{ kind: 'cancel' }]);
    const audit = await api.call<{ items: object[] }>('GET', `/audit?subject=${body.id}&subject_kind=run`);
    expect(audit.body.items).toMatchObject([
      { action: 'run.cancel', after: { outcome: 'withdrawn' } },
      { action: 'run.cancel', after: { outcome: 'asked' } },
      { action: 'run.start' },
    ]);
  });

  test('steering answers 503 with the time to wait, and the audit says that it was asked and not answered', async () => {
    const { body } = await start(api);
    const { status, headers } = await api.call('POST', `/runs/${body.id}/pause`);
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    const audit = await api.call<{ items: object[] }>('GET', `/audit?subject=${body.id}&subject_kind=run`);
    expect(audit.body.items).toMatchObject([
      { action: 'run.pause', after: { outcome: 'unanswered' } },
      { action: 'run.pause', after: { outcome: 'asked' } },
      { action: 'run.start' },
    ]);
  });

  test('readiness names what is missing', async () => {
    const { status, body } = await api.call<{ checks: { name: string; ok: boolean }[] }>('GET', '/readyz', { token: null });
    expect(status).toBe(503);
    expect(Object.fromEntries(body.checks.map(({ name, ok }) => [name, ok]))).toEqual({
      postgres: true,
      migrations: true,
      temporal: false,
      worker: false,
      zone_data: true,
      log_files: true,
    });
  });
});

async function requireEcho({ database }: Pick<Installation, 'database'>) {
  const job = await findJob(database.sql, 'default', 'echo');
  if (!job) throw new Error('the job was not saved');
  return job;
}

/** Accepts a run as an API does that dies before it has started it. */
async function acceptWithoutStart({ database }: Installation): Promise<string> {
  const job = await requireEcho({ database });
  const run = uuidv7();
  await insertRun(
    database.sql,
    {
      input: { run, project: 'default', plan: job.plan, parameters: { site: 'ber', count: 3 }, target: null },
      job_id: job.id,
      version: job.version,
      title: null,
      message: null,
      client: null,
      ref_num: null,
      priority: 5,
      timezone: null,
      trigger: 'api',
      created_by: 'admin',
    },
    { actor: 'admin', request_id: null },
  );
  return run;
}

/** The run's row as its workflow would close it. */
async function endRun({ database }: Installation, run: string): Promise<void> {
  const snapshot = {
    seq: 5,
    status: 'completed',
    waiting_for: null,
    message: null,
    error_message: null,
    completed_steps: 2,
    failed_steps: 0,
    progress: 100,
    actor: null,
  } as const;
  await recordRuns(database.sql, [{ run, project: 'default', snapshot, steps: [], result_data: null }]);
}
