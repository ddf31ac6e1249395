import { Hono } from 'hono';
import { z } from 'zod';
import { writeAudit } from '#db/audit.ts';
import { calendarUsers } from '#db/queries/calendars/calendar-users.ts';
import { refreshSoon } from '#db/queries/calendars/feeds.ts';
import { findCalendar, listCalendars } from '#db/queries/calendars/find-calendar.ts';
import { knownCalendars } from '#db/queries/calendars/known-calendars.ts';
import { deleteCalendar } from '#db/queries/calendars/save-calendar.ts';
import { doOnce } from '#db/queries/change-once.ts';
import { readCalendar } from '#jobs/calendars/read-calendar.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { zoneData } from '#platform/zone-data.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { checkFeed, feedOf, keepCalendar, requireCalendar, shownSpans } from '../calendars.ts';
import { DEFINITION_TYPES, readDefinition } from '../definitions.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { requireMatch, tagOf } from '../middleware/etag.ts';
import { MomentText, readMoment, requireZone } from '../moments.ts';
import { orDoneBefore } from '../or-changed-before.ts';
import { conflict, HttpProblem } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { CalendarDryRun, CalendarSaved, CalendarSpans, CalendarSummary, CalendarView, summaryOf, viewOf } from '../views/calendar.ts';
import { flag, pageOf } from '../views/json.ts';
import { pageByName, searchedIn } from '../views/paging.ts';
import { Name } from '../views/person.ts';

const ICAL_TYPES = ['text/calendar', 'text/plain', 'application/octet-stream'];
const MOST_SPANS = 1_000;
const LONGEST_RANGE_MS = 800 * 86_400_000;
const Dry = z.strictObject({ dry_run: flag.default(false) });

/** Named sets of times that schedules and maintenance windows use. */
export const calendars = new Hono<Env>()
  .get(
    '/',
    can('calendar:read'),
    describe({ tag: 'calendars', summary: 'Calendars by name', answers: { 200: pageOf(CalendarSummary) } }),
    query(z.strictObject(searchedIn('the name'))),
    async (c) => {
      const { sql } = c.var.services.database;
      const { q, ...paging } = c.req.valid('query');
      const page = await pageByName(paging, (after, limit) => listCalendars(sql, PROJECT, after, limit, q));
      return c.json({ ...page, items: page.items.map(summaryOf) });
    },
  )
  .post(
    '/',
    can('calendar:edit'),
    describe({
      tag: 'calendars',
      summary: 'Add a calendar; with `dry_run`, only see its times; with the same `Idempotency-Key` and text it is added once',
      answers: { 200: CalendarDryRun, 201: CalendarSaved },
      takes: DEFINITION_TYPES,
    }),
    query(Dry),
    async (c) => {
      const { source } = await readDefinition(c);
      const checked = { ...readCalendar(source), source };
      const feed = await feedOf(c.var.services, checked, null);
      const made = await keepCalendar(c, { ...checked, feed }, null, c.req.valid('query').dry_run, auditOf(c));
      if (made.dry_run) return c.json(made);
      c.header('Location', `${c.req.path}/${made.name}`);
      c.header('ETag', tagOf(made.version));
      return c.json(made, 201);
    },
  )
  .post(
    '/import',
    can('calendar:edit'),
    describe({
      tag: 'calendars',
      summary:
        'Give a calendar the events of an iCalendar text, in place of those it had from one; made if there is none of that name; with the same `Idempotency-Key` and text it is done once',
      answers: { 200: z.union([CalendarSaved, CalendarDryRun]), 201: CalendarSaved, 409: 'It reads its events from an address' },
      takes: ICAL_TYPES,
    }),
    query(z.strictObject({ name: Name, dry_run: flag.default(false) })),
    async (c) => {
      const { services } = c.var;
      const { name, dry_run } = c.req.valid('query');
      const type = c.req.header('content-type') ?? '';
      if (!ICAL_TYPES.some((one) => type.toLowerCase().startsWith(one)))
        throw new HttpProblem(415, `content-type: ${type || 'none'} is not accepted here; send text/calendar`);
      const before = await findCalendar(services.database.sql, PROJECT, name);
      if (before?.definition.ical)
        throw conflict(`calendar ${name} reads its events from ${before.definition.ical.url}; take ical out of it before you upload some`);
      const feed = await checkFeed({ text: await c.req.text(), etag: null, last_modified: null }, '', null);
      const own = before ?? { source: JSON.stringify({ name }), format: 'json' as const, definition: { name } };
      const { source, format, definition } = own;
      const audit = auditOf(c, `iCalendar text of ${feed.events} events, SHA-256 ${feed.hash}`);
      const saved = await keepCalendar(c, { source, format, definition, feed }, before, dry_run, audit, () => {
        if (before && c.req.header('if-match') !== undefined) requireMatch(c, tagOf(before.version));
      });
      if (saved.dry_run) return c.json(saved);
      c.header('ETag', tagOf(saved.version));
      return c.json(saved, before ? 200 : 201);
    },
  )
  .get(
    '/:name',
    can('calendar:read'),
    describe({ tag: 'calendars', summary: 'One calendar, and who uses it', answers: { 200: CalendarView } }),
    async (c) => {
      const { services } = c.var;
      const calendar = await requireCalendar(services, c.req.param('name'));
      c.header('ETag', tagOf(calendar.version));
      return c.json(viewOf(calendar, await calendarUsers(services.database.sql, PROJECT, calendar.name)));
    },
  )
  .put(
    '/:name',
    can('calendar:edit'),
    describe({
      tag: 'calendars',
      summary:
        'Replace a calendar; with `dry_run`, only see which starts that removes, adds and moves; with the same `Idempotency-Key` and text it is done once',
      answers: { 200: z.union([CalendarSaved, CalendarDryRun]) },
      takes: DEFINITION_TYPES,
    }),
    query(Dry),
    async (c) => {
      const { services } = c.var;
      const { dry_run } = c.req.valid('query');
      const before = await requireCalendar(services, c.req.param('name'));
      const { source } = await readDefinition(c);
      const checked = { ...readCalendar(source), source };
      if (checked.definition.name !== before.name)
        throw new InvalidInput([
          errorAt('/name', `a calendar keeps its name; this one is ${before.name}`, { value: checked.definition.name }),
        ]);
      const feed = await feedOf(services, checked, before);
      const saved = await keepCalendar(c, { ...checked, feed }, before, dry_run, auditOf(c), () => requireMatch(c, tagOf(before.version)));
      if (!saved.dry_run) c.header('ETag', tagOf(saved.version));
      return c.json(saved);
    },
  )
  .post(
    '/:name/refresh',
    can('calendar:edit'),
    describe({
      tag: 'calendars',
      summary:
        'Have the address of a calendar read again now instead of when it is due; a worker does, a moment later; with the same `Idempotency-Key` it is read once',
      answers: { 202: 'It is due', 409: 'It reads its events from no address' },
    }),
    async (c) => {
      const { services } = c.var;
      await orDoneBefore(c, {}, async (key) => {
        const { id, project, name } = await requireCalendar(services, c.req.param('name'));
        await doOnce(services.database.sql, key, async (tx) => {
          if (!(await refreshSoon(tx, id))) throw conflict(`calendar ${name} reads its events from no address`);
          await writeAudit(tx, auditOf(c), { project, action: 'calendar.refresh', subject_kind: 'calendar', subject: name });
        });
      });
      return c.body(null, 202);
    },
  )
  .delete(
    '/:name/ical',
    can('calendar:edit'),
    describe({
      tag: 'calendars',
      summary:
        'Take the events of an uploaded iCalendar text out of a calendar; with `dry_run`, only see what that changes; with the same `Idempotency-Key` it is done once',
      answers: { 200: z.union([CalendarSaved, CalendarDryRun]), 409: 'It reads its events from an address' },
    }),
    query(Dry),
    async (c) => {
      const before = await requireCalendar(c.var.services, c.req.param('name'));
      if (before.definition.ical) throw conflict(`calendar ${before.name} reads its events from an address; take ical out of it instead`);
      const { source, format, definition } = before;
      const wanted = { source, format, definition, feed: null };
      return c.json(await keepCalendar(c, wanted, before, c.req.valid('query').dry_run, auditOf(c)));
    },
  )
  .delete(
    '/:name',
    can('calendar:edit'),
    describe({
      tag: 'calendars',
      summary: 'Remove a calendar that nothing uses; with the same `Idempotency-Key` it is done once',
      answers: { 204: 'Removed', 409: 'It is in use' },
    }),
    async (c) => {
      const { services } = c.var;
      await orDoneBefore(c, {}, async (key) => {
        const { name, version } = await requireCalendar(services, c.req.param('name'));
        if (c.req.header('if-match') !== undefined) requireMatch(c, tagOf(version));
        await deleteCalendar(services.database.sql, { project: PROJECT, name, expected: version, audit: auditOf(c) }, key);
      });
      return c.body(null, 204);
    },
  )
  .get(
    '/:name/spans',
    can('calendar:read'),
    describe({ tag: 'calendars', summary: 'The times of a calendar in a range', answers: { 200: CalendarSpans } }),
    query(
      z.strictObject({
        from: MomentText,
        to: MomentText,
        timezone: z.string().max(100).default('UTC').meta({ description: 'for a calendar without a zone of its own' }),
      }),
    ),
    async (c) => {
      const { services } = c.var;
      const { from, to, timezone } = c.req.valid('query');
      const { name } = await requireCalendar(services, c.req.param('name'));
      const calendar = (await knownCalendars(services.database.sql, PROJECT, [name])).get(name) ?? {
        name,
        timezone: null,
        entries: [],
        instances: [],
      };
      const zone = requireZone(zoneData(), calendar.timezone ?? timezone, '/timezone');
      const span = { from: readMoment(from, zone, '/from'), to: readMoment(to, zone, '/to') };
      if (span.to <= span.from || span.to - span.from > LONGEST_RANGE_MS)
        throw new InvalidInput([errorAt('/to', 'must be after from, and no more than 800 days')]);
      return c.json(shownSpans(calendar, timezone, span, MOST_SPANS));
    },
  );
