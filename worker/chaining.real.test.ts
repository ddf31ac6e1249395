import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { STEP_SPECS } from '#activities/catalog.ts';
import { acceptCausedRun } from '#db/queries/accept-caused-run.ts';
import { findJob } from '#db/queries/find-job.ts';
import { recordRuns } from '#db/queries/record-runs.ts';
import { saveJob } from '#db/queries/save-job.ts';
import { listFirings } from '#db/queries/trigger-firings.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { auditOf, record, snapshot } from '#db/testing/runs.ts';
import { compile } from '#jobs/compile.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import type { EndStatus } from '#jobs/definition-words.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { LIMITS } from '#jobs/limits.ts';
import { followEnds } from './chaining.ts';

let database: TestDatabase;
/** Ids of the runs whose workflows were started. */
let launched: string[] = [];
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => {
  launched = [];
});

const follow = () =>
  followEnds(database, async ({ run }) => {
    launched.push(run);
  });

const STEPS = [{ id: 'one', type: 'local.exec', config: { command: 'true' } }];

/** Saves a job of one step. */
async function job(name: string, also: Partial<JobDefinition> = {}, expected: number | null = null): Promise<void> {
  const definition: JobDefinition = { name, steps: STEPS, ...also };
  const plan = compile(definition, STEP_SPECS);
  const checked = { source: name, format: 'yaml', definition, plan, hash: JSON.stringify(also) } as const;
  await saveJob(database.sql, 'default', checked, expected, auditOf('ann'));
}

interface Ended {
  readonly status?: EndStatus;
  readonly parameters?: JsonObject;
  readonly outputs?: Json;
  readonly depth?: number;
}

/** A run of a job that has ended. */
async function ended(name: string, { status = 'completed', parameters = {}, outputs = {}, depth = 0 }: Ended = {}): Promise<string> {
  const found = await findJob(database.sql, 'default', name);
  if (!found) throw new Error(`no job ${name}`);
  const cause = { project: 'default', trigger: 'manual', created_by: 'ann', message: null, chain_depth: depth } as const;
  const { inserted } = await acceptCausedRun(database.sql, found, parameters, cause);
  await end(inserted.run, status, outputs);
  return inserted.run;
}

const end = (run: string, status: EndStatus = 'completed', outputs: Json = {}) =>
  recordRuns(database.sql, [record(run, 5, status, { snapshot: snapshot(5, status), result_data: outputs })]);

const firingsOf = async (name: string) => {
  const found = await findJob(database.sql, 'default', name);
  return (await listFirings(database.sql, found?.id ?? uuidv7(), null, 100)).toReversed();
};
const runsOf = (name: string) =>
  database.sql<{ id: string; parameters: JsonObject; chain_source: string; chain_depth: number; created_by: string; trigger: string }[]>`
    select id, parameters, chain_source, chain_depth, created_by, trigger from runs where job = ${name} order by id`;

const site = { site: { type: 'string', enum: ['ber', 'fra'] } } as const;

test('the end of a run starts the job that listens to it, with what its trigger maps, once though all workers look at once', async () => {
  await job('backup', { parameters: site });
  await job('report', {
    parameters: { ...site, files: { type: 'integer' } },
    triggers: [
      {
        job: 'backup',
        if: 'source.outputs.files > 1',
        parameters: { site: '${{ source.parameters.site }}', files: '${{ source.outputs.files }}' },
      },
    ],
  });
  const source = await ended('backup', { parameters: { site: 'fra' }, outputs: { files: 3 } });
  await recordRuns(database.sql, [record(source, 6, 'completed')]);
  await Promise.all([follow(), follow(), follow(), follow()]);
  const [run, ...others] = await runsOf('report');
  expect(others).toEqual([]);
  expect(run).toMatchObject({
    parameters: { site: 'fra', files: 3 },
    chain_source: source,
    chain_depth: 1,
    created_by: 'ann',
    trigger: 'chain',
  });
  expect(launched).toEqual([run?.id]);
  expect(await firingsOf('report')).toMatchObject([
    { source_run: source, source_job: 'backup', status: 'started', run: run?.id, reason: null },
  ]);
  expect(await database.sql`select run from outbox where run = ${run?.id ?? ''}`).toHaveLength(1);
});

test('only ends of the wanted status are listened to, by what the current version says', async () => {
  await job('watched');
  await job('alarm', { triggers: [{ job: 'watched', on: ['failed', 'timed_out'] }] });
  await ended('watched');
  const failed = await ended('watched', { status: 'failed' });
  await follow();
  expect((await runsOf('alarm')).map(({ chain_source }) => chain_source)).toEqual([failed]);
  await job('alarm', { description: 'listens no more' }, 1);
  await ended('watched', { status: 'failed' });
  await follow();
  expect(await firingsOf('alarm')).toHaveLength(1);
});

test('what is not started says why', async () => {
  await job('source', { parameters: site });
  await job('picky', { triggers: [{ job: 'source', if: 'source.parameters.site == "ber"' }] });
  await job('mistaken', { triggers: [{ job: 'source', if: 'source.outputs.missing' }] });
  await job('strict', { parameters: site, triggers: [{ job: 'source', parameters: { site: '${{ source.outputs.site }}' } }] });
  await job('checked', { checks: [{ condition: 'false', message: 'never on Sundays' }], triggers: [{ job: 'source' }] });
  await job('off', { active: false, triggers: [{ job: 'source' }] });
  await ended('source', { parameters: { site: 'fra' }, outputs: { site: 'muc' } });
  await follow();
  const why = async (name: string) => (await firingsOf(name)).map(({ status, reason, message }) => [status, reason, message]);
  expect(await why('picky')).toEqual([['not_started', 'condition', 'its condition was false: source.parameters.site == "ber"']]);
  expect(await why('mistaken')).toEqual([['not_started', 'condition', expect.stringContaining('missing')]]);
  expect(await why('strict')).toEqual([['not_started', 'parameters', expect.stringContaining('parameters.site')]]);
  expect((await firingsOf('strict'))[0]?.problems).toMatchObject([{ pointer: '/parameters/site' }]);
  expect(await why('checked')).toEqual([['not_started', 'parameters', 'never on Sundays']]);
  expect(await why('off')).toEqual([['not_started', 'inactive', 'the job was switched off']]);
  expect(launched).toEqual([]);
});

test('a join starts one run for one end of each of its jobs, and waits for the others', async () => {
  await job('left');
  await job('right');
  const n = { type: 'integer' } as const;
  await job('join', {
    parameters: { left: n, right: n },
    triggers: [
      {
        job: ['left', 'right'],
        within: '1h',
        parameters: { left: '${{ sources.left.outputs.n }}', right: '${{ sources.right.outputs.n }}' },
      },
    ],
  });
  const first = await ended('left', { outputs: { n: 1 } });
  await ended('left', { outputs: { n: 2 } });
  await follow();
  expect((await firingsOf('join')).map(({ status }) => status)).toEqual(['waiting', 'waiting']);
  const right = await ended('right', { outputs: { n: 10 } });
  await Promise.all([follow(), follow()]);
  const [run, ...others] = await runsOf('join');
  expect(others).toEqual([]);
  expect(run).toMatchObject({ parameters: { left: 1, right: 10 }, chain_source: right });
  expect((await firingsOf('join')).map(({ status, run: started }) => [status, started])).toEqual([
    ['started', run?.id],
    ['waiting', null],
    ['started', run?.id],
  ]);
  // The one left over comes too early for the next.
  await database.sql`update runs set ended_at = ended_at - interval '2 hours' where job = 'left' and id <> ${first}`;
  await ended('right', { outputs: { n: 20 } });
  await follow();
  expect((await firingsOf('join')).map(({ status, reason }) => [status, reason])[1]).toEqual(['not_started', 'unmatched']);
  expect(await runsOf('join')).toHaveLength(1);
});

test('a chain that comes back to a job it has been through is cut there, and one that grows too long as well', async () => {
  await job('ping', { triggers: [{ job: 'pong' }] });
  await job('pong', { triggers: [{ job: 'ping' }] });
  await ended('ping');
  await follow();
  const [pong] = await runsOf('pong');
  await end(pong?.id ?? '');
  await follow();
  expect(await runsOf('ping')).toHaveLength(1);
  expect(await firingsOf('ping')).toMatchObject([
    {
      status: 'not_started',
      reason: 'loop',
      message: expect.stringMatching(/^the chain comes back to where it was: ping #\d+ → pong #\d+ → ping$/),
    },
  ]);
  await job('deep');
  await job('deeper', { triggers: [{ job: 'deep' }] });
  await ended('deep', { depth: LIMITS.chainDepth });
  await follow();
  expect(await firingsOf('deeper')).toMatchObject([{ status: 'not_started', reason: 'loop' }]);
});

test('an end that cannot be acted upon for a fault of ours is tried again later, and holds up no other', async () => {
  await job('fine');
  await job('after-fine', { triggers: [{ job: 'fine' }] });
  await job('faulty');
  await job('after-faulty', { triggers: [{ job: 'faulty' }] });
  await ended('faulty');
  await ended('fine');
  await database.sql`alter table trigger_firings add constraint fault check (source_job <> 'faulty' or status = 'pending')`;
  await expect(follow()).rejects.toThrow('fault');
  expect(await runsOf('after-fine')).toHaveLength(1);
  expect(await runsOf('after-faulty')).toEqual([]);
  await database.sql`alter table trigger_firings drop constraint fault`;
  await database.sql`update trigger_firings set next_at = now() where source_job = 'faulty'`;
  await follow();
  expect(await runsOf('after-faulty')).toHaveLength(1);
});
