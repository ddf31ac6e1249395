import { Hono } from 'hono';
import { z } from 'zod';
import { type Audit, writeAudit } from '#db/audit.ts';
import { findLogFiles } from '#db/queries/log-files/follow.ts';
import { keepPolicies, LOG_CLASSES } from '#platform/log-files/classes.ts';
import { type Cleanup, cleanLogFiles } from '#platform/log-files/clean.ts';
import type { StandingFile } from '#platform/log-files/cleanup.ts';
import { isLocalDate } from '#platform/log-files/dates.ts';
import { runFile, timezoneFile } from '#platform/log-files/names.ts';
import { standingFiles } from '#platform/log-files/standing-files.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { logFolder, openLogFile } from '../log-files.ts';
import { ONCE, once } from '../once.ts';
import { HttpProblem } from '../problem.ts';
import type { Services } from '../services.ts';
import { CleanupView, LogFilePage } from '../views/log-file.ts';
import { Paging } from '../views/paging.ts';

const LogFilesQuery = z.strictObject({
  ...Paging,
  after: z.string().max(300).optional().meta({ description: '`next` of the page before: the name of its last file' }),
  class: z.enum(LOG_CLASSES).optional(),
  zone: z.string().max(64).optional().meta({ description: 'a time zone, such as Asia/Tokyo' }),
  run: z.uuid().optional().meta({ description: 'the id of a run' }),
  date: z.string().refine(isLocalDate, 'expected a day such as 2026-11-22').optional(),
});
type Wanted = z.output<typeof LogFilesQuery>;

const CleanupRequest = z.strictObject({
  dry_run: z.boolean().meta({ description: 'only tell which files would go' }),
});

/** What happened, as files: by time zone, by run, of performance, audit and processes. */
export const logFiles = new Hono<Env>()
  .get(
    '/',
    can('log-file:read'),
    describe({ tag: 'log-files', summary: 'Log files by name, with their sizes, and how they are written', answers: { 200: LogFilePage } }),
    query(LogFilesQuery),
    async (c) => {
      const wanted = c.req.valid('query');
      const { config, database } = c.var.services;
      const [row, page] = await Promise.all([findLogFiles(database.sql), pageOfFiles(c.var.services, wanted)]);
      const writer = row && {
        worker: row.holder,
        host: row.host,
        dir: row.dir,
        written_at: row.written_at,
        problem: row.problem,
        problem_since: row.problem_since,
      };
      return c.json({ ...page, dir: config.logging.dir === undefined ? null : logFolder(c.var.services), writer });
    },
  )
  .post(
    '/cleanup',
    can('log-file:clean'),
    describe({
      tag: 'log-files',
      summary: `Remove the files that have had their time, or tell which; ${ONCE}`,
      answers: { 200: CleanupView },
    }),
    body(CleanupRequest),
    async (c) => {
      const { dry_run } = c.req.valid('json');
      const removed = async () => cleanupView(dry_run, await cleanup(c.var.services, dry_run, auditOf(c)));
      return c.json(dry_run ? await removed() : await once(c, null, { dry_run }, removed));
    },
  )
  .get(
    '/:name{.+}',
    can('log-file:read'),
    describe({
      tag: 'log-files',
      summary: 'A log file, JSON lines; one that is packed comes unpacked, or as `Content-Encoding: gzip`',
      answers: { 200: 'The file' },
    }),
    async (c) => {
      const file = await openLogFile(logFolder(c.var.services), c.req.param('name'));
      const asIs = file.isPacked && /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
      c.header('Content-Type', 'application/x-ndjson; charset=utf-8');
      c.header('Content-Disposition', `inline; filename="${file.name.replaceAll('/', '-').replace(/\.gz$/, '')}"`);
      c.header('Vary', 'Accept-Encoding');
      if (asIs) c.header('Content-Encoding', 'gzip');
      const bytes = file.stream(!asIs);
      if (c.req.method !== 'HEAD') return c.body(bytes);
      // Nobody reads to its end what is not sent, and the file would stay open.
      await bytes.cancel();
      return c.body(null);
    },
  );

/** Removes what has had its time, once the audit says so; a dry run only looks. */
async function cleanup(services: Services, isDry: boolean, audit: Audit): Promise<Cleanup> {
  const { config, database } = services;
  const dir = logFolder(services);
  const policies = keepPolicies(config.logging);
  const now = Date.now();
  const found = await cleanLogFiles(dir, policies, { now, isDry: true });
  if (isDry || found.files.length === 0) return found;
  const after = { files: found.files.length, bytes: found.bytes };
  await writeAudit(database.sql, audit, { action: 'log-files.clean', subject_kind: 'log-files', subject: dir, after });
  return cleanLogFiles(dir, policies, { now, isDry: false });
}

/** The files of one page, by name; only folders that hold some of them are read. */
async function pageOfFiles(services: Services, { after, limit, ...wanted }: Wanted) {
  if (services.config.logging.dir === undefined) return { items: [], next: null };
  const items: ReturnType<typeof viewOf>[] = [];
  for await (const file of standingFiles(logFolder(services), after ?? '', foldersOf(wanted))) {
    if (wanted.run !== undefined && file.run !== wanted.run) continue;
    if (wanted.date !== undefined && file.date !== wanted.date) continue;
    if (items.length === limit) return { items, next: items.at(-1)?.name ?? null };
    items.push(viewOf(file));
  }
  return { items, next: null };
}

/** The folders that what is asked for may lie in; there are none where two filters exclude each other. */
function foldersOf({ class: name, zone, run }: Omit<Wanted, 'after' | 'limit'>): readonly string[] {
  const inClass = (folder: string) => (name === undefined || folder.startsWith(`${name}/`) ? [folder] : []);
  if (zone !== undefined && run !== undefined) return [];
  if (zone !== undefined) return inClass(folderOf(() => timezoneFile(zone, '2000-01-01'), `zone: ${JSON.stringify(zone)} is no time zone`));
  if (run !== undefined) return inClass(folderOf(() => runFile(run), `run: ${JSON.stringify(run)} is no id of a run`));
  return name === undefined ? LOG_CLASSES : [name];
}

function folderOf(file: () => string, refusal: string): string {
  try {
    return file().split('/').slice(0, -1).join('/');
  } catch {
    throw new HttpProblem(400, refusal);
  }
}

const viewOf = ({ name, class: of, bytes, isPacked, modifiedAt, date, zone, run }: StandingFile) => ({
  name: name as string,
  class: of,
  bytes,
  packed: isPacked,
  modified_at: new Date(modifiedAt).toISOString(),
  date,
  zone,
  run,
});

const cleanupView = (dry_run: boolean, { files, bytes, failed }: Cleanup) => ({
  dry_run,
  files: files.map((file) => ({ ...viewOf(file), reason: file.reason })),
  bytes,
  failed: [...failed],
});
