import type { BundleFormatName } from '#jobs/exchange/bundle.ts';
import type { ForeignForm, UnknownSteps } from '#jobs/foreign/read-foreign.ts';

/** The forms a text may have. */
export type ImportFormat = BundleFormatName | ForeignForm;
export const IMPORT_FORMATS = ['yaml', 'ndjson', 'config-style', 'step-type-style'] as const satisfies readonly ImportFormat[];

/** What becomes of a definition whose name a job has. */
export const ON_CONFLICT = ['fail', 'skip', 'update', 'rename'] as const;
type OnConflict = (typeof ON_CONFLICT)[number];

export const UNKNOWN = ['refuse', 'leave_out'] as const satisfies readonly UnknownSteps[];

/** How an import is to be done. */
export interface ImportChoices {
  readonly format: ImportFormat;
  readonly conflict: OnConflict;
  readonly unknown: (typeof UNKNOWN)[number];
}

/** What is chosen when nothing was. */
export const USUAL: ImportChoices = { format: 'yaml', conflict: 'fail', unknown: 'refuse' };

/** Choices from whatever was kept of them; what is damaged is the usual one. */
export const readChoices = (kept: unknown): ImportChoices => {
  const said = (typeof kept === 'object' && kept !== null ? kept : {}) as { readonly [name: string]: unknown };
  return {
    format: IMPORT_FORMATS.find((one) => one === said.format) ?? USUAL.format,
    conflict: ON_CONFLICT.find((one) => one === said.conflict) ?? USUAL.conflict,
    unknown: UNKNOWN.find((one) => one === said.unknown) ?? USUAL.unknown,
  };
};

/** Whether a form is one of the predecessors', whose steps may be of unknown types. */
export const isForeign = (format: ImportFormat): boolean => format !== 'yaml' && format !== 'ndjson';

/** The query string of an import. */
export const importSearch = ({ format, conflict, unknown }: ImportChoices, dryRun: boolean): string =>
  new URLSearchParams({
    format,
    on_conflict: conflict,
    dry_run: String(dryRun),
    ...(isForeign(format) && { unknown_steps: unknown }),
  }).toString();

/** The form that the name of a file speaks for. */
export const formatOfFile = (name: string): ImportFormat => (/\.(ndjson|jsonl)$/i.test(name) ? 'ndjson' : 'yaml');

/** Texts of several files as one: documents of YAML divided, lines one after the other. */
export const joined = (texts: readonly string[], format: ImportFormat): string =>
  texts.length === 1 ? (texts[0] ?? '') : texts.map((text) => text.replace(/\n?$/, '\n')).join(format === 'ndjson' ? '' : '---\n');
