import { describe, expect, test } from 'vitest';
import type { AttemptEvent, AuditEvent, MissedEvent, StatusEvent } from '#db/queries/log-files/committed-events.ts';
import { zoneData } from '#platform/zone-data.ts';
import { eventIn, linesOf } from './lines.ts';

const RUN = '019ab3c4-5d6e-7f80-9a0b-1c2d3e4f5061';
const ofRun = {
  tx: 812,
  id: '7',
  at: '2026-11-22T15:00:00.500Z',
  project: 'default',
  run: RUN,
  number: 42,
  job: 'backup',
  version: 3,
  client: null,
  timezone: 'Asia/Tokyo',
  schedule: 'nightly',
  nominal_at: '2026-11-22T15:00:00.000Z',
  trigger: 'schedule',
} as const;
const status = (fields: Partial<StatusEvent> = {}): StatusEvent => ({
  ...ofRun,
  kind: 'status',
  key: '',
  attempt: null,
  status: 'completed',
  waiting_for: null,
  message: null,
  actor: null,
  total_steps: 2,
  failed_steps: 0,
  execution_time_ms: 1_200,
  queued_ms: 8,
  ...fields,
});
const attempt = (fields: Partial<AttemptEvent> = {}): AttemptEvent => ({
  ...ofRun,
  kind: 'ended',
  id: `${RUN} show 1 ended`,
  key: 'show',
  type: 'ssh.exec',
  target: 'edge-1',
  attempt: 1,
  status: 'failed',
  worker_id: 'w1',
  reattached: false,
  exit_code: 3,
  duration_ms: 40,
  error: { type: 'exit_code', message: 'ended with 3' },
  ...fields,
});
const missed: MissedEvent = {
  kind: 'missed',
  tx: 9,
  id: 'f1',
  at: '2026-10-25T22:30:00.000Z',
  project: 'default',
  schedule: 'nightly',
  timezone: 'Europe/Berlin',
  nominal_at: '2026-10-25T22:30:00.000Z',
  reason: 'paused',
  message: null,
};
const audit: AuditEvent = {
  kind: 'audit',
  tx: 10,
  id: 'a1',
  at: '2026-11-22T15:00:00.000Z',
  project: 'default',
  actor: 'mara',
  action: 'job.save',
  subject_kind: 'job',
  subject: 'backup',
  before: null,
  after: { version: 2 },
  request_id: 'r1',
  reason: null,
};

const filesOf = (event: Parameters<typeof linesOf>[0]) => linesOf(event, zoneData()).map(({ file }) => file);
const said = (event: Parameters<typeof linesOf>[0], at = 0) => JSON.parse(linesOf(event, zoneData())[at]?.line ?? '');

describe('an event goes to the files it concerns', () => {
  test('the end of a run: its zone’s day, the run, performance', () => {
    expect(filesOf(status())).toEqual(['timezones/Asia_Tokyo/2026-11-23.log', `runs/2025/11/${RUN}.log`, 'performance/2026-11-22.log']);
  });

  test('a beginning: its zone’s day and the run', () => {
    expect(filesOf(status({ status: 'running' }))).toHaveLength(2);
    expect(filesOf(attempt({ kind: 'began', status: 'running' }))).toHaveLength(2);
  });

  test('a moment that started nothing: its zone’s day, also when that has 25 hours', () => {
    expect(filesOf(missed)).toEqual(['timezones/Europe_Berlin/2026-10-25.log']);
    expect(filesOf({ ...missed, at: '2026-10-25T23:00:00.000Z' })).toEqual(['timezones/Europe_Berlin/2026-10-26.log']);
  });

  test('a change: the audit, by the day in UTC', () => expect(filesOf(audit)).toEqual(['audit/2026-11-22.log']));

  test.each([null, '../../etc', 'Asia/Tokyo/../..', 'Asia/Nowhere', ''])('a zone %j that there is not: UTC', (timezone) => {
    expect(filesOf(status({ timezone }))[0]).toBe('timezones/UTC/2026-11-22.log');
  });
});

describe('a line says', () => {
  test('what happened when, by the clocks of the zone too, and nothing that is not so', () => {
    expect(said(status())).toEqual({
      id: '812-7',
      at: '2026-11-22T15:00:00.500Z',
      local: '2026-11-23T00:00:00.500+09:00',
      zone: 'Asia/Tokyo',
      event: 'run.completed',
      run: RUN,
      number: 42,
      job: 'backup',
      version: 3,
      project: 'default',
      trigger: 'schedule',
      schedule: 'nightly',
      nominal_at: '2026-11-22T15:00:00.000Z',
    });
    expect(said(attempt())).toMatchObject({ event: 'attempt.failed', step: 'show', type: 'ssh.exec', target: 'edge-1', exit_code: 3 });
    expect(said(status({ key: 'ok', status: 'waiting', waiting_for: 'approval' }))).toMatchObject({
      event: 'step.waiting',
      waiting_for: 'approval',
    });
    expect(said(missed)).toMatchObject({ event: 'schedule.missed', reason: 'paused', local: '2026-10-25T23:30:00.000+01:00' });
    expect(said(audit)).toMatchObject({ event: 'audit', entry: 'a1', actor: 'mara', after: { version: 2 } });
  });

  test('how long it took, in the performance', () => {
    expect(said(status(), 2)).toMatchObject({ event: 'run.completed', queued_ms: 8, execution_time_ms: 1_200, total_steps: 2 });
    expect(said(attempt(), 2)).toMatchObject({ event: 'attempt.failed', step: 'show', duration_ms: 40, worker: 'w1' });
  });

  test('how a queue was seen, in the performance', () => {
    const sample = {
      kind: 'sample',
      tx: 11,
      id: 'http@Asia/Tokyo',
      at: '2026-11-22T15:00:00.000Z',
      queue: 'http@Asia/Tokyo',
      backlog: 3,
    } as const;
    const seen = { oldest_ms: 40, added_per_second: 1.5, dispatched_per_second: 1, used: 2, slots: 5, pollers: 1 };
    expect(filesOf({ ...sample, ...seen })).toEqual(['performance/2026-11-22.log']);
    expect(said({ ...sample, ...seen })).toMatchObject({ id: '11-http@Asia/Tokyo', event: 'queue', backlog: 3, used: 2, slots: 5 });
  });

  test('all on one line, whatever it holds, and tells which event it is of', () => {
    const [first] = linesOf(status({ message: 'two\nlines\u2028"quoted"', id: 'q"7' }), zoneData());
    expect(first?.line).not.toContain('\n');
    expect(eventIn(first?.line ?? '')).toEqual({ tx: 812, id: '812-q\\"7' });
    expect(eventIn('half a li')).toBeNull();
  });
});
