import { v7 as uuidv7 } from 'uuid';
import { type Audit, writeAudit } from '../audit.ts';
import type { Queryable, Sql } from '../client.ts';
import { NameTaken, NotFound, requireVersion } from '../conflicts.ts';
import type { SavedViewRow } from '../schema/saved-views.ts';
import { changeOnce, doOnce } from './change-once.ts';
import type { OwnedKey } from './take-key.ts';

/** A view as its reader sees it. */
export interface ShownView extends SavedViewRow {
  /** It is what this reader's list opens with. */
  readonly is_default: boolean;
}

/** Views of one person kept at most, for each list. */
export const MOST_VIEWS = 100;

/** Someone keeps as many views as they may. */
export class TooManyViews extends Error {
  override readonly name = 'TooManyViews';

  constructor() {
    super(`at most ${MOST_VIEWS} views of a list can be kept; delete one first`);
  }
}

/** The views of a list that someone made or others share, by name. Served by saved_views_name and saved_views_shared. */
export const listViews = async (sql: Queryable, project: string, list: string, reader: string): Promise<readonly ShownView[]> =>
  sql<ShownView[]>`
    select v.*, d.view is not null as is_default from saved_views v
    left join default_views d on d.project = v.project and d.list = v.list and d.owner = ${reader} and d.view = v.id
    where v.project = ${project} and v.list = ${list} and (v.owner = ${reader} or v.shared)
    order by lower(v.name), v.owner limit 1000`;

/** One view that a person made or others share. */
export const findView = async (sql: Queryable, project: string, id: string, reader: string): Promise<SavedViewRow | null> => {
  const [row] = await sql<SavedViewRow[]>`
    select * from saved_views where id = ${id} and project = ${project} and (owner = ${reader} or shared)`;
  return row ?? null;
};

type ViewContent = Pick<SavedViewRow, 'name' | 'search' | 'shared'>;
type ViewChange = { readonly [F in keyof ViewContent]?: ViewContent[F] | undefined };

/** Keeps a new view, once for each key. Throws NameTaken, TooManyViews, IdempotencyConflict. */
export const createView = async (
  sql: Sql,
  view: ViewContent & Pick<SavedViewRow, 'project' | 'list' | 'owner'>,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<SavedViewRow> =>
  changeOnce(sql, key, async (tx) => {
    const { project, list, owner } = view;
    const [kept] = await tx<{ count: number }[]>`
      select count(*) as count from saved_views where project = ${project} and list = ${list} and owner = ${owner}`;
    if ((kept?.count ?? 0) >= MOST_VIEWS) throw new TooManyViews();
    const [row] = await tx<SavedViewRow[]>`insert into saved_views ${tx({ id: uuidv7(), ...view })} on conflict do nothing returning *`;
    if (!row) throw new NameTaken('view', view.name);
    await writeAudit(tx, audit, { project, action: 'view.create', subject_kind: 'view', subject: row.id, after: shown(row) });
    return row;
  });

/** Changes a view from version `expected`, or from any, once for a key. Throws NotFound, NameTaken, VersionConflict, IdempotencyConflict. */
export const changeView = async (
  sql: Sql,
  known: SavedViewRow,
  content: ViewChange,
  expected: number | null,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<SavedViewRow> =>
  changeOnce(sql, key, async (tx) => {
    const [found] = await tx<SavedViewRow[]>`select * from saved_views where id = ${known.id} for update`;
    const before = requireVersion('view', found?.name ?? known.name, found, expected);
    const { name = before.name, search = before.search, shared = before.shared } = content;
    const [taken] = await tx`
      select from saved_views
      where project = ${before.project} and list = ${before.list} and owner = ${before.owner} and name = ${name} and id <> ${before.id}`;
    if (taken) throw new NameTaken('view', name);
    const [row] = await tx<SavedViewRow[]>`
      update saved_views set ${tx({ name, search, shared, version: before.version + 1 })}, updated_at = now() where id = ${before.id} returning *`;
    if (!row) throw new NotFound('view', known.name);
    await writeAudit(tx, audit, {
      project: row.project,
      action: 'view.save',
      subject_kind: 'view',
      subject: row.id,
      before: shown(before),
      after: shown(row),
    });
    return row;
  });

/** Deletes a view, once for a key; whoever's list opened with it opens plain again. Throws IdempotencyConflict. */
export const deleteView = (sql: Sql, view: SavedViewRow, audit: Audit, key: OwnedKey | null = null): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    await tx`delete from saved_views where id = ${view.id}`;
    await writeAudit(tx, audit, {
      project: view.project,
      action: 'view.delete',
      subject_kind: 'view',
      subject: view.id,
      before: shown(view),
    });
  });

/** The id of the view that a person's list opens with, or null. Served by the primary key. */
export const findDefaultView = async (
  sql: Queryable,
  { project, list }: Pick<SavedViewRow, 'project' | 'list'>,
  owner: string,
): Promise<string | null> => {
  const [row] = await sql<
    { view: string }[]
  >`select view from default_views where project = ${project} and list = ${list} and owner = ${owner}`;
  return row?.view ?? null;
};

/** What a person's list opens with from now on; null: plain. */
export const setDefaultView = async (
  sql: Queryable,
  { project, list, owner, view }: { readonly project: string; readonly list: string; readonly owner: string; readonly view: string | null },
): Promise<void> => {
  if (view === null) await sql`delete from default_views where project = ${project} and list = ${list} and owner = ${owner}`;
  else
    await sql`
      insert into default_views ${sql({ project, list, owner, view })}
      on conflict (project, list, owner) do update set view = excluded.view`;
};

const shown = ({ list, name, owner, shared, search }: SavedViewRow) => ({ list, name, owner, shared, search });
