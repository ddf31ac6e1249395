import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capstanAs } from '#test/capstan-command.ts';
import { type Stack, startStack } from '#test/stack.ts';

const HOUR = 3_600_000;

let stack: Stack;
let folder: string;
beforeAll(async () => {
  stack = await startStack();
  folder = mkdtempSync(join(tmpdir(), 'capstan-cli-'));
  await stack.as.job({ name: 'quick', steps: [{ id: 'a', type: 'local.exec', config: { command: 'true' } }] });
});
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const capstan = (...words: readonly string[]) => capstanAs(stack.url, stack.token, folder)(words);

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const NIGHTLY = 'name: nightly\njob: quick\ncron: 30 2 * * *\ntimezone: Europe/Berlin\n';

test('a schedule is looked at before it is saved, saved from its file, listed, shown and taken away', async () => {
  const path = file('nightly.yaml', NIGHTLY);
  const ahead = await capstan('schedules', 'preview', path, '--from', '2027-03-27', '--count', '2', '--zone', 'Asia/Tokyo');
  expect(ahead.code).toBe(0);
  expect(ahead.out.split('\n').slice(1, 3)).toEqual([
    '  2027-03-27T02:30:00+01:00 CET   2027-03-27T10:30:00+09:00 JST',
    '  2027-03-28T03:30:00+02:00 CEST  2027-03-28T10:30:00+09:00 JST   shifted',
  ]);
  const wrong = await capstan('schedules', 'preview', file('wrong.yaml', NIGHTLY.replace('Berlin', 'Belin')));
  expect(wrong).toMatchObject({ code: 3, out: expect.stringContaining('Europe/Berlin') });
  expect(await capstan('schedules', 'preview', 'nightly')).toMatchObject({ code: 5 });

  expect(await capstan('schedules', 'apply', path)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^nightly v1 created; next \d{4}-.*02:30:00\+0[12]:00\n/),
  });
  expect((await capstan('apply', path)).out).toBe('nightly v1 unchanged\n');
  expect((await capstan('schedules', 'apply', file('nightly.yaml', `${NIGHTLY}note: later\n`))).out).toMatch(/^nightly v2 updated/);
  expect(await capstan('schedules', 'apply', file('wrong.yaml', NIGHTLY.replace('quick', 'quik')))).toMatchObject({
    code: 3,
    err: expect.stringContaining('did you mean "quick"?'),
  });
  expect((await capstan('schedules')).out).toMatch(/^nightly +(active|not_armed) +\d{4}-.*02:30:00\+0[12]:00 Europe\/Berlin +- +at 02:30/);
  const shown = (await capstan('schedules', 'show', 'nightly')).out;
  expect(shown).toMatch(/^nightly v2 {2}\w+\nstarts quick: at 02:30 every day, Europe\/Berlin/);
  expect(shown).toContain(NIGHTLY);
  expect((await capstan('schedules', 'delete', 'nightly')).out).toBe('nightly: deleted\n');
  expect((await capstan('schedules', 'show', 'nightly')).code).toBe(5);
});

test('a parameter is read as its job declares it, and a file that is not there is no schedule that is not there', async () => {
  const steps = [{ id: 'a', type: 'local.exec', config: { command: 'true' } }];
  await stack.as.job({ name: 'worded', parameters: { word: { type: 'string', default: '' } }, steps });
  await capstan('schedules', 'apply', file('worded.yaml', 'name: worded\njob: worded\ncron: 0 0 * * *\n'));
  const range = ['--from', '2026-01-01', '--to', '2026-01-02', '-p', 'word=007'];
  expect(await capstan('schedules', 'backfill', 'worded', ...range, '--dry-run')).toMatchObject({ code: 0 });
  expect(await capstan('schedules', 'preview', join(folder, 'wordd.yaml'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('no such file'),
  });
});

test('a schedule is paused, started by hand and goes on; its past is started as a dry run listed it, and the agenda tells of it', async () => {
  await capstan('schedules', 'apply', file('hourly.yaml', 'name: hourly\njob: quick\ncron: 0 * * * *\n'));
  expect((await capstan('schedules', 'pause', 'hourly', '--note', 'a move')).out).toBe('hourly: paused\n');
  expect((await capstan('schedules', 'show', 'hourly')).out).toMatch(/paused since .*: a move/);
  expect((await capstan('schedules', 'trigger', 'hourly', '--at', '2026-01-31T18:00')).out).toMatch(
    /^2026-01-31T18:00:00\+00:00 (started|asked) +manual/,
  );
  expect((await capstan('schedules', 'resume', 'hourly')).out).toMatch(/^hourly: goes on; [01] missed; next /);
  expect(await capstan('schedules', 'resume', 'hourly')).toMatchObject({ code: 6 });

  const hour = Math.floor(Date.now() / HOUR) * HOUR;
  const at = (before: number) => new Date(hour - before * HOUR).toISOString().slice(0, 16);
  const range = ['--from', at(3), '--to', at(1)];
  const dry = await capstan('schedules', 'backfill', 'hourly', ...range, '--dry-run');
  expect(dry.out).toMatch(new RegExp(`^${at(3)}:00\\+00:00\n${at(2)}:00\\+00:00\n2 would be started; --hash `));
  const hash = /--hash (\w+)/.exec(dry.out)?.[1] ?? '';
  const ran = await capstan('schedules', 'backfill', 'hourly', ...range, '--hash', hash, '--follow');
  expect(ran).toMatchObject({ code: 0, out: expect.stringMatching(/ completed .* 2 of 2\n$/) });
  expect(await capstan('schedules', 'backfill', 'hourly', ...range, '--hash', hash)).toMatchObject({
    code: 6,
    err: expect.stringContaining('2 would not be started any more'),
  });
  const [id = ''] = ran.out.split(' ');
  expect((await capstan('schedules', 'backfills', 'hourly')).out).toBe(ran.out);
  expect((await capstan('schedules', 'backfills', 'hourly', id)).out).toMatch(/^\S+ ended +\S+ completed\n\S+ ended +\S+ completed\n$/);
  expect(await capstan('schedules', 'cancel-backfill', 'hourly', id)).toMatchObject({ code: 6 });
  expect((await capstan('schedules', 'fires', 'hourly', '--limit', '2')).out).toMatch(
    /^\S+ started +backfill +#\d+ completed\n\S+ started +backfill +#\d+ completed\n$/,
  );

  const agenda = await capstan('schedules', 'agenda', ...range, '--zone', 'UTC');
  expect(agenda.out).toMatch(/^\S+ started +hourly +quick +completed\n\S+ started +hourly +quick +completed\n$/);
  expect((await capstan('schedules', 'agenda', ...range, '--hours')).out).toBe(
    `${at(3)}:00+00:00 1 started\n${at(2)}:00+00:00 1 started\n`,
  );
});

test('a calendar is tried, saved, given the events of a file, and taken away when nothing uses it', async () => {
  const closed = file('closed.yaml', 'name: closed\nentries: ["2027-12-24"]\n');
  expect((await capstan('calendars', 'apply', closed, '--dry-run')).out).toContain('closed: nothing was saved');
  expect((await capstan('calendars', 'apply', closed)).out).toMatch(/^closed v1 saved\n/);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:x',
    'BEGIN:VEVENT',
    'UID:1',
    'DTSTAMP:20260101T000000Z',
    'DTSTART;VALUE=DATE:20271225',
  ];
  const ics = file('closed.ics', [...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n'));
  expect((await capstan('calendars', 'import', 'closed', ics)).out).toMatch(/^closed v2 saved, 1 events\n/);
  expect((await capstan('calendars')).out).toMatch(/^closed +v2 +that of its schedule +1 entries, 1 events/);
  await capstan(
    'schedules',
    'apply',
    file('daily.yaml', 'name: daily\njob: quick\ncron: 0 5 * * *\ncalendars: [{ name: closed, use: block }]\n'),
  );
  const ahead = await capstan('schedules', 'preview', 'daily', '--from', '2027-12-23', '--count', '4');
  expect(
    ahead.out
      .split('\n')
      .slice(1, 5)
      .map((line) => line[0]),
  ).toEqual([' ', '-', '-', ' ']);
  const days = ['--from', '2027-12-23', '--to', '2027-12-27', '--schedule', 'daily'];
  const states = (await capstan('schedules', 'agenda', ...days)).out
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[1]);
  expect(states).toEqual(['planned', 'left_out', 'left_out', 'planned']);
  expect((await capstan('calendars', 'show', 'closed')).out).toContain('used by schedules daily');
  expect((await capstan('calendars', 'delete', 'closed')).code).toBe(6);
  await capstan('schedules', 'delete', 'daily');
  expect((await capstan('calendars', 'delete', 'closed')).out).toBe('closed: deleted\n');
});
