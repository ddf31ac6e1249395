import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STEP_SPECS } from '#activities/catalog.ts';
import { insertArrival } from '#db/queries/webhook-arrivals.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import type { StepSpec } from '#jobs/step.ts';
import { type ApiClient, eventually, type StepSeen } from './api-client.ts';
import { addPerson } from './person.ts';
import { settledHistory } from './settled-history.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
let ann: ApiClient;
let bob: ApiClient;
let eve: ApiClient;

beforeAll(async () => {
  stack = await startStack();
  [ann, bob, eve] = await Promise.all([
    addPerson(stack, 'ann', 'admin'),
    addPerson(stack, 'bob', 'operator', 'netops'),
    addPerson(stack, 'eve', 'operator'),
  ]);
});
afterAll(() => stack?.stop());

const sh = (id: string, command: string, more: object = {}) => ({
  id,
  type: 'local.exec',
  config: { command },
  retry: { attempts: 1 },
  ...more,
});
const ask = (config: object, more: object = {}) => ({ id: 'ask', type: 'approval', config, ...more });

let jobs = 0;
/** Saves a job of these steps as an administrator who does nothing else, and starts a run of it as Ann. */
async function run(steps: readonly object[], more: object = {}): Promise<string> {
  jobs += 1;
  return ann.start(await stack.as.job({ name: `holds-${jobs}`, steps, ...more }));
}
const waits = (id: string, key: string) => stack.as.untilStep(id, key, ({ status }) => status === 'waiting');
const answer = (who: ApiClient, id: string, verdict: 'approve' | 'reject', body: object = {}) =>
  who.call('POST', `/runs/${id}/steps/ask/${verdict}`, body);
const holdOf = (step: StepSeen) => (step as unknown as { readonly hold: JsonObject }).hold;
const noticesOf = async (id: string) => {
  const { body } = await stack.as.call('GET', `/runs/${id}/notices`);
  return (body.items as readonly JsonObject[]).map(({ kind, number, recipients }) => ({ kind, number, recipients }));
};

describe('an approval', () => {
  test('is given once by those who are asked, never by who started the run or wrote the job, and what is refused leaves no trace', async () => {
    const form = { type: 'object', required: ['ticket'], properties: { ticket: { type: 'string', pattern: '^CHG[0-9]+$' } } };
    const id = await run([
      ask({ message: 'Go on with ${{ run.job }}?', form, approvers: ['netops', 'ann', 'admin', 'role:admin'], count: 1 }),
      sh('after', 'echo "$T"', { config: { command: 'echo "$T"', environment: { T: '${{ steps.ask.outputs.form.ticket }}' } } }),
    ]);
    const step = await waits(id, 'ask');
    expect(step).toMatchObject({
      waiting_for: 'approval',
      hold: { kind: 'approval', count: 1, answers: [], approvers: ['netops', 'ann', 'admin', 'role:admin'] },
    });
    expect(await stack.as.until(id, ({ status }) => status === 'waiting')).toMatchObject({ waiting_for: 'approval' });

    const ticket = { form: { ticket: 'CHG1' }, comment: 'fine' };
    expect((await answer(eve, id, 'approve', ticket)).status).toBe(403);
    const before = await settledHistory(stack.temporal, id);
    const refused = [
      await answer(ann, id, 'approve', ticket),
      await answer(stack.as, id, 'approve', ticket),
      await answer(eve, id, 'reject'),
      await answer(bob, id, 'approve', { form: { ticket: 'soon' } }),
      await answer(bob, id, 'approve'),
      await bob.call('POST', `/runs/${id}/steps/after/approve`, ticket),
      await bob.call('POST', `/runs/${id}/steps/nothing/approve`, ticket),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 422, 422, 409, 409]);
    expect(refused[0]?.body.detail).toContain('ann started this run');
    expect(refused[3]?.body.problems).toMatchObject([{ pointer: '/form/ticket' }]);
    expect(await settledHistory(stack.temporal, id)).toEqual(before);

    const mine = async (who: ApiClient) => {
      const { body } = await who.call('GET', '/approvals?mine=true');
      return (body.items as readonly { run_id: string }[]).filter(({ run_id }) => run_id === id).length;
    };
    expect([await mine(bob), await mine(ann), await mine(eve)]).toEqual([1, 0, 0]);

    const twice = await Promise.all([answer(bob, id, 'approve', ticket), answer(bob, id, 'approve', ticket)]);
    expect(twice.map(({ status }) => status)).toEqual([202, 202]);
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
    const ended = await stack.as.untilStep(id, 'ask', ({ status }) => status === 'completed');
    expect(ended).toMatchObject({
      outputs: { decision: 'approved', expired: false, form: { ticket: 'CHG1' }, answers: [{ actor: 'bob', comment: 'fine' }] },
    });
    expect(holdOf(ended).answers).toMatchObject([{ actor: 'bob', decision: 'approved' }]);
    expect((await stack.as.untilStep(id, 'after', ({ stdout }) => stdout !== null)).stdout).toBe('CHG1\n');
    expect((await answer(bob, id, 'approve', ticket)).status).toBe(409);
    const { body } = await stack.as.call('GET', `/audit?subject_kind=run&subject=${id}`);
    const audited = (body.items as readonly { action: string; actor: string; after: JsonObject }[]).filter(
      ({ action }) => action === 'step.approve',
    );
    expect(audited.filter(({ actor, after }) => actor === 'ann' && after.outcome === 'refused')).toHaveLength(1);
    expect(audited.filter(({ actor }) => actor === 'bob').length).toBeGreaterThan(1);
  });

  test('needs as many as the step says, and one rejection fails it with its words', async () => {
    const id = await run([ask({ count: 2 }), sh('after', 'true')]);
    await waits(id, 'ask');
    const around = await ann.call('POST', `/jobs/holds-${jobs}/runs`, { steps: ['after'] });
    expect([around.status, around.body.problems]).toMatchObject([422, [{ pointer: '/steps/0' }]]);
    expect((await answer(bob, id, 'approve')).status).toBe(202);
    await stack.as.untilStep(id, 'ask', (step) => (holdOf(step).answers as readonly Json[]).length === 1);
    expect((await answer(bob, id, 'reject')).status).toBe(409);
    expect((await answer(eve, id, 'reject', { comment: 'not today' })).status).toBe(202);
    expect(await stack.as.until(id)).toMatchObject({
      status: 'failed',
      error_message: expect.stringContaining('rejected by eve: not today'),
    });
    expect(await stack.as.untilStep(id, 'ask', ({ status }) => status === 'failed')).toMatchObject({ error: { type: 'policy' } });
  });

  test('that nobody gives is reminded of, escalated and expires as the step says, also while the run is paused', async () => {
    const slow = { approvers: ['netops'], timeout: '2s', reminder: '500ms', escalation: [{ after: '700ms', to: ['eve'] }] };
    const [skipped, failed, escalated] = await Promise.all([
      run([ask({ ...slow, on_timeout: 'skip' }), sh('after', 'true')]),
      run([ask({ ...slow, on_timeout: 'reject' })]),
      run([ask({ ...slow, timeout: '1h' })]),
    ]);
    await waits(failed, 'ask');
    expect((await stack.as.call('POST', `/runs/${failed}/pause`, {})).status).toBe(202);
    expect((await answer(eve, escalated, 'approve')).status).toBe(403);
    await stack.as.untilStep(escalated, 'ask', (step) => holdOf(step).escalated === 1);
    expect((await answer(eve, escalated, 'approve')).status).toBe(202);
    expect(await stack.as.until(escalated)).toMatchObject({ status: 'completed' });
    expect(await stack.as.until(skipped)).toMatchObject({ status: 'completed' });
    expect(await stack.as.untilStep(skipped, 'ask', ({ status }) => status === 'skipped')).toMatchObject({
      message: 'nobody answered in time',
    });
    expect(await stack.as.untilStep(failed, 'ask', ({ status }) => status === 'failed')).toMatchObject({ error: { type: 'policy' } });
    const told = await noticesOf(skipped);
    expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(['asked', 'reminder', 'escalation']));
    expect(told.find(({ kind }) => kind === 'asked')).toEqual({ kind: 'asked', number: 1, recipients: ['netops'] });
    expect(told.find(({ kind }) => kind === 'escalation')).toEqual({ kind: 'escalation', number: 1, recipients: ['eve'] });
  });

  test('of a definition of its own is not for whoever wrote that, whoever runs it again', async () => {
    const definition = { name: 'own', steps: [ask({})] };
    const { body } = await ann.call('POST', '/runs', { definition });
    await waits(String(body.id), 'ask');
    const again = await eve.call('POST', `/runs/${body.id}/retry`, {});
    const id = String(again.body.id);
    await waits(id, 'ask');
    const answers = [await answer(ann, id, 'approve'), await answer(eve, id, 'approve'), await answer(bob, id, 'approve')];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 202]);
    expect((await answer(bob, String(body.id), 'reject')).status).toBe(202);
  });

  test('is not for whoever gave a step other config before it', async () => {
    const steps = [sh('first', 'false', { on_error: 'wait' }), ask({})];
    const id = await bob.start(await stack.as.job({ name: 'edited', steps }));
    await waits(id, 'first');
    expect((await ann.call('POST', `/runs/${id}/steps/first/retry`, { config: { command: 'true' } })).status).toBe(202);
    await waits(id, 'ask');
    const answers = [await answer(ann, id, 'approve'), await answer(bob, id, 'approve'), await answer(eve, id, 'approve')];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 202]);
  });

  test('is asked for each item, and of two answers of one moment one decides', async () => {
    const id = await run([ask({ message: 'Take ${{ item }}?' }, { foreach: ['ber', 'fra'] })]);
    await Promise.all([waits(id, 'ask[0]'), waits(id, 'ask[1]')]);
    expect(holdOf(await waits(id, 'ask[1]')).message).toBe('Take fra?');
    for (const key of ['ask[0]', 'ask[1]']) {
      const both = await Promise.all([bob, eve].map((who) => who.call('POST', `/runs/${id}/steps/${encodeURIComponent(key)}/approve`, {})));
      expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
    }
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
  });

  test('that was rejected is asked again as it was, and nobody skips it', async () => {
    const id = await run([ask({ approvers: ['netops'] }, { on_error: 'wait' })]);
    await waits(id, 'ask');
    expect((await ann.call('POST', `/runs/${id}/steps/ask/skip`, {})).status).toBe(409);
    expect((await answer(bob, id, 'reject')).status).toBe(202);
    await stack.as.untilStep(id, 'ask', (step) => step.error?.type === 'policy' && step.status === 'waiting');
    expect((await ann.call('POST', `/runs/${id}/steps/ask/retry`, { config: { allow_self: true } })).status).toBe(422);
    expect((await ann.call('POST', `/runs/${id}/steps/ask/skip`, {})).status).toBe(409);
    expect((await ann.call('POST', `/runs/${id}/steps/ask/retry`, {})).status).toBe(202);
    await stack.as.untilStep(id, 'ask', (step) => step.status === 'waiting' && holdOf(step)?.kind === 'approval');
    expect((await answer(ann, id, 'approve')).status).toBe(403);
    expect((await answer(bob, id, 'approve')).status).toBe(202);
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
  });

  test('is no longer waited for once the run is cancelled', async () => {
    const id = await run([ask({})]);
    await waits(id, 'ask');
    expect((await stack.as.call('POST', `/runs/${id}/cancel`, { reason: 'enough' })).status).toBe(202);
    expect(await stack.as.until(id)).toMatchObject({ status: 'cancelled' });
    expect(await stack.as.untilStep(id, 'ask', ({ status }) => status === 'cancelled')).toBeDefined();
    expect((await answer(bob, id, 'approve')).status).toBe(409);
  });
});

describe('what a run waits for', () => {
  test('outlives the worker, and without one an answer is refused as such', async () => {
    const [asked, timed] = await Promise.all([
      run([ask({})]),
      run([{ id: 'nap', type: 'wait.duration', config: { duration: '10s' } }, sh('after', 'true')]),
    ]);
    await Promise.all([waits(asked, 'ask'), waits(timed, 'nap')]);
    expect(await stack.as.until(timed, ({ status }) => status === 'waiting')).toMatchObject({ waiting_for: 'timer' });
    await stack.worker.kill();
    expect((await answer(bob, asked, 'approve')).status).toBe(503);
    stack.worker.start();
    const taken = await eventually(
      () => answer(bob, asked, 'approve'),
      ({ status }) => status !== 503,
      30_000,
    );
    // The answer that nobody confirmed may have been taken as soon as a worker was back; the run has then ended with it.
    expect([202, 409]).toContain(taken.status);
    expect(await stack.as.until(asked)).toMatchObject({ status: 'completed' });
    const ended = await stack.as.untilStep(asked, 'ask', ({ status }) => status === 'completed');
    expect(ended).toMatchObject({ outputs: { answers: [{ actor: 'bob' }] } });
    expect(await stack.as.until(timed)).toMatchObject({ status: 'completed' });
  });

  test('takes an answer that its rows ask for, also where a worker that died had shown more than its successor knows yet', async () => {
    const shown = await run([ask({})]);
    await waits(shown, 'ask');
    const lagging = await run([sh('first', 'sleep 2'), ask({})]);
    await stack.as.untilStep(lagging, 'first', ({ status }) => status === 'running');
    const { sql } = stack.database;
    const written = await sql<{ name: string }[]>`
      select attname as name from pg_attribute where attrelid = 'run_steps'::regclass and attnum > 0 and attgenerated = '' and not attisdropped`;
    const columns = written.map(({ name }) => name);
    await sql.unsafe(
      `insert into run_steps (${columns}) select ${columns.map((name) => `shown.${name}`)}
       from run_steps step, jsonb_populate_record(step, jsonb_build_object('run_id', $1::text)) shown where step.run_id = $2`,
      [lagging, shown],
    );
    expect((await answer(bob, lagging, 'approve')).status).toBe(202);
    expect(await stack.as.until(lagging)).toMatchObject({ status: 'completed' });
    // Who has answered already has, whatever the rows ask of others.
    const two = await run([ask({ count: 2 })]);
    await waits(two, 'ask');
    expect((await answer(bob, two, 'approve')).status).toBe(202);
    expect((await answer(bob, two, 'reject')).status).toBe(409);
    expect((await answer(eve, two, 'approve')).status).toBe(202);
    expect(await stack.as.until(two)).toMatchObject({ status: 'completed' });
  });

  test('is a signal, also one that came before its step; each goes to one step', async () => {
    const id = await run([
      sh('first', 'sleep 1'),
      { id: 'early', type: 'wait.signal', config: { name: 'go' } },
      { id: 'late', type: 'wait.signal', config: { name: 'go' }, outputs: { n: '${{ result.data }}' } },
    ]);
    await stack.as.untilStep(id, 'first', ({ status }) => status === 'running');
    expect((await bob.call('POST', `/runs/${id}/signals/go`, { data: { n: 1 } })).status).toBe(202);
    expect((await bob.call('POST', `/runs/${id}/signals/other`, {})).status).toBe(404);
    // What no row can hold, and what no expression goes through, must not reach the run.
    expect((await bob.call('POST', `/runs/${id}/signals/go`, { data: ['\ud800'] })).status).toBe(422);
    const deep = Array.from({ length: 200 }).reduce<unknown>((inner) => [inner], 1) as Json;
    expect((await bob.call('POST', `/runs/${id}/signals/go`, { data: deep })).status).toBe(422);
    expect((await bob.call('POST', `/runs/${id}/steps/late/skip`, { outputs: { n: deep } })).status).toBe(422);
    const once = { 'idempotency-key': 'second' };
    await waits(id, 'late');
    const sent = [await bob.call('POST', `/runs/${id}/signals/go`, { data: 2 }, once)];
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
    const steps = await stack.as.steps(id);
    expect(steps.find(({ key }) => key === 'early')).toMatchObject({ outputs: { received: true, data: { n: 1 }, sent_by: 'bob' } });
    expect(steps.find(({ key }) => key === 'late')).toMatchObject({ outputs: { n: 2 } });
    expect([...sent, await bob.call('POST', `/runs/${id}/signals/go`, {})].map(({ status }) => status)).toEqual([202, 409]);
  });

  test('is one call from outside, which may come early, must fit, and counts once', async () => {
    const schema = { type: 'object', required: ['state'], properties: { state: { type: 'string', enum: ['ok'] } } };
    const id = await run([
      sh('first', 'sleep 2'),
      { id: 'early', type: 'wait.webhook', config: { schema } },
      { id: 'hook', type: 'wait.webhook', config: { schema } },
      { id: 'never', type: 'wait.webhook', config: { timeout: '100ms', on_timeout: 'continue' } },
    ]);
    const urlOf = async (key: string) => String((await bob.call('GET', `/runs/${id}/steps/${key}/webhook`)).body.url);
    const post = async (url: string, body: unknown) => {
      const { status } = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      return status;
    };
    const early = await urlOf('early');
    expect([await post(early, { state: 'odd' }), await post(early, { state: 'ok' }), await post(early, { state: 'ok' })]).toEqual([
      422, 202, 409,
    ]);
    expect(await post(early.replace(/hooks\/[^.]+/, 'hooks/other'), { state: 'ok' })).toBe(404);
    expect(await post(`${early.slice(0, -9)}AAAAAAAAA`, { state: 'ok' })).toBe(404);
    const hook = await waits(id, 'hook');
    expect(hook).toMatchObject({ waiting_for: 'signal' });
    expect(holdOf(hook).url).toBe(await urlOf('hook'));
    expect(await post(String(holdOf(hook).url), { state: 'ok' })).toBe(202);
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
    expect([await post(String(holdOf(hook).url), { state: 'ok' }), await post(await urlOf('never'), {})]).toEqual([409, 410]);
    const steps = await stack.as.steps(id);
    for (const key of ['early', 'hook']) {
      expect(steps.find((step) => step.key === key)).toMatchObject({ outputs: { received: true, body: { state: 'ok' } } });
    }
    expect(steps.find(({ key }) => key === 'never')).toMatchObject({ outputs: { received: false, body: null } });
    expect((await eve.call('GET', `/runs/${id}/steps/first/webhook`)).status).toBe(404);
  });

  test('is told by a worker, where the API that took a call died before it could', async () => {
    const id = await run([{ id: 'hook', type: 'wait.webhook', outputs: { n: '${{ result.body }}' } }]);
    await waits(id, 'hook');
    await insertArrival(stack.database.sql, { run: id, key: 'hook' }, 'default', 7);
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
    expect(await stack.as.untilStep(id, 'hook', ({ status }) => status === 'completed')).toMatchObject({ outputs: { n: 7 } });
  });

  test('is a person for a failed step, as long as the step says', async () => {
    const id = await run([sh('bad', 'exit 3', { on_error: 'wait', intervention_timeout: '1s' })]);
    const step = await waits(id, 'bad');
    expect(holdOf(step)).toMatchObject({ kind: 'intervention', until: expect.stringMatching(/Z$/) });
    expect(await stack.as.until(id)).toMatchObject({
      status: 'failed',
      error_message: expect.stringContaining('nobody took it up in time'),
    });
  });

  test('is what each documented example says', async () => {
    const examples = Object.values(STEP_SPECS as { readonly [type: string]: StepSpec })
      .filter(({ type }) => type === 'approval' || type.startsWith('wait.'))
      .flatMap(({ type, examples }) => examples.map((example) => ({ type, ...example })))
      // What waits for people is answered above.
      .filter(({ type, config }) => type !== 'approval' || config.timeout === '100ms');
    const id = await run(
      examples.map(({ type, config }, n) => ({ id: `e${n}`, type, config: config as JsonObject, needs: [], continue_on_failure: true })),
    );
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
    const steps = await stack.as.steps(id);
    for (const [n, { expect: expected, fails, title }] of examples.entries()) {
      const step = steps.find(({ key }) => key === `e${n}`);
      expect([title, step?.error?.type ?? null]).toEqual([title, fails ?? null]);
      if (expected) expect(step?.outputs).toMatchObject(expected);
    }
  });
});
