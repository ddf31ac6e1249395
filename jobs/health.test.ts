import { describe, expect, test } from 'vitest';
import { STEP_SPECS } from '#activities/catalog.ts';
import type { JobDefinition } from './definition.ts';
import { healthCheck, type Surroundings } from './health.ts';

const target = (name: string, more: Partial<Surroundings['targets'][number]> = {}) => ({
  name,
  kind: 'ssh',
  tags: [],
  attributes: {},
  enabled: true,
  ...more,
});

const today: Surroundings = {
  targets: [
    target('web-1', { tags: ['web'] }),
    target('web-2', { tags: ['web'], enabled: false }),
    target('sw-1', { kind: 'device', tags: ['web'] }),
  ],
  credentials: [{ name: 'db', kind: 'ssh_password' }],
  jobs: [
    { name: 'child', active: true, version: 2, version_tags: ['stable'] },
    { name: 'asleep', active: false, version: 1, version_tags: [] },
  ],
};

const check = healthCheck(today, STEP_SPECS);
const job = (steps: readonly object[], more: object = {}) => check({ name: 'j', steps, ...more } as unknown as JobDefinition);
const ssh = (more: object) => ({ id: 'a', type: 'ssh.exec', config: { command: 'true' }, ...more });
const local = (more: object = {}) => ({ id: 'a', type: 'local.exec', config: { command: 'true' }, ...more });
const run = (config: object) => ({ id: 'a', type: 'job.run', config });

describe('a job is well', () => {
  test.each([
    ['without anything around it', job([local()])],
    ['on a target that is there', job([ssh({ target: 'web-1' })])],
    ['on a selector, which means only targets of the kind it needs', job([ssh({ target: { tags: ['web'] } })])],
    ['on what only a run knows', job([ssh({ target: '${{ parameters.host }}' })], { parameters: { host: { type: 'string' } } })],
    ['on what a start says', job([ssh({})])],
    ['on nothing, where that is allowed', job([ssh({ target: { tags: ['none'], allow_empty: true } })])],
    ['with a step that is not enabled', job([ssh({ target: 'nowhere', enabled: false })])],
    ['with a secret that is there', job([local({ secrets: { PASS: 'db.password' } })])],
    [
      'with a secret that is given at start',
      job([local({ secrets: { PASS: 'parameters.token' } })], { parameters: { token: { type: 'string', secret: true } } }),
    ],
    ['running a version of a job', job([run({ job: 'child', version: 2 })])],
    ['running a tag of a job', job([run({ job: 'child', tag: 'stable' })])],
  ])('%s', (_what, report) => {
    expect(report).toEqual({ health: 'ok', findings: [] });
  });
});

describe('what is found', () => {
  test.each([
    ['broken', '/steps/0/type', '"no.such" is not a step type', job([{ id: 'a', type: 'no.such' }])],
    ['broken', '/steps/0/target', 'there is no target "web-3"; did you mean "web-1"?', job([ssh({ target: 'web-3' })])],
    ['broken', '/steps/0/target', 'target "web-2" is switched off', job([ssh({ target: ['web-1', 'web-2'] })])],
    ['broken', '/steps/0/target', 'target "sw-1" is of the kind device; ssh.exec needs ssh', job([ssh({ target: 'sw-1' })])],
    ['broken', '/target', 'there is no target "web-9"', job([ssh({}), ssh({ id: 'b' })], { target: 'web-9' })],
    ['broken', '/on_failure/0/target', 'there is no target "x"', job([local()], { on_failure: [ssh({ id: 'undo', target: 'x' })] })],
    [
      'broken',
      '/steps/0/compensate/target',
      'there is no target "x"',
      job([local({ compensate: { type: 'ssh.exec', config: { command: 'true' }, target: 'x' } })]),
    ],
    ['broken', '/steps/0/secrets/P', 'there is no credential "dbs"', job([local({ secrets: { P: 'dbs.password' } })])],
    ['broken', '/steps/0/secrets/P', 'has no field "token"; it has password', job([local({ secrets: { P: 'db.token' } })])],
    ['broken', '/steps/0/config/job', 'there is no job "chidl"; did you mean "child"?', job([run({ job: 'chidl' })])],
    ['broken', '/steps/0/config/job', 'job "child" has no version 3; the newest is 2', job([run({ job: 'child', version: 3 })])],
    ['broken', '/steps/0/config/job', 'no version of job "child" has the tag "new"', job([run({ job: 'child', tag: 'new' })])],
    ['warning', '/steps/0/config/job', 'job "asleep" is switched off', job([run({ job: 'asleep' })])],
    ['warning', '/triggers/0/job', 'there is no job "gone"', job([local()], { triggers: [{ job: 'gone' }] })],
    ['warning', '/steps/0/target', 'no target that is switched on fits', job([ssh({ target: { tags: ['none'] } })])],
  ])('%s at %s: %s', (health, pointer, message, report) => {
    const findings = report.findings.filter((finding) => finding.message.includes(message));
    expect([report.health, findings.map((finding) => finding.pointer)]).toEqual([health, [pointer]]);
  });
});
