import { Hono } from 'hono';
import { z } from 'zod';
import { listCommandLines } from '#db/queries/command-lines.ts';
import { can } from '../access/can.ts';
import { personOf, signedIn } from '../access/identity.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { atMostPerPerson } from '../middleware/per-person.ts';
import { HttpProblem } from '../problem.ts';
import { requireRun } from '../runs/run-view.ts';
import { LEVELS, type LineFilter, STREAMS } from '../step-log/line-filter.ts';
import type { Position } from '../step-log/line-index.ts';
import { logText } from '../step-log/log-text.ts';
import { requireLog } from '../step-log/require-log.ts';
import { flag } from '../views/json.ts';
import { LogGroups, LogMatches } from '../views/step-log.ts';

const MAX_LINES = 5_000;
const MAX_GROUPS = 2_000;
/** What one person may have under way: more than a browser asks for at once, and few enough for others to have their turn. */
const SEARCHES = 10;
const DOWNLOADS = 10;
/** No log is as long. */
const LAST_LINE = 2_000_000_000;

const line = z.coerce.number().int().min(0).max(LAST_LINE).optional();

const Filter = {
  text: z.string().min(1).max(1_000).optional().meta({ description: 'what stands in the line as a reader sees it, without colours' }),
  regexp: flag.default(false).meta({ description: '`text` is an RE2 pattern' }),
  match_case: flag.default(false),
  streams: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(STREAMS)).min(1))
    .optional()
    .meta({ description: `of ${STREAMS.join(', ')}, with commas between` }),
  level: z.enum(LEVELS).optional().meta({ description: 'this level or a worse one' }),
  attempt: z.coerce.number().int().min(1).max(100_000).optional(),
  from_line: line,
  to_line: line,
};

const MatchesQuery = z.strictObject({
  ...Filter,
  from: z.coerce.number().int().min(-LAST_LINE).max(LAST_LINE).optional().meta({
    description: 'place among the lines that match, from 1; negative counts from the end; this, `line`, `after` or `before`, else 1',
  }),
  line: line.meta({ description: 'the first line of that number or behind it that matches, and those after it' }),
  after: line.meta({ description: 'the nearest line that matches behind this one, alone' }),
  before: line.meta({ description: 'the nearest line that matches before this one, alone' }),
  limit: z.coerce.number().int().min(1).max(MAX_LINES).default(500),
});

const DownloadQuery = z.strictObject({ ...Filter, view: z.enum(['file', 'text']).default('file') });

/** Lines of a step's log by what they hold, the commands they belong to, and the whole of it as a text. */
export const stepLog = new Hono<Env>()
  .get(
    '/:id/steps/:key/log/lines',
    can('run:read'),
    atMostPerPerson(SEARCHES, 'searches of logs'),
    describe({
      tag: 'runs',
      summary: 'Lines of a step’s log that match, with their numbers in it and how many there are',
      answers: { 200: LogMatches },
    }),
    query(MatchesQuery),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      const { from, line: at, after, before, limit, ...filter } = c.req.valid('query');
      const position = positionOf({ from, line: at, after, before });
      const key = c.req.param('key');
      const asker = { who: personOf(signedIn(c)), signal: c.req.raw.signal };
      const found = await c.var.services.lineIndex.find(run.id, key, filter, position, limit, asker);
      if (found.matches === 0 && found.complete) await requireLog(c.var.services, run, key, filter.attempt);
      return c.json({ ...found, items: [...found.items] });
    },
  )
  .get(
    '/:id/steps/:key/log/groups',
    can('run:read'),
    describe({ tag: 'runs', summary: 'The commands of a step, each with its lines in the log', answers: { 200: LogGroups } }),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      const key = c.req.param('key');
      const rows = await listCommandLines(c.var.services.database.sql, run.id, key, MAX_GROUPS + 1);
      if (rows.length === 0) await requireLog(c.var.services, run, key);
      return c.json({ items: rows.slice(0, MAX_GROUPS), truncated: rows.length > MAX_GROUPS });
    },
  )
  .get(
    '/:id/steps/:key/log/text',
    can('run:read'),
    atMostPerPerson(DOWNLOADS, 'downloads of logs'),
    describe({
      tag: 'runs',
      summary: 'A step’s log as it was written, or its lines that match, as one text',
      answers: { 200: 'The text' },
    }),
    query(DownloadQuery),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      const { view, ...filter } = c.req.valid('query') satisfies LineFilter & { view: 'file' | 'text' };
      const key = c.req.param('key');
      const { database, scanners } = c.var.services;
      const text = await logText(database.sql, scanners, { run: run.id, key, filter, who: personOf(signedIn(c)) });
      if (text === null) await requireLog(c.var.services, run, key, filter.attempt);
      c.header('Content-Type', 'text/plain; charset=utf-8');
      const name = `${run.job}-${run.number}-${key}`.replaceAll(/[^\w.-]+/g, '-').slice(0, 150);
      c.header('Content-Disposition', `${view === 'file' ? 'attachment' : 'inline'}; filename="${name}.log"`);
      return c.body(text ?? '');
    },
  );

function positionOf(asked: { readonly [P in 'from' | 'line' | 'after' | 'before']: number | undefined }): Position {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  if (given.length > 1) throw new HttpProblem(400, `${given.map(([name]) => name).join(' and ')}: give one of them`);
  const [name, value] = given[0] ?? ['from', 1];
  return { [name]: value === 0 && name === 'from' ? 1 : value } as Position;
}
