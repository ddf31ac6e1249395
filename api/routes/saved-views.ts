import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { changeView, createView, deleteView, findDefaultView, findView, listViews, setDefaultView } from '#db/queries/saved-views.ts';
import type { SavedViewRow } from '#db/schema/saved-views.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { requireMatch, tagOf } from '../middleware/etag.ts';
import { orChangedBefore, orDoneBefore } from '../or-changed-before.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { instant, isUuid } from '../views/json.ts';

/** The lists that views are kept of. */
const LISTS = ['runs'] as const;
const list = z.enum(LISTS);

/** A kept way of looking at a list, as its reader sees it. */
export const SavedView = z
  .object({
    id: z.string(),
    list,
    name: z.string(),
    owner: z.string(),
    shared: z.boolean().meta({ description: 'everyone who may see the list sees the view' }),
    search: z.string().meta({ description: 'the query string of the page, without ?' }),
    version: z.number(),
    is_default: z.boolean().meta({ description: 'the caller’s list opens with it' }),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'SavedView' });

const name = z.string().trim().min(1).max(80);
/** What a browser can read as a query string; a view is opened by others too. */
const search = z
  .string()
  .max(4000)
  .refine((text) => isReadable(text), 'expected a query string, with % before two hexadecimal digits only');
const NewView = z.strictObject({ list, name, search, shared: z.boolean().default(false) });
const ChangedView = z.strictObject({ name: name.optional(), search: search.optional(), shared: z.boolean().optional() });

/** Ways of looking at a list that people keep for themselves or share. */
export const savedViews = new Hono<Env>()
  .get(
    '/',
    can('run:read'),
    describe({
      tag: 'views',
      summary: 'The own views of a list and those that others share',
      answers: { 200: z.object({ items: z.array(SavedView) }) },
    }),
    query(z.strictObject({ list })),
    async (c) => {
      const rows = await listViews(c.var.services.database.sql, PROJECT, c.req.valid('query').list, signedIn(c).actor);
      return c.json({ items: rows.map((row) => viewOf(row, row.is_default)) });
    },
  )
  .post(
    '/',
    can('account:own'),
    describe({
      tag: 'views',
      summary: 'Keep a view; sharing one needs the permission run:start; with the same `Idempotency-Key` and body it is kept once',
      answers: { 201: SavedView },
    }),
    body(NewView),
    async (c) => {
      const content = c.req.valid('json');
      if (content.shared) requireSharing(c);
      const view = { project: PROJECT, owner: signedIn(c).actor, ...content };
      const row = await orChangedBefore(c, content, (key) => createView(c.var.services.database.sql, view, auditOf(c), key));
      c.header('ETag', tagOf(row.version));
      return c.json(viewOf(row, false), 201);
    },
  )
  .put(
    '/default',
    can('account:own'),
    describe({ tag: 'views', summary: 'What the own list opens with; null: plain', answers: { 204: 'So it is' } }),
    body(z.strictObject({ list, view: z.string().nullable() })),
    async (c) => {
      const { list: of, view } = c.req.valid('json');
      if (view !== null) await requireView(c, view);
      await setDefaultView(c.var.services.database.sql, { project: PROJECT, list: of, owner: signedIn(c).actor, view });
      return c.body(null, 204);
    },
  )
  .patch(
    '/:id',
    can('account:own'),
    describe({
      tag: 'views',
      summary: 'Rename, change or share an own view; with the same `Idempotency-Key` and body it is done once',
      answers: { 200: SavedView },
    }),
    body(ChangedView),
    async (c) => {
      const view = await requireOwn(c);
      const content = c.req.valid('json');
      if (content.shared) requireSharing(c);
      const row = await orChangedBefore(c, content, async (key) => {
        requireMatch(c, tagOf(view.version));
        const expected = c.req.header('if-match') === '*' ? null : view.version;
        return changeView(c.var.services.database.sql, view, content, expected, auditOf(c), key);
      });
      c.header('ETag', tagOf(row.version));
      return c.json(viewOf(row, (await findDefaultView(c.var.services.database.sql, row, signedIn(c).actor)) === row.id));
    },
  )
  .delete(
    '/:id',
    can('account:own'),
    describe({
      tag: 'views',
      summary: 'Delete an own view; who may edit users deletes shared ones too; with the same `Idempotency-Key` it is done once',
      answers: { 204: 'Gone' },
    }),
    async (c) => {
      await orDoneBefore(c, {}, async (key) => deleteView(c.var.services.database.sql, await requireOwn(c), auditOf(c), key));
      return c.body(null, 204);
    },
  );

const viewOf = ({ project: _, list: of, ...row }: SavedViewRow, is_default: boolean): z.infer<typeof SavedView> => ({
  id: row.id,
  list: list.parse(of),
  name: row.name,
  owner: row.owner,
  shared: row.shared,
  search: row.search,
  version: row.version,
  is_default,
  created_at: row.created_at,
  updated_at: row.updated_at,
});

function isReadable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined && !/[#\s]/.test(text);
  } catch {
    return false;
  }
}

function requireSharing(c: Context<Env>): void {
  const { actor, permissions } = signedIn(c);
  if (!permissions.has('run:start')) throw new HttpProblem(403, `${actor} lacks the permission run:start, which sharing a view needs`);
}

async function requireView(c: Context<Env>, id: string): Promise<SavedViewRow> {
  const found = isUuid(id) ? await findView(c.var.services.database.sql, PROJECT, id.toLowerCase(), signedIn(c).actor) : null;
  if (!found) throw notFound(`no view ${id}`);
  return found;
}

async function requireOwn(c: Context<Env>): Promise<SavedViewRow> {
  const view = await requireView(c, c.req.param('id') ?? '');
  const { actor, permissions } = signedIn(c);
  if (view.owner !== actor && !permissions.has('user:edit')) throw new HttpProblem(403, `the view "${view.name}" is ${view.owner}’s`);
  return view;
}
