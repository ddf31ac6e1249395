import type { ConversionNote } from '../foreign/conversion.ts';
import { errorAt, InvalidInput, type Problem } from '../problem.ts';

/** One definition of a bundle: its text as written, and where in the bundle it begins. */
export interface BundledJob {
  readonly source: string;
  readonly format: 'yaml' | 'json';
  /** Why its version was saved. */
  readonly message: string | null;
  readonly line: number;
  /** Lines of the bundle before the first of the text, where it stands there as it is. */
  readonly lines_before: number;
  /** What was found wrong while it was read. */
  readonly problems?: readonly Problem[];
  /** What became of its fields, where it came in other words. */
  readonly report?: readonly ConversionNote[];
}

/** What a form of many definitions in one text must be able to do. */
export interface BundleFormat {
  readonly type: string;
  readonly file: string;
  /** Throws InvalidInput for a text that is not of this form at all; what is wrong with one definition is found later. */
  readonly parse: (text: string) => readonly BundledJob[];
  /** The text of one job, which stands behind those before it. */
  readonly write: (job: Pick<BundledJob, 'source' | 'format' | 'message'>) => string;
}

const formatOf = (source: string): BundledJob['format'] => (source.trimStart().startsWith('{') ? 'json' : 'yaml');

/** Definitions as they were written, one YAML document each; a line `---` parts them, which no definition can hold. */
const yaml: BundleFormat = {
  type: 'application/yaml; charset=utf-8',
  file: 'jobs.yaml',
  parse: (text) => {
    const documents: { lines: string[]; line: number }[] = [{ lines: [], line: 1 }];
    for (const [at, line] of text.split('\n').entries()) {
      if (!/^---(\s|$)/.test(line)) documents.at(-1)?.lines.push(line);
      else documents.push({ lines: line.slice(3).trim() === '' ? [] : [line.slice(3)], line: at + (line.slice(3).trim() === '' ? 2 : 1) });
    }
    return documents.flatMap(({ lines, line }, at) => {
      const source = lines.join('\n') + (at < documents.length - 1 ? '\n' : '');
      const isBlank = lines.every((one) => /^\s*(#.*)?$/.test(one));
      return isBlank ? [] : [{ source, format: formatOf(source), message: null, line, lines_before: line - 1 }];
    });
  },
  write: ({ source }) => `---\n${source.replace(/^---\s*\n/, '').replace(/\n?$/, '\n')}`,
};

/** A JSON object a line, with the text as it was written to the last sign, and why its version was saved. */
const ndjson: BundleFormat = {
  type: 'application/x-ndjson; charset=utf-8',
  file: 'jobs.ndjson',
  parse: (text) => text.split('\n').flatMap((line, at) => (line.trim() === '' ? [] : [entryOf(line, at + 1)])),
  write: ({ source, format, message }) => `${JSON.stringify({ source, format, message })}\n`,
};

function entryOf(text: string, line: number): BundledJob {
  const value = readJson(text);
  if (typeof value !== 'object' || value === null || !('source' in value) || typeof value.source !== 'string') {
    throw new InvalidInput([{ ...errorAt('', `line ${line} is not a JSON object with the text of a definition as its "source"`), line }]);
  }
  const { source } = value;
  const message = 'message' in value && typeof value.message === 'string' ? value.message : null;
  return { source, format: formatOf(source), message, line, lines_before: 0 };
}

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The forms in which jobs are written out and taken over. */
export const BUNDLE_FORMATS = { yaml, ndjson } as const satisfies { readonly [name: string]: BundleFormat };
export type BundleFormatName = keyof typeof BUNDLE_FORMATS;
export const BUNDLE_FORMAT_NAMES = Object.keys(BUNDLE_FORMATS) as [BundleFormatName, ...BundleFormatName[]];
