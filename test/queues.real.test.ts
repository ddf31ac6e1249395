import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { pauseTold } from '#db/queries/queues/pause-queue.ts';
import { noteFailure } from '#db/queries/queues/queue-life.ts';
import { useQueues } from '#db/queries/queues/use-queue.ts';
import { ZONE_NAMES } from '#jobs/zones/names.ts';
import { holdQueue } from '#platform/temporal/queue-stats.ts';
import { sampleQueues } from '#worker/zones/sampling.ts';
import { eventually } from './api-client.ts';
import { startCapstan } from './capstan-command.ts';
import { type OwnProcess, startProcess } from './own-process.ts';
import { type Stack, startStack } from './stack.ts';

const SLOTS = 4;
let stack: Stack;
let second: OwnProcess | undefined;
beforeAll(async () => {
  stack = await startStack({ env: { CAPSTAN_WORKER__ZONE_SLOTS: String(SLOTS) } });
});
afterAll(async () => {
  await second?.stop();
  await stack?.stop();
});

interface Seen {
  readonly state: string;
  readonly problem: string | null;
  readonly failures: number;
  readonly local_time: string | null;
  readonly depth: { readonly total: number; readonly by_priority: readonly { readonly priority: number; readonly steps: number }[] };
  readonly slots: { readonly used: number; readonly total: number; readonly waiting: number };
  readonly pollers: readonly { readonly worker: string }[];
  readonly paused: { readonly by: string; readonly note: string | null } | null;
}

/** Starts a run of its own definition, of one step, in this zone. */
async function start(zone: string, command = 'true', more: object = {}): Promise<string> {
  const definition = { name: 'tick', timezone: zone, steps: [{ id: 'tick', type: 'local.exec', config: { command } }] };
  const { status, body } = await stack.as.call('POST', '/runs', { definition, ...more });
  if (status !== 202) throw new Error(`a run was not accepted: ${JSON.stringify(body)}`);
  return body.id as string;
}
const completed = async (runs: readonly string[]) => {
  const ended = await Promise.all(runs.map((run) => stack.as.until(run)));
  expect(ended.filter(({ status }) => status !== 'completed')).toEqual([]);
};
const pathOf = (zone: string) => `/queues/${encodeURIComponent(`local@${zone}`)}`;
const look = async (zone: string) => {
  const { status, body } = await stack.as.call('GET', pathOf(zone));
  if (status !== 200) throw new Error(`there is no queue of ${zone}: ${JSON.stringify(body)}`);
  return body as unknown as Seen;
};
const steer = (zone: string, verb: 'pause' | 'resume', body: object = {}) => stack.as.call('POST', `${pathOf(zone)}/${verb}`, body);
const served = async () =>
  (
    await stack.database.sql<{ id: string; queues: string[] }[]>`
      select id, queues from workers where last_seen_at > now() - interval '15 seconds' order by started_at`
  ).map(({ id, queues }) => ({ id, zones: queues.filter((name) => name.includes('@')) }));
/** Runs in the order in which their steps began. */
const inOrder = (runs: readonly string[]) =>
  stack.database.sql<{ id: string; priority: number; client: string | null }[]>`
    select r.id, r.priority, r.client from runs r join run_steps s on s.run_id = r.id where r.id = any(${[...runs]}::uuid[]) order by s.started_at`;

/** Follows the topic of queues; answers whether something like this came within a while. */
function listen(): (what: RegExp) => Promise<boolean> {
  let heard = '';
  const stop = AbortSignal.timeout(110_000);
  const headers = { authorization: `Bearer ${stack.token}` };
  const reading = fetch(`${stack.url}/api/v1/events?topics=queues`, { headers, signal: stop }).then(async ({ body }) => {
    for await (const chunk of body ?? []) heard += Buffer.from(chunk).toString();
  });
  reading.catch(() => undefined);
  return (what) => eventually(async () => what.test(heard), Boolean, 60_000);
}

const FIFTY = Array.from({ length: 50 }, (_, at) => ZONE_NAMES[at * 11] ?? '');

test('runs in fifty zones go to fifty queues, each made at its first use and all served by one process', async () => {
  await completed(await Promise.all(FIFTY.map((zone) => start(zone))));
  const zones = async () => (await served()).map((worker) => worker.zones.toSorted());
  await expect.poll(zones).toEqual([FIFTY.map((zone) => `local@${zone}`).toSorted()]);
});

test('no process runs more steps of zones at a time than it has slots for, and slots move to where steps wait', async () => {
  const [north, south] = ['Europe/Oslo', 'Africa/Lusaka'];
  const dir = await mkdtemp(path.join(tmpdir(), 'capstan-queues-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  // A step ends when it is let, so that steps of both wait however long it takes to start them.
  const doorOf = (zone: string, at: number) => path.join(dir, `${zone.replace('/', '-')}-${at}`);
  const starting = (zone: string, numbers: readonly number[]) =>
    Promise.all(numbers.map((at) => start(zone, `while test -d ${dir} -a ! -e ${doorOf(zone, at)}; do sleep 0.1; done`)));
  const letEnd = (zone: string, numbers: readonly number[]) => Promise.all(numbers.map((at) => writeFile(doorOf(zone, at), '')));
  const [early, late] = [Array.from({ length: SLOTS }, (_, at) => at), Array.from({ length: SLOTS }, (_, at) => SLOTS + at)];
  const first = await starting(north, early);
  await eventually(
    () => look(north),
    ({ slots }) => slots.used >= SLOTS,
    60_000,
  );
  first.push(...(await starting(north, late)));
  const then = await starting(south, [...early, ...late]);
  const shared = (withinMs: number) =>
    eventually(
      async () => [await look(north), await look(south)] as const,
      ([north, south]) => south.slots.used > 0 && north.slots.used > 0 && south.slots.total + north.slots.total === SLOTS,
      withinMs,
    );
  // Which queue a slot goes to that becomes free is theirs to say: one after the other, until both work.
  for (const at of [...early, ...late].slice(0, -1)) {
    await letEnd(north, [at]);
    if (await shared(5_000).catch(() => null)) break;
  }
  const both = await shared(60_000);
  expect(both.map(({ state }) => state)).toEqual(['open', 'open']);
  await letEnd(north, [...early, ...late]);
  await eventually(
    () => look(south),
    ({ slots }) => slots.used > SLOTS / 2,
    60_000,
  );
  await letEnd(south, [...early, ...late]);
  await completed([...first, ...then]);
  await eventually(
    () => look(north),
    ({ slots }) => slots.used === 0 && slots.total === SLOTS,
    60_000,
  );
  const [most] = await stack.database.sql<{ at_once: number }[]>`
    with of as (select s.started_at, s.ended_at from run_steps s where s.run_id = any(${[...first, ...then]}::uuid[]))
    select max((select count(*) from of b where b.started_at <= a.started_at and b.ended_at > a.started_at))::integer as at_once from of a`;
  expect(most?.at_once).toBeLessThanOrEqual(SLOTS);
});

test('a paused queue hands out nothing, and says what waits by priority; resumed, ten priorities drain in their order', async () => {
  const zone = 'Asia/Tokyo';
  await completed([await start(zone)]);
  const told = listen();
  expect(await steer(zone, 'pause', { note: 'hosts move' })).toMatchObject({ status: 200, body: { state: 'paused' } });
  expect(await steer(zone, 'pause')).toMatchObject({ status: 409 });
  const busy = await Promise.all(Array.from({ length: SLOTS - 1 }, () => start('Asia/Seoul', 'sleep 600')));
  await eventually(
    () => look('Asia/Seoul'),
    ({ slots }) => slots.used === SLOTS - 1,
    60_000,
  );
  const priorities = Array.from({ length: 20 }, (_, at) => 10 - (at % 10));
  const runs = await Promise.all(priorities.map((priority) => start(zone, 'true', { priority })));
  const held = await eventually(
    () => look(zone),
    ({ depth }) => depth?.total === 20,
    60_000,
  );
  expect(held.depth.by_priority.map(({ priority, steps }) => [priority, steps])).toEqual(
    Array.from({ length: 10 }, (_, at) => [at + 1, 2]),
  );
  expect(held).toMatchObject({ state: 'paused', paused: { note: 'hosts move' }, local_time: expect.stringMatching(/\+09:00$/) });
  expect(await inOrder(runs)).toEqual([]);
  expect(await told(/"queue":"local@Asia\/Tokyo"/)).toBe(true);

  // Somebody put them there unseen: the next look finds them, opens the queue and keeps what it saw.
  const { sql } = stack.database;
  await sql`delete from queue_samples`;
  await sql`update queues set state = 'idle' where name = ${`local@${zone}`}`;
  const [{ id } = { id: '' }] = await served();
  const zones = { slots: [], looked: async () => undefined };
  await sampleQueues({ id, sql, client: stack.temporal, zones });
  expect(await look(zone)).toMatchObject({ history: [{ depth: 20 }] });
  expect(await sql`select state from queues where name = ${`local@${zone}`}`).toEqual([{ state: 'open' }]);

  const env = { CAPSTAN_URL: stack.url, CAPSTAN_TOKEN: stack.token };
  expect(await startCapstan(['queues', 'resume', `local@${zone}`], env).ended).toMatchObject({
    code: 0,
    out: expect.stringContaining(`local@${zone}  open  `),
  });
  await completed(runs);
  expect(await sql`select action from audit_entries where subject = ${`local@${zone}`} order by id`).toEqual([
    { action: 'queue.pause' },
    { action: 'queue.resume' },
  ]);
  expect((await inOrder(runs)).map(({ priority }) => priority)).toEqual(priorities.toSorted((a, b) => a - b));

  // Still one slot alone is free.
  const shared = 'Asia/Manila';
  await completed([await start(shared)]);
  expect(await stack.as.call('PUT', '/queues/weights/big', { weight: 3 })).toMatchObject({
    status: 200,
    body: { client: 'big', weight: 3 },
  });
  await steer(shared, 'pause');
  const clients = Array.from({ length: 24 }, (_, at) => (at < 12 ? 'small' : 'big'));
  const of = await Promise.all(clients.map((client) => start(shared, 'true', { client })));
  await eventually(
    () => look(shared),
    ({ depth }) => depth?.total === 24,
    60_000,
  );
  await steer(shared, 'resume');
  await completed(of);
  const early = (await inOrder(of)).slice(0, 12).filter(({ client }) => client === 'big').length;
  expect(early).toBeGreaterThanOrEqual(8);
  expect(early).toBeLessThanOrEqual(10);
  expect((await stack.as.call('GET', '/queues/weights')).body).toMatchObject({ items: [{ client: 'big', weight: 3 }], next: null });
  expect(await stack.as.call('DELETE', '/queues/weights/big')).toMatchObject({ status: 204 });
  expect(await stack.as.call('DELETE', '/queues/weights/big')).toMatchObject({ status: 404 });
  const listed = await stack.as.call('GET', '/queues?zone=Asia%2FManila&limit=1');
  expect(listed.body).toMatchObject({ items: [{ name: 'local@Asia/Manila', capability: 'local', zone: shared }], next: null });
  await Promise.all(busy.map((run) => stack.as.call('POST', `/runs/${run}/cancel`, {})));
  await eventually(
    () => look('Asia/Seoul'),
    ({ slots }) => slots.used === 0,
    60_000,
  );
});

test('a step that a worker was handed while all slots work waits and says so, begins in no queue that is paused, and waits elsewhere when its worker leaves', async () => {
  const zone = 'Asia/Manila';
  const sleepers = await Promise.all(Array.from({ length: SLOTS }, () => start('Asia/Seoul', 'sleep 600')));
  await eventually(
    () => look('Asia/Seoul'),
    ({ slots }) => slots.used === SLOTS,
    60_000,
  );
  const step = { id: 'tick', type: 'local.exec', config: { command: 'true' }, retry: { attempts: 2, delay: '10m' } };
  const { body } = await stack.as.call('POST', '/runs', { definition: { name: 'tick', timezone: zone, steps: [step] } });
  const run = body.id as string;
  await eventually(
    () => look(zone),
    ({ slots }) => slots.used === 0 && slots.waiting === 1,
    60_000,
  );
  expect(await stack.as.run(run)).toMatchObject({ status: 'queued' });
  await steer(zone, 'pause');
  // A worker that serves what was wanted after the pause has heard of the pause.
  await useQueues(stack.database.sql, ['local@Pacific/Apia']);
  await eventually(served, ([worker]) => worker?.zones.includes('local@Pacific/Apia') === true, 60_000);
  for (const one of sleepers) await stack.as.call('POST', `/runs/${one}/cancel`, {});
  await completed([await start('Asia/Seoul')]);
  expect(await stack.as.run(run)).toMatchObject({ status: 'queued' });
  expect(await look(zone)).toMatchObject({ state: 'paused', slots: { used: 0, waiting: 1 } });

  await stack.worker.stop();
  stack.worker.start();
  await steer(zone, 'resume');
  // Somebody was slow to tell Temporal of the pause that is over.
  await holdQueue(stack.temporal, `local@${zone}`, true, 'late');
  await pauseTold(stack.database.sql, `local@${zone}`, true);
  await completed([run]);
});

test('when a second process comes it takes over its part of the queues, and when the first is killed all of them within 30 seconds', async () => {
  second = startProcess('worker/main.ts', stack.env);
  const [all] = await served();
  const wanted = all?.zones.toSorted() ?? [];
  const shares = await eventually(
    served,
    (workers) =>
      workers.length === 2 &&
      workers.every(({ zones }) => zones.length > 10) &&
      workers.flatMap(({ zones }) => zones).length === wanted.length,
    30_000,
  );
  expect(shares.flatMap(({ zones }) => zones).toSorted()).toEqual(wanted);
  const [orphan = ''] = shares[0]?.zones.filter((name) => FIFTY.some((zone) => name === `local@${zone}`)) ?? [];
  const killed = Date.now();
  await stack.worker.kill();
  const run = await start(orphan.slice('local@'.length));
  await eventually(served, (workers) => workers.length === 1 && workers[0]?.zones.length === wanted.length, 30_000);
  await completed([run]);
  expect(Date.now() - killed).toBeLessThan(30_000);
});

test('a queue that nobody has used for ten minutes is closed, and opened again by its next use', async () => {
  await stack.database.sql`update queues set last_used_at = now() - interval '11 minutes' where zone is not null`;
  // All but what the killed process's runs were taken over with.
  const [left] = await eventually(served, ([worker]) => (worker?.zones.length ?? 99) < 5, 60_000);
  const zone = FIFTY.find((name) => !left?.zones.includes(`local@${name}`)) ?? '';
  expect(await look(zone)).toMatchObject({ state: 'idle', slots: { used: 0, total: 0 } });
  await completed([await start(zone)]);
  expect(await look(zone)).toMatchObject({ state: 'open' });
  // What an earlier worker of it had to say is over, since the one that serves it now is well.
  await noteFailure(stack.database.sql, `local@${zone}`, 'its worker failed');
  await eventually(
    () => look(zone),
    ({ state, problem, failures }) => state === 'open' && problem === null && failures === 1,
    60_000,
  );
});
