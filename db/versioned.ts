import { v7 as uuidv7 } from 'uuid';
import { type Audit, writeAudit } from './audit.ts';
import { jsonRows, type Transaction } from './client.ts';
import { NameTaken, NotFound, VersionConflict } from './conflicts.ts';

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

/** Creates a named row (`expected` null) or changes it from version `expected` to the next, with its audit. Throws NameTaken, NotFound, VersionConflict. */
export const saveVersioned = async <Row extends Versioned>(
  tx: Transaction,
  of: VersionedTable<Row>,
  project: string,
  values: Values,
  expected: number | null,
  audit: Audit,
): Promise<Row> => {
  const before = expected === null ? null : await lockVersioned(tx, of, project, values.name, expected);
  const row = before ? await change(tx, of, before, values, audit) : await create(tx, of, project, values, audit);
  await writeAudit(tx, audit, {
    project,
    action: `${of.kind}.${before ? 'save' : 'create'}`,
    subject_kind: of.kind,
    subject: row.name,
    before: before && of.shown(before),
    after: of.shown(row),
  });
  return row;
};

/** Deletes a named row, with its audit; `expected` null deletes any version. Throws NotFound, VersionConflict, and what Postgres says when others still refer to it. */
export const deleteVersioned = async <Row extends Versioned>(
  tx: Transaction,
  of: VersionedTable<Row>,
  project: string,
  name: string,
  expected: number | null,
  audit: Audit,
): Promise<void> => {
  const row = await lockVersioned(tx, of, project, name, expected);
  await tx`delete from ${tx(of.table)} where id = ${row.id}`;
  await writeAudit(tx, audit, { project, action: `${of.kind}.delete`, subject_kind: of.kind, subject: name, before: of.shown(row) });
};

const lockVersioned = async <Row extends Versioned>(
  tx: Transaction,
  { table, kind, owned }: VersionedTable<Row>,
  project: string,
  name: string,
  expected: number | null,
): Promise<Row> => {
  const [row] = await tx<Row[]>`
    select * from ${tx(table)} where name = ${name} ${owned ? tx`and project = ${project}` : tx``} for update`;
  if (!row) throw new NotFound(kind, name);
  if (expected !== null && row.version !== expected) throw new VersionConflict(kind, name, row.version, expected);
  return row as Row;
};

const create = async <Row extends Versioned>(
  tx: Transaction,
  { table, kind, owned }: VersionedTable<Row>,
  project: string,
  values: Values,
  { actor }: Audit,
): Promise<Row> => {
  const row = { id: uuidv7(), ...(owned ? { project, created_by: actor, updated_by: actor } : {}), ...values };
  const columns = Object.keys(row);
  const [created] = await tx<Row[]>`
    insert into ${tx(table)} (${tx(columns)})
    select ${tx(columns)} from jsonb_populate_record(null::${tx(table)}, ${jsonRows(tx, [row])} -> 0)
    on conflict do nothing returning *`;
  if (!created) throw new NameTaken(kind, values.name);
  return created as Row;
};

const change = async <Row extends Versioned>(
  tx: Transaction,
  { table, kind, owned }: VersionedTable<Row>,
  { id, version }: Row,
  values: Values,
  { actor }: Audit,
): Promise<Row> => {
  const row = { ...values, ...(owned ? { updated_by: actor } : {}), version: version + 1, updated_at: new Date().toISOString() };
  const columns = Object.keys(row);
  const [changed] = await tx<Row[]>`
    update ${tx(table)} set (${tx(columns)}) = (
      select ${tx(columns)} from jsonb_populate_record(null::${tx(table)}, ${jsonRows(tx, [row])} -> 0))
    where id = ${id} returning *`;
  if (!changed) throw new NotFound(kind, values.name);
  return changed as Row;
};
