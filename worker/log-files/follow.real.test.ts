import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeAudit, writeAudits } from '#db/audit.ts';
import { connect } from '#db/client.ts';
import { committedEvents } from '#db/queries/log-files/committed-events.ts';
import { findLogFiles } from '#db/queries/log-files/follow.ts';
import { purgeExpired } from '#db/queries/purge-expired.ts';
import { recordRuns } from '#db/queries/record-runs.ts';
import { recordSteps } from '#db/queries/record-steps.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { accept, finished, record, started } from '#db/testing/runs.ts';
import { LOG_CLASSES } from '#platform/log-files/classes.ts';
import { zoneData } from '#platform/zone-data.ts';
import { eventually } from '#test/api-client.ts';
import { mountSmallDisk, smallDiskMissing } from '#test/small-disk.ts';
import { LogFollower } from './follow.ts';
import { createTidy } from './tidy.ts';

let database: TestDatabase;
let dir: string;
let said: string[];
/** What this test notes, told from what others did in the same database. */
let tag: string;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capstan-follow-'));
  said = [];
  tag = `${randomUUID()} `;
  await database.sql`delete from log_files`;
  await database.sql`insert into log_files (position) select pg_snapshot_xmin(pg_current_snapshot())::text::bigint`;
});
afterEach(async () => {
  for (const one of followers.splice(0)) await one.stop();
  await rm(dir, { recursive: true, force: true });
});

const log = pino({ level: 'info' }, { write: (line: string) => void said.push(JSON.parse(line).msg) });
const follower = (id = 'w1', where = dir, patienceMs = 60_000) => {
  const made = new LogFollower({
    sql: database.sql,
    follower: { id, host: 'ops-1', dir: where },
    zones: zoneData(),
    rotateBytes: 1_000_000,
    patienceMs,
    log,
  });
  followers.push(made);
  return made;
};
const followers: LogFollower[] = [];
const note = (subject: string, sql: Parameters<typeof writeAudit>[0] = database.sql) =>
  writeAudit(sql, { actor: 'ann', request_id: null }, { action: 'job.save', subject_kind: 'job', subject: tag + subject });
/** The subjects in the audit, as they stand in its files. */
const subjects = async (where = dir) =>
  (await linesOf('audit', where)).flatMap(({ subject }) => (subject?.startsWith(tag) ? [subject.slice(tag.length)] : []));

type Line = { readonly [field: string]: string };
async function linesOf(folder: string, where = dir): Promise<readonly Line[]> {
  const names = await readdir(path.join(where, folder), { recursive: true }).catch(() => []);
  const texts = await Promise.all(
    names
      .filter((name) => /\.log(\.\d+)?$/.test(name))
      .sort()
      .map((name) => readFile(path.join(where, folder, name), 'utf8')),
  );
  return texts.flatMap((text) => text.split('\n').filter(Boolean)).map((line) => JSON.parse(line));
}
/** Other tests share the server, and an open transaction of theirs holds up what is behind it. */
const after = <T>(files: LogFollower, look: () => Promise<T>, is: (seen: T) => boolean) =>
  eventually(
    async () => {
      await files.round();
      return look();
    },
    is,
    100_000,
  );
const until = (files: LogFollower, count: number, where = dir) =>
  after(
    files,
    () => subjects(where),
    (seen) => seen.length >= count,
  );

test('begins with what has just happened, and writes each event once in its order', async () => {
  await database.sql`delete from log_files`;
  await database.sql`
    insert into audit_entries (id, at, actor, action, subject_kind, subject)
    values (${randomUUID()}, now() - interval '2 hours', 'ann', 'job.save', 'job', ${`${tag}before`})`;
  await note('s-just-before');
  const files = follower();
  expect(await files.round()).toBe(true);
  for (let at = 0; at < 5; at++) await note(`s${at}`);
  expect(await until(files, 6)).toEqual(['s-just-before', 's0', 's1', 's2', 's3', 's4']);
  await files.round();
  expect(await subjects()).toHaveLength(6);
});

test('a run and its attempts stand in the files of zone, run and performance', async () => {
  const files = follower();
  await files.round();
  const { run } = await accept(database.sql, { timezone: 'Asia/Tokyo' });
  await recordSteps(database.sql, [started(run, 'one', 1, 1), finished(run, 'one', 1, 'completed')]);
  await recordRuns(database.sql, [record(run, 2, 'completed')]);
  const events = await after(
    files,
    async () => (await linesOf('runs')).map(({ event }) => event),
    (seen) => seen.includes('run.completed'),
  );
  expect(events).toEqual(['run.queued', 'run.running', 'attempt.began', 'attempt.completed', 'run.completed']);
  expect(await linesOf('timezones/Asia_Tokyo')).toEqual(await linesOf('runs'));
  expect((await linesOf('performance')).map(({ event }) => event)).toEqual(['attempt.completed', 'run.completed']);
});

test('a moment of a schedule that starts nothing stands in the file of its zone once it is decided', async () => {
  const files = follower();
  await files.round();
  const [schedule, name] = [randomUUID(), `nightly ${tag}`];
  await database.sql`
    insert into schedules (id, name, job, source, format, definition, timezone, created_by, updated_by)
    values (${schedule}, ${name}, 'backup', '', 'yaml', '{}', 'Australia/Lord_Howe', 'ann', 'ann')`;
  await database.sql`
    insert into schedule_fires (schedule_id, schedule, nominal_at, trigger, status) values (${schedule}, ${name}, '2026-11-22T13:00:00Z', 'manual', 'asked')`;
  await note('s1');
  await until(files, 1);
  expect(await linesOf('timezones/Australia_Lord_Howe')).toEqual([]);
  await database.sql`update schedule_fires set status = 'missed', reason = 'paused', decided_at = '2026-11-22T13:00:01Z' where schedule_id = ${schedule}`;
  const lines = await after(
    files,
    () => linesOf('timezones/Australia_Lord_Howe'),
    (seen) => seen.length > 0,
  );
  expect(lines).toMatchObject([{ event: 'schedule.missed', schedule: name, reason: 'paused', local: '2026-11-23T00:00:01.000+11:00' }]);
  expect(await readdir(path.join(dir, 'timezones/Australia_Lord_Howe'))).toEqual(['2026-11-23.log']);
});

test('a transaction that commits after later ones is not passed over', async () => {
  const files = follower();
  await files.round();
  await database.sql.begin(async (tx) => {
    await note('s-late', tx);
    await note('s-early');
    await files.round();
    expect(await subjects()).toEqual([]);
  });
  expect((await until(files, 2)).sort()).toEqual(['s-early', 's-late']);
});

test('a transaction that is left open holds up lines, which is told of until it has ended', async () => {
  const files = follower('w1', dir, 0);
  await files.round();
  const told = expect.stringContaining('wait for a transaction that has been open for');
  await database.sql.begin(async (tx) => {
    await note('s-late', tx);
    await note('s-early');
    expect(
      await after(
        files,
        () => findLogFiles(database.sql),
        (row) => row?.problem != null,
      ),
    ).toMatchObject({ problem: told, holder: 'w1' });
    await files.round();
    expect(said).toEqual([told]);
  });
  await until(files, 2);
  // Another database of the server may have one open at this very moment, which counts as well.
  const row = await after(
    files,
    () => findLogFiles(database.sql),
    (row) => row?.problem === null,
  );
  expect(row).toMatchObject({ problem: null, problem_since: null });
  expect(said.at(-1)).toBe('log files are written again');
});

test('more than is read at once, also of one transaction, is written whole', async () => {
  const files = follower();
  await files.round();
  const many = (prefix: string, count: number) =>
    writeAudits(
      database.sql,
      { actor: 'ann', request_id: null },
      Array.from({ length: count }, (_, at) => ({ action: 'job.save', subject_kind: 'job', subject: `${tag}${prefix}${at}` })),
    );
  await many('s-a', 2_500);
  await many('s-b', 800);
  await many('s-c', 1_500);
  const count = async () => (await subjects()).length;
  expect(await after(files, count, (lines) => lines >= 4_800)).toBe(4_800);
  expect(new Set(await subjects()).size).toBe(4_800);
});

describe('whoever goes on', () => {
  test('after a crash between writing and noting writes no line again, half a line anew, and none is missing', async () => {
    const files = follower();
    await files.round();
    const [before] = await database.sql<{ position: number }[]>`select position from log_files`;
    for (let at = 0; at < 6; at++) await note(`s${at}`);
    await until(files, 6);
    const [name = ''] = await readdir(path.join(dir, 'audit'));
    const whole = await readFile(path.join(dir, 'audit', name), 'utf8');
    const lines = whole.split('\n');
    await writeFile(path.join(dir, 'audit', name), `${lines.slice(0, 3).join('\n')}\n`);
    await appendFile(path.join(dir, 'audit', name), lines[3]?.slice(0, 30) ?? '');
    await database.sql`update log_files set position = ${before?.position ?? 0}, held_until = now() - interval '1 second'`;
    const next = follower('w2');
    await until(next, 6);
    expect(await readFile(path.join(dir, 'audit', name), 'utf8')).toBe(whole);
  });

  test('after Postgres did not take the note that lines were written writes none again', async () => {
    const files = follower();
    await files.round();
    for (let at = 0; at < 4; at++) await note(`s${at}`);
    await database.sql`alter table log_files add constraint stuck check (position < 0) not valid`;
    const isRefused = () =>
      files.round().then(
        () => false,
        () => true,
      );
    try {
      await eventually(isRefused, Boolean, 20_000);
    } finally {
      await database.sql`alter table log_files drop constraint stuck`;
    }
    await note('s4');
    expect(await until(files, 5)).toEqual(['s0', 's1', 's2', 's3', 's4']);
  });

  test('does so only when the other is not heard of, and the other then stops', async () => {
    const [one, two] = [follower('w1'), follower('w2')];
    expect([await one.round(), await two.round()]).toEqual([true, false]);
    await note('s1');
    await until(one, 1);
    await database.sql`update log_files set held_until = now() - interval '1 second'`;
    expect([await two.round(), await one.round()]).toEqual([true, false]);
    await note('s2');
    await until(two, 2);
    await two.stop();
    expect(await one.round()).toBe(true);
    expect(await subjects()).toEqual(['s1', 's2']);
  });

  test('on a database that was put back goes on with what happens now', async () => {
    const files = follower();
    await files.round();
    await database.sql`update log_files set position = position + 1000000000`;
    await note('s-lost');
    await files.round();
    expect(said).toEqual([expect.stringContaining('the database is another one or an older one')]);
    await note('s-now');
    expect((await until(files, 1)).at(-1)).toBe('s-now');
  });
});

test('a folder that is deleted is made again', async () => {
  const files = follower();
  await files.round();
  await note('s1');
  await until(files, 1);
  await rm(dir, { recursive: true });
  await note('s2');
  expect(await until(files, 1)).toEqual(['s2']);
});

describe.skipIf(smallDiskMissing !== null)(`a disk that is full${smallDiskMissing === null ? '' : ` (${smallDiskMissing})`}`, () => {
  test('is told of once, in the log and in the database; everything is written when it has room', async ({ skip }) => {
    const disk = mountSmallDisk() ?? skip('no right to mount a small disk here');
    try {
      const files = follower('w1', disk.place);
      await files.round();
      await writeFile(path.join(disk.place, 'filler'), Buffer.alloc(248 * 1024));
      for (let at = 0; at < 60; at++) await note(`s${at} ${'x'.repeat(400)}`);
      expect(
        await after(
          files,
          () => findLogFiles(database.sql),
          (row) => row?.problem != null,
        ),
      ).toMatchObject({
        problem: expect.stringContaining('ENOSPC'),
        holder: null,
      });
      await files.round();
      expect(said).toEqual([expect.stringContaining('log files of runs, zones and audit cannot be written, and runs go on: ENOSPC')]);
      expect((await subjects(disk.place)).length).toBeLessThan(60);
      await rm(path.join(disk.place, 'filler'));
      const seen = await until(files, 60, disk.place);
      expect(seen.map((subject) => subject.split(' ')[0])).toEqual(Array.from({ length: 60 }, (_, at) => `s${at}`));
      expect(await findLogFiles(database.sql)).toMatchObject({ problem: null, problem_since: null, holder: 'w1' });
      expect(said.at(-1)).toBe('log files are written again');
      await files.stop();
    } finally {
      disk.remove();
    }
  });
});

test('once a day what has had its time is removed, with an entry in the audit', async () => {
  const files = follower();
  await files.round();
  const policies = Object.fromEntries(LOG_CLASSES.map((name) => [name, { keepMs: 86_400_000, maxBytes: null }])) as Parameters<
    typeof createTidy
  >[0]['policies'];
  const tidy = createTidy({ sql: database.sql, follower: { id: 'w1', host: 'ops-1', dir }, policies, log });
  await note('s1');
  await until(files, 1);
  await writeFile(path.join(dir, 'audit', '2020-01-01.log'), 'old\n');
  await tidy();
  expect(await readdir(path.join(dir, 'audit'))).toHaveLength(2);
  await database.sql`update log_files set cleaned_at = now() - interval '25 hours'`;
  await tidy();
  await tidy();
  expect(await readdir(path.join(dir, 'audit'))).toHaveLength(1);
  expect(await database.sql`select actor, subject, after from audit_entries where action = 'log-files.clean'`).toMatchObject([
    { actor: 'system', subject: dir, after: { files: 1, bytes: 4 } },
  ]);
});

test('the audit is kept for seven years: younger entries go by no way, older ones when rows are purged', async () => {
  await database.sql`
    insert into audit_entries (id, at, actor, action, subject_kind, subject) values
      ('00000000-0000-7000-8000-000000000001', now() - interval '7 years 1 day', 'ann', 'job.save', 'job', 'old'),
      ('00000000-0000-7000-8000-000000000002', now() - interval '7 years' + interval '1 day', 'ann', 'job.save', 'job', 'young')`;
  await expect(database.sql`delete from audit_entries where subject = 'young'`).rejects.toThrow('audit_entries rows never change');
  await expect(database.sql`update audit_entries set actor = 'bob' where subject = 'old'`).rejects.toThrow(
    'audit_entries rows never change',
  );
  await purgeExpired(database.sql);
  expect(await database.sql`select subject from audit_entries where subject in ('old', 'young')`).toMatchObject([{ subject: 'young' }]);
});

test('following costs writers no more than the column: what is updated in place stays on its page', async () => {
  const { run } = await accept(database.sql);
  const updates = await database.sql.begin(async (tx) => {
    await recordSteps(tx, [started(run, 'one', 1, 1)]);
    await recordSteps(tx, [finished(run, 'one', 1, 'completed')]);
    return tx`select sum(n_tup_upd)::int as all, sum(n_tup_hot_upd)::int as hot from pg_stat_xact_user_tables where relname like 'step_attempts_%'`;
  });
  expect(updates).toEqual([{ all: 1, hot: 1 }]);
});

test('what is followed is found without reading tables whole, also behind all that was there before anything was followed', async () => {
  const { run } = await accept(database.sql);
  await database.sql`insert into status_history (run_id, status, tx) select ${run}, 'running', null from generate_series(1, 20000)`;
  await database.sql`
    insert into step_attempts (run_id, key, attempt, status, started_at, ended_at, tx, ended_tx)
    select ${run}, 'k' || n, 1, 'completed', now(), now(), null, null from generate_series(1, 20000) n`;
  for (const table of ['status_history', 'step_attempts']) await database.sql`vacuum analyze ${database.sql(table)}`;
  const own = connect({ url: database.url, max: 1 });
  try {
    const readWhole = async () => {
      await own.sql`select pg_stat_force_next_flush()`;
      const [seen] = await own.sql<{ rows: number }[]>`
        select sum(seq_tup_read)::bigint as rows from pg_stat_user_tables where relname ~ '^(status_history|step_attempts)_'`;
      return seen?.rows ?? 0;
    };
    const before = await readWhole();
    // More often than Postgres plans anew for.
    for (let at = 0; at < 8; at++)
      expect(await committedEvents(own.sql, { from: 1, to: 2, since: new Date().toISOString() }, 10)).toEqual([]);
    expect((await readWhole()) - before).toBe(0);
  } finally {
    await own.close();
  }
});
