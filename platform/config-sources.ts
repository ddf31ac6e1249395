import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { configSchema } from './config-schema.ts';

/** Settings that cannot be used: the message names file and line or variable, the value, and what was expected. Mains end with code 2 on it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The part of JSON Schema that the settings use. */
export interface SettingSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly secret?: boolean;
  readonly enum?: readonly string[];
  /** What a value looks like, where type and bounds do not say it. */
  readonly expects?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly items?: SettingSchema;
  readonly properties?: { readonly [name: string]: SettingSchema };
}

/** The settings as JSON Schema: what documentation, environment and error messages are derived from. */
export const settingsSchema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as SettingSchema;

/** Variables that other tools already set, or that deserve a short name, and the setting each stands for. */
export const ALIASES: { readonly [variable: string]: string } = {
  DATABASE_URL: 'database.url',
  DATABASE_READ_URL: 'database.read_url',
  TEMPORAL_ADDRESS: 'temporal.address',
  TEMPORAL_NAMESPACE: 'temporal.namespace',
  TEMPORAL_UI_URL: 'temporal.ui_url',
  CAPSTAN_KEY: 'key.value',
};

/** Variables of ours that are no settings: where the settings are, and what processes tell each other. */
const OTHER_VARIABLES = /^CAPSTAN_(CONFIG|PARENT_PIPE|STARTER_PIPE|INSTANCE|EVENTS|URL|TOKEN|TEST_.*|BENCH_.*|RUN_.*|STEP_.*)$/;

/** Settings as written, before defaults, and where each came from (`capstan.toml:12`, `CAPSTAN_API__PORT`) by dotted path. */
export interface Settings {
  readonly values: { readonly [section: string]: unknown };
  readonly origins: ReadonlyMap<string, string>;
}

export type Environment = { readonly [variable: string]: string | undefined };

/** Reads the file, if there is one, and lays the environment over it. An empty variable counts as unset, a `CAPSTAN_` name wins over an alias, a list is written `a,b` or as JSON. */
export function readSettings(file: string | null, env: Environment): Settings {
  const origins = new Map<string, string>();
  const values = file === null ? {} : readToml(file, origins);
  for (const [variable, text] of Object.entries(env).sort(aliasesFirst)) {
    if (text === undefined || text === '') continue;
    const dotted = ALIASES[variable] ?? dottedPath(variable);
    if (dotted === null) continue;
    place(values, dotted, fromText(text, settingAt(dotted)));
    origins.set(dotted, variable);
  }
  return { values, origins };
}

/** The schema of one setting by its dotted path, or undefined where there is none. */
export const settingAt = (dotted: string): SettingSchema | undefined =>
  dotted.split('.').reduce<SettingSchema | undefined>((schema, name) => schema?.properties?.[name], settingsSchema);

/** The variable that sets a dotted path, as documentation and errors spell it. */
export const variableOf = (dotted: string): string =>
  Object.keys(ALIASES).find((alias) => ALIASES[alias] === dotted) ?? `CAPSTAN_${dotted.toUpperCase().replaceAll('.', '__')}`;

const aliasesFirst = ([a]: [string, unknown], [b]: [string, unknown]) => Number(b in ALIASES) - Number(a in ALIASES);

function dottedPath(variable: string): string | null {
  if (!variable.startsWith('CAPSTAN_') || OTHER_VARIABLES.test(variable)) return null;
  const dotted = variable.slice('CAPSTAN_'.length).toLowerCase().replaceAll('__', '.');
  const setting = settingAt(dotted);
  if (setting !== undefined && setting.properties === undefined) return dotted;
  const near = leaves(settingsSchema).find((leaf) => leaf.replaceAll('.', '_') === dotted.replaceAll('.', '_'));
  throw new ConfigError(`${variable}: no such setting; ${near ? `write ${variableOf(near)}` : 'docs/configuration.md lists all'}`);
}

/** The dotted paths of all settings below a schema, in their order. */
export function leaves(schema: SettingSchema, prefix = ''): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    inner.properties ? leaves(inner, `${prefix}${name}.`) : [`${prefix}${name}`],
  );
}

function fromText(text: string, schema: SettingSchema | undefined): unknown {
  if (schema?.type === 'array') {
    if (text.startsWith('[')) return fromJson(text);
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }
  if (schema?.type === 'integer') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (schema?.type === 'boolean') return ({ true: true, false: false, 1: true, 0: false } as Record<string, boolean>)[text] ?? text;
  return text;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function place(values: Record<string, unknown>, dotted: string, value: unknown): void {
  const [head = '', ...rest] = dotted.split('.');
  if (rest.length === 0) values[head] = value;
  else {
    const inner = values[head];
    const nested: Record<string, unknown> = typeof inner === 'object' && inner !== null ? { ...inner } : {};
    place(nested, rest.join('.'), value);
    values[head] = nested;
  }
}

function readToml(file: string, origins: Map<string, string>): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${file}: cannot be read (${error instanceof Error ? error.message : error})`);
  }
  try {
    const values = parse(text) as Record<string, unknown>;
    for (const [dotted, line] of linesOf(text)) origins.set(dotted, `${file}:${line}`);
    return values;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new ConfigError(`${file}:${error.line}:${error.column}: not TOML; ${error.message.split('\n')[0]}`);
  }
}

/** The parser keeps no positions, so the line of a key is found by its text: enough for tables and dotted keys. */
function* linesOf(text: string): Generator<[string, number]> {
  let table = '';
  for (const [index, line] of text.split('\n').entries()) {
    const header = /^\s*\[\s*([A-Za-z0-9_.-]+)\s*\]/.exec(line);
    const entry = /^\s*([A-Za-z0-9_-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*=/.exec(line);
    if (header?.[1]) {
      table = `${header[1]}.`;
      yield [header[1], index + 1];
    } else if (entry?.[1]) yield [`${table}${entry[1].replaceAll(/\s/g, '')}`, index + 1];
  }
}
