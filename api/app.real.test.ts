import { hc } from 'hono/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { recordSteps } from '#db/queries/record-steps.ts';
import { snapshot } from '#db/testing/runs.ts';
import { ZONE_NAMES } from '#jobs/zones/names.ts';
import { zoneData } from '#platform/zone-data.ts';
import type { Api } from './app.ts';
import { type Installation, startInstallation } from './testing/installation.ts';
import { CredentialView } from './views/credential.ts';
import { JobSummary, JobVersionSummary, JobView } from './views/job.ts';
import { GroupView, Me, TokenView, UserView } from './views/person.ts';
import { RunSummary, RunView } from './views/run.ts';
import { HistoryEntry, StepView } from './views/step.ts';
import { TargetView } from './views/target.ts';
import { Timezones } from './views/timezone.ts';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
});
afterAll(() => api.close());

test('a client typed by the API needs no other description of it', async () => {
  const client = hc<Api>(`${api.url}/api/v1`, { headers: { authorization: `Bearer ${api.tokens.admin}` } });
  const made = await client.targets.$post({ json: { name: 'edge', host: '10.0.0.1' } });
  const target = await made.json();
  expect(target.host_key_policy satisfies 'strict' | 'accept_new').toBe('strict');
  const listed = await client.runs.$get({ query: { status: 'failed,lost', limit: '5' } });
  const page = await listed.json();
  expect(page.items.map((run) => run.number satisfies number)).toEqual([]);
});

test('every time zone that may be written is listed, with the clocks it has now and the release that says so', async () => {
  const { status, body } = await api.call<z.infer<typeof Timezones>>('GET', '/timezones');
  expect([status, body.version, body.items.length]).toEqual([200, zoneData().version, ZONE_NAMES.length]);
  expect(z.strictObject(Timezones.shape).safeParse(body).error?.issues ?? []).toEqual([]);
  const named = (name: string) => body.items.find((item) => item.name === name);
  expect(named('Asia/Calcutta')).toEqual({ name: 'Asia/Calcutta', alias_of: 'Asia/Kolkata', offset_minutes: 330, abbreviation: 'IST' });
  expect(named('Etc/UTC')).toEqual({ name: 'Etc/UTC', alias_of: null, offset_minutes: 0, abbreviation: 'UTC' });
});

test('what is answered has the fields that the document promises, and no others', async () => {
  await api.call('POST', '/jobs', { body: 'name: seen\nsteps:\n  - id: a\n    type: local.exec\n    config: { command: "true" }\n' });
  const { body: run } = await api.call<{ id: string }>('POST', '/jobs/seen/runs', { body: {} });
  await recordSteps(api.database.sql, [startedStep(run.id)]);
  await api.call('POST', '/credentials', { body: { name: 'seen', kind: 'ssh_password', password: 'x' } });
  await api.call('POST', '/targets', { body: { name: 'seen', host: '10.0.0.2' } });
  await api.call('POST', '/groups', { body: { name: 'seen', members: ['viewer'] } });

  const one = async (path: string) => (await api.call('GET', path)).body;
  const first = async (path: string) => (await api.call<{ items: unknown[] }>('GET', path)).body.items[0];
  const promised: readonly (readonly [z.ZodObject, unknown])[] = [
    [JobView, await one('/jobs/seen')],
    [JobSummary, await first('/jobs')],
    [JobVersionSummary, await first('/jobs/seen/versions')],
    [RunView, await one(`/runs/${run.id}`)],
    [RunSummary, await first('/runs')],
    [StepView, await first(`/runs/${run.id}/steps`)],
    [HistoryEntry, await first(`/runs/${run.id}/history`)],
    [CredentialView, await one('/credentials/seen')],
    [CredentialView, await first('/credentials')],
    [TargetView, await one('/targets/seen')],
    [UserView, await one('/users/viewer')],
    [GroupView, await one('/groups/seen')],
    [TokenView, await first('/tokens')],
    [Me, await one('/me')],
  ];
  for (const [schema, body] of promised) expect(z.strictObject(schema.shape).safeParse(body).error?.issues ?? []).toEqual([]);
});

const startedStep = (run: string) =>
  ({
    kind: 'started',
    run,
    project: 'default',
    key: 'a',
    attempt: 1,
    step_id: 'a',
    step_number: 1,
    name: 'a',
    type: 'local.exec',
    config: { command: 'true' },
    target: null,
    worker_id: 'w',
    attempts_allowed: 3,
    first_line: 1,
    at: new Date().toISOString(),
    snapshot: snapshot(1, 'running'),
  }) as const;
