import { DEVICE_ALIASES } from '#activities/transports/device/platforms.ts';
import type { Audit } from '#db/audit.ts';
import { importTargets, type TargetImportPlan } from '#db/queries/import-targets.ts';
import type { TargetChange } from '#db/queries/save-target.ts';
import type { OwnedKey } from '#db/queries/take-key.ts';
import type { TargetRow } from '#db/schema/targets.ts';
import { boundViolations } from '#jobs/bounds.ts';
import { canonical } from '#jobs/canonical.ts';
import {
  INVENTORY_FIELD_NAMES,
  type Inventory,
  type InventoryEntry,
  type InventoryField,
  type InventoryTarget,
  LARGEST_INVENTORY,
} from '#jobs/inventory/inventory.ts';
import type { Json } from '#jobs/json.ts';
import { keysOf } from '#jobs/problem.ts';
import { zodProblems } from './describe.ts';
import { PROJECT } from './project.ts';
import type { Services } from './services.ts';
import { targetProblems } from './targets.ts';
import type { ImportReport } from './views/inventory.ts';
import { TargetContent, TargetName } from './views/target.ts';

type Item = ImportReport['items'][number];

/** Takes an inventory over, all or nothing, once for a key of a request; a dry run only says what would happen. Fields that the text does not name stay as they are. */
export async function importInventory(
  { database }: Services,
  inventory: Inventory,
  dryRun: boolean,
  audit: Audit,
  key: OwnedKey | null,
): Promise<ImportReport> {
  const names = inventory.entries.map(({ name }) => name);
  const decide = (existing: ReadonlyMap<string, TargetRow>) => planOf(inventory, existing);
  const { report, isSaved } = await importTargets(database.sql, PROJECT, names, decide, dryRun, audit, key);
  const byItem = Map.groupBy(report.problems, ({ pointer }) => keysOf(pointer)[0]);
  const items = report.items.map((item, at): Item => {
    const found = byItem.get(String(at))?.map(({ message }) => message.replace(/^\[\d+\]\./, ''));
    return found ? { ...item, action: 'bad', problems: [...item.problems, ...found] } : item;
  });
  const count = (action: Item['action']) => items.filter((item) => item.action === action).length;
  const counts = { create: count('create'), change: count('change'), same: count('same'), bad: count('bad') };
  return { dry_run: dryRun, saved: isSaved, counts, items };
}

/** What becomes of each entry over the targets that stand there now; the changes point to their items. */
function planOf({ entries, problems }: Inventory, existing: ReadonlyMap<string, TargetRow>): TargetImportPlan<Item> {
  const changes: TargetChange[] = [];
  const saidOf = Map.groupBy(problems, ({ name }) => name);
  const firstLine = new Map<string, number>();
  const items = entries.map((entry, at): Item => {
    const said = (saidOf.get(entry.name) ?? []).map(({ line, message }) => (line === entry.line ? message : `line ${line}: ${message}`));
    const before = firstLine.get(entry.name);
    if (before === undefined) firstLine.set(entry.name, entry.line);
    else said.push(`stands in line ${before} already`);
    if (at >= LARGEST_INVENTORY) said.push(`is more than ${LARGEST_INVENTORY} targets`);
    const row = existing.get(entry.name);
    const read = readEntry(entry, row);
    const found = [...said, ...('problems' in read ? read.problems : [])];
    const item = { name: entry.name, line: entry.line, fields: [], problems: [] };
    if ('problems' in read || found.length > 0) return { ...item, action: 'bad', problems: found };
    const { values } = read;
    const fields = row ? INVENTORY_FIELD_NAMES.filter((field) => !isSame(row, values, field)) : [];
    if (row && fields.length === 0) return { ...item, action: 'same' };
    changes.push({ values, expected: row?.version ?? null, pointer: `/${at}` });
    return { ...item, action: row ? 'change' : 'create', fields };
  });
  const loose = problems
    .filter(({ name }) => name === null || !firstLine.has(name))
    .map(({ line, name, message }): Item => ({ name, line, action: 'bad', fields: [], problems: [message] }));
  const all = [...items, ...loose];
  return { changes, items: all, isBad: all.some(({ action }) => action === 'bad') };
}

type Read = { readonly values: TargetChange['values'] } | { readonly problems: readonly string[] };

/** An entry's fields over those of the target that stands there, checked as a whole. */
function readEntry({ name, fields }: InventoryEntry, row: TargetRow | undefined): Read {
  const base = row ? inventoryTarget(row) : {};
  const { name: _, ...given } = { ...base, ...withoutAliases(fields) } as InventoryTarget;
  const named = TargetName.safeParse(name);
  const content = TargetContent.omit({ sample: true }).safeParse(given);
  if (!named.success || !content.success) {
    return { problems: [...zodProblems(named.error, name, 'name'), ...zodProblems(content.error, given)].map(({ message }) => message) };
  }
  const problems = [...boundViolations({ ...given, attributes: {} }), ...targetProblems(content.data)].map(({ message }) => message);
  return problems.length > 0 ? { problems } : { values: { name, ...content.data, sample: row?.sample ?? false } };
}

/** Device types by the names that other tools have for them. */
function withoutAliases(fields: InventoryEntry['fields']): InventoryEntry['fields'] {
  const { device_type: type } = fields;
  return typeof type === 'string' && Object.hasOwn(DEVICE_ALIASES, type)
    ? { ...fields, device_type: DEVICE_ALIASES[type] ?? type }
    : fields;
}

const isSame = (row: TargetRow, values: TargetChange['values'], field: InventoryField): boolean =>
  row[field] === values[field] || canonical(comparable(row[field] as Json)) === canonical(comparable(values[field] as Json));

/** The order in which tags and keys stand means nothing. */
const comparable = (value: Json): Json =>
  Array.isArray(value) ? [...value].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1)) : value;

/** A target as inventories carry it. */
export const inventoryTarget = (row: TargetRow): InventoryTarget => ({
  name: row.name,
  ...Object.fromEntries(INVENTORY_FIELD_NAMES.map((field) => [field, row[field] as Json])),
});
