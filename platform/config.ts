import { existsSync } from 'node:fs';
import type { z } from 'zod';
import { type Config, configSchema } from './config-schema.ts';
import { ConfigError, type Environment, readSettings, type SettingSchema, type Settings, settingAt, variableOf } from './config-sources.ts';

export type { Config } from './config-schema.ts';
export { ConfigError, readSettings, type Settings } from './config-sources.ts';

/** The settings of this process: `capstan.toml` (or the file `CAPSTAN_CONFIG` names), overlaid by the environment, checked, completed with defaults. Throws `ConfigError`. */
export function loadConfig({ file, env }: { file?: string | undefined; env: Environment }): Config {
  return checkSettings(readSettings(configFile(file, env), env));
}

/** As `loadConfig` from this process's environment; on a `ConfigError` says so on standard error and ends the process with code 2. */
export function configOrExit(): Config {
  try {
    return loadConfig({ env: process.env });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

/** The file settings are read from: the one asked for, else `capstan.toml` in the working directory if it is there. */
export const configFile = (file: string | undefined, env: Environment): string | null =>
  file ?? (env.CAPSTAN_CONFIG || (existsSync('capstan.toml') ? 'capstan.toml' : null));

/** Checks settings as read and completes them with defaults. Throws `ConfigError` naming every one that is wrong. */
export function checkSettings(settings: Settings): Config {
  const checked = configSchema.safeParse(settings.values);
  if (checked.success) return checked.data;
  throw new ConfigError(checked.error.issues.flatMap((issue) => complaints(issue, settings)).join('\n'));
}

function complaints(issue: z.core.$ZodIssue, settings: Settings): readonly string[] {
  const dotted = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const unknown = dotted === '' ? key : `${dotted}.${key}`;
      return `${originOf(unknown, settings)}: ${unknown} is no setting; docs/configuration.md lists all`;
    });
  }
  const setting = issue.path
    .map(String)
    .filter((part) => !/^\d+$/.test(part))
    .join('.');
  const schema = settingAt(setting);
  const value = schema?.secret ? 'the value' : JSON.stringify(valueAt(settings.values, issue.path));
  return [
    `${originOf(setting, settings)}: ${value} cannot be ${setting}; expected ${issue.code === 'custom' ? issue.message : expectation(schema)}`,
  ];
}

/** Where a setting was made; a key inside an inline table takes the origin of the table. */
function originOf(dotted: string, { origins }: Settings): string {
  for (let path = dotted; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('.')))) {
    const origin = origins.get(path);
    if (origin !== undefined) return origin;
  }
  return variableOf(dotted);
}

const valueAt = (values: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), values);

/** What a setting takes, in words: `an integer from 0 to 65535`, `json or pretty`. */
export function expectation(schema: SettingSchema | undefined): string {
  if (schema === undefined) return 'a setting that docs/configuration.md lists';
  if (schema.expects) return schema.expects;
  if (schema.properties) return 'a table';
  if (schema.enum) return schema.enum.join(' or ');
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'array') return `a list, each ${expectation(schema.items)}`;
  if (schema.type === 'integer') return `an integer${bounds(schema)}`;
  if (schema.minLength !== undefined && schema.minLength > 1) return `at least ${schema.minLength} characters`;
  return 'text';
}

function bounds({ minimum, maximum }: SettingSchema): string {
  const above = minimum !== undefined;
  const below = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (above && below) return ` from ${minimum} to ${maximum}`;
  if (above) return ` of at least ${minimum}`;
  return '';
}
