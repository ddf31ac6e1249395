import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { TextFsmError } from '../errors.ts';
import { parseTemplate, type Template } from '../template.ts';
import { type IndexEntry, parseIndex } from './index-file.ts';

/** What build.ts packs: the index and the texts of the templates by file name. */
export interface TemplateFile {
  readonly source: string;
  readonly index: string;
  readonly templates: Readonly<Record<string, string>>;
}

/** The templates at hand, in the order in which their index asks for them. */
export interface TemplateLibrary {
  readonly source: string;
  readonly entries: readonly IndexEntry[];
  readonly names: readonly string[];
  /** The text of a template by its file name; null when there is none. */
  text(name: string): string | null;
  /** The template itself, compiled once; throws `template` when there is none of that name. */
  template(name: string): Template;
}

let loading: Promise<TemplateLibrary> | undefined;

/** The library of ntc-templates, read from the package at its first use. */
export function templateLibrary(): Promise<TemplateLibrary> {
  loading ??= load();
  return loading;
}

async function load(): Promise<TemplateLibrary> {
  const packed = await readFile(new URL('ntc-templates.json.br', import.meta.url));
  const file = JSON.parse((await promisify(brotliDecompress)(packed)).toString('utf8')) as TemplateFile;
  const texts = new Map(Object.entries(file.templates));
  return {
    source: file.source,
    entries: parseIndex(file.index),
    names: [...texts.keys()],
    text: (name) => texts.get(name) ?? null,
    template: compiling((name) => texts.get(name)),
  };
}

/** How many compiled templates are kept: those of a fleet of one kind, and then some. */
const MOST_COMPILED = 64;

function compiling(textOf: (name: string) => string | undefined): (name: string) => Template {
  const compiled = new Map<string, Template>();
  return (name) => {
    const known = compiled.get(name);
    if (known) return known;
    const text = textOf(name);
    if (text === undefined) throw new TextFsmError('template', `there is no template ${name}`);
    const template = parseTemplate(text);
    const [oldest] = compiled.keys();
    if (compiled.size >= MOST_COMPILED && oldest !== undefined) compiled.delete(oldest);
    compiled.set(name, template);
    return template;
  };
}
