import type { Cell } from './cells.ts';
import type { ParseLimits } from './machine.ts';
import { ntcPlatforms } from './ntc-platforms.ts';
import { parseText } from './parse-text.ts';
import { parseTemplate, type Template } from './template.ts';
import { findEntry } from './templates/index-file.ts';
import { templateLibrary } from './templates/library.ts';

/** A row of parsed output: fields by their lower-case names. */
export type Row = Readonly<Record<string, Cell>>;

/** What a device said to a command. */
export interface DeviceOutput {
  /** One of our device types, a name another tool has for it, or any platform of ntc-templates. */
  readonly deviceType: string;
  readonly command: string;
  readonly output: string;
  /** Instead of the template that the index finds: the text of one (it has lines), or the name of one of the library. */
  readonly template?: string | undefined;
}

/**
 * The rows in what a device said, or null when no template is for this command. Throws TextFsmError: `template` for a bad or unknown template,
 * `unexpected_output` when the template refuses the output, `too_much_work` past the limits.
 */
export async function parseOutput(given: DeviceOutput, limits?: ParseLimits): Promise<readonly Row[] | null> {
  const templates =
    given.template === undefined ? await templatesFor(given.deviceType, given.command) : [await namedOrInline(given.template)];
  if (templates === null) return null;
  const tables = await Promise.all(templates.map((template) => rowsOf(template, given.output, limits)));
  return tables.reduce((rows, others, i) => extend(rows, others, fieldsOf(templates[i]), keysOf(templates.slice(0, i + 1))));
}

/** The names of the templates for a command, in the order in which they extend each other; null when there is none. */
export async function findTemplate(deviceType: string, command: string): Promise<readonly string[] | null> {
  const { entries } = await templateLibrary();
  for (const platform of ntcPlatforms(deviceType)) {
    const entry = findEntry(entries, platform, command);
    if (entry) return entry.templates;
  }
  return null;
}

async function templatesFor(deviceType: string, command: string): Promise<readonly Template[] | null> {
  const names = await findTemplate(deviceType, command);
  if (names === null) return null;
  const library = await templateLibrary();
  return names.map((name) => library.template(name));
}

async function namedOrInline(template: string): Promise<Template> {
  if (/[\r\n]/.test(template)) return parseTemplate(template);
  const library = await templateLibrary();
  return library.template(template.endsWith('.textfsm') ? template : `${template}.textfsm`);
}

const fieldsOf = (template: Template | undefined): readonly string[] => template?.values.map(({ name }) => name.toLowerCase()) ?? [];

async function rowsOf(template: Template, output: string, limits: ParseLimits | undefined): Promise<readonly Row[]> {
  const fields = fieldsOf(template);
  const rows = await parseText(template, output, limits);
  return rows.map((cells) => Object.fromEntries(cells.map((cell, column) => [fields[column] ?? '', cell])));
}

/** The fields that say which rows are the same: those of the first template that declares a Key. */
function keysOf(templates: readonly Template[]): readonly string[] {
  for (const { values } of templates) {
    const keys = values.filter(({ options }) => options.includes('Key')).map(({ name }) => name.toLowerCase());
    if (keys.length > 0) return keys;
  }
  return [];
}

/** Adds the fields of a further template from the first row with the same keys or, without keys, from the row at the same place; '' where there is none. */
function extend(rows: readonly Row[], others: readonly Row[], fields: readonly string[], keys: readonly string[]): readonly Row[] {
  return rows.map((row, i) => {
    const same = keys.length === 0 ? others[i] : others.find((other) => keys.every((key) => sameCell(other[key], row[key])));
    const added = fields.filter((field) => !(field in row)).map((field) => [field, same?.[field] ?? ''] as const);
    return { ...row, ...Object.fromEntries(added) };
  });
}

const sameCell = (a: Cell | undefined, b: Cell | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);
