import { v7 as uuidv7 } from 'uuid';
import { type Audit, writeAudit, writeAudits } from './audit.ts';
import { jsonRows, type Transaction } from './client.ts';
import { NameTaken, requireVersion } from './conflicts.ts';

interface Versioned {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

/** A table whose rows have a name and a version, and who may see what of them. */
export interface VersionedTable<Row extends Versioned> {
  readonly table: string;
  /** The word for one of them, in messages and in the audit. */
  readonly kind: string;
  /** Its rows belong to a project and know who changed them. */
  readonly owned: boolean;
  /** The part of a row that the audit shows: never a secret. */
  readonly shown: (row: Row) => object;
}

/** Columns to be set; only those are touched. */
type Values = { readonly name: string } & { readonly [column: string]: unknown };

/** A row to be made (`expected` null) or changed from version `expected` to the next. */
export interface RowChange {
  readonly values: Values;
  readonly expected: number | null;
}

/** What is to be deleted, by whom and why; without a version that is expected, at any. */
export interface Deletion {
  readonly project: string;
  readonly name: string;
  readonly expected?: number;
  readonly audit: Audit;
}

/** Creates a named row (`expected` null) or changes it from version `expected` to the next, with its audit. Throws NameTaken, NotFound, VersionConflict. */
export const saveVersioned = async <Row extends Versioned>(
  tx: Transaction,
  of: VersionedTable<Row>,
  project: string,
  values: Values,
  expected: number | null,
  audit: Audit,
): Promise<Row> => {
  const [row] = await saveAllVersioned(tx, of, project, [{ values, expected }], audit);
  return row as Row;
};

/** As `saveVersioned`, many at once in a few statements; all of them set the same columns. Answers in their order. */
export const saveAllVersioned = async <Row extends Versioned>(
  tx: Transaction,
  of: VersionedTable<Row>,
  project: string,
  changes: readonly RowChange[],
  audit: Audit,
): Promise<readonly Row[]> => {
  const before = await lockForChange(tx, of, project, changes);
  const rows = new Map<string, Row>();
  for (const row of await createAll(tx, of, project, changes, audit)) rows.set(row.name, row);
  for (const row of await changeAll(tx, of, before, changes, audit)) rows.set(row.name, row);
  const saved = changes.map(({ values }) => rows.get(values.name) as Row);
  await writeAudits(
    tx,
    audit,
    saved.map((row) => {
      const old = before.get(row.name);
      return {
        project,
        action: `${of.kind}.${old ? 'save' : 'create'}`,
        subject_kind: of.kind,
        subject: row.name,
        before: old && of.shown(old),
        after: of.shown(row),
      };
    }),
  );
  return saved;
};

/** Deletes a named row, with its audit. Throws NotFound, VersionConflict, and what Postgres says when others still refer to it. */
export const deleteVersioned = async <Row extends Versioned>(
  tx: Transaction,
  of: VersionedTable<Row>,
  { project, name, expected, audit }: Deletion,
): Promise<void> => {
  const [found] = await tx<Row[]>`
    select * from ${tx(of.table)} where name = ${name} ${of.owned ? tx`and project = ${project}` : tx``} for update`;
  const row = requireVersion(of.kind, name, found as Row | undefined, expected);
  await tx`delete from ${tx(of.table)} where id = ${row.id}`;
  await writeAudit(tx, audit, { project, action: `${of.kind}.delete`, subject_kind: of.kind, subject: name, before: of.shown(row) });
};

/** The rows to be changed, each at the version its change was made from. */
const lockForChange = async <Row extends Versioned>(
  tx: Transaction,
  { table, kind, owned }: VersionedTable<Row>,
  project: string,
  changes: readonly RowChange[],
): Promise<ReadonlyMap<string, Row>> => {
  const expected = new Map(changes.flatMap(({ values, expected: from }) => (from === null ? [] : [[values.name, from] as const])));
  if (expected.size === 0) return new Map();
  const rows = await tx<Row[]>`
    select * from ${tx(table)} where name = any(${[...expected.keys()]}::text[]) ${owned ? tx`and project = ${project}` : tx``}
    order by name for update`;
  const found = new Map(rows.map((row) => [row.name, row as Row]));
  for (const [name, version] of expected) requireVersion(kind, name, found.get(name), version);
  return found;
};

const createAll = async <Row extends Versioned>(
  tx: Transaction,
  { table, kind, owned }: VersionedTable<Row>,
  project: string,
  changes: readonly RowChange[],
  { actor }: Audit,
): Promise<readonly Row[]> => {
  const rows = changes
    .filter(({ expected }) => expected === null)
    .map(({ values }) => ({ id: uuidv7(), ...(owned ? { project, created_by: actor, updated_by: actor } : {}), ...values }));
  const [first] = rows;
  if (!first) return [];
  const columns = Object.keys(first);
  const created = await tx<Row[]>`
    insert into ${tx(table)} (${tx(columns)})
    select ${tx(columns)} from jsonb_populate_recordset(null::${tx(table)}, ${jsonRows(tx, rows)})
    on conflict do nothing returning *`;
  const made = new Set(created.map(({ name }) => name));
  const taken = rows.find(({ name }) => !made.delete(name));
  if (taken) throw new NameTaken(kind, taken.name);
  return created as readonly Row[];
};

const changeAll = async <Row extends Versioned>(
  tx: Transaction,
  { table, owned }: VersionedTable<Row>,
  before: ReadonlyMap<string, Row>,
  changes: readonly RowChange[],
  { actor }: Audit,
): Promise<readonly Row[]> => {
  const now = new Date().toISOString();
  const rows = changes.flatMap(({ values }) => {
    const old = before.get(values.name);
    return old ? [{ ...values, id: old.id, ...(owned ? { updated_by: actor } : {}), version: old.version + 1, updated_at: now }] : [];
  });
  const [first] = rows;
  if (!first) return [];
  const columns = Object.keys(first).filter((column) => column !== 'id');
  const changed = await tx<Row[]>`
    update ${tx(table)} as t set (${tx(columns)}) = row(${columns.flatMap((column, at) => (at === 0 ? [tx`c.${tx(column)}`] : [tx`, c.${tx(column)}`]))})
    from jsonb_populate_recordset(null::${tx(table)}, ${jsonRows(tx, rows)}) as c
    where t.id = c.id returning t.*`;
  return changed as readonly Row[];
};
