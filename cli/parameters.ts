import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Json, JsonObject, JsonSchema } from '#jobs/json.ts';
import { CommandFailed, EXIT } from './exit-codes.ts';

type Schemas = { readonly [name: string]: JsonSchema };

/** Parameters from `name=value` words; a value is text where the job wants text, else JSON. A secret one is refused: everybody on the machine sees these words. */
export function parseParameters(words: readonly string[], schemas: Schemas): JsonObject {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at < 1) throw new CommandFailed(EXIT.usage, `-p ${word}: expected name=value`);
      const name = word.slice(0, at);
      const text = word.slice(at + 1);
      if (schemas[name]?.secret === true) {
        throw new CommandFailed(
          EXIT.usage,
          `-p ${name}: is secret; give it in --params-file, in ${secretVariable(name)}, or when you are asked`,
        );
      }
      return [name, schemas[name]?.type === 'string' ? text : jsonOr(text)];
    }),
  );
}

function jsonOr(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Parameters in a file, YAML or JSON. */
export function readParameters(file: string): JsonObject {
  const text = readText(file);
  const value: unknown = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CommandFailed(EXIT.usage, `${file}: expected parameters by name, e.g. site: ber`);
  }
  return value as JsonObject;
}

/** The text of a file, or of the standard input for `-`. */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new CommandFailed(EXIT.usage, `${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The environment variable that may hold a secret parameter. */
const secretVariable = (name: string): string => `CAPSTAN_PARAM_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;

/** The secret parameters that are not given yet: from the environment, else asked for at the terminal. */
export async function askSecrets(
  schemas: Schemas,
  given: JsonObject,
  env: { readonly [name: string]: string | undefined },
  ask: ((prompt: string) => Promise<string>) | null,
): Promise<JsonObject> {
  const secrets: Record<string, string> = {};
  for (const [name, schema] of Object.entries(schemas)) {
    if (schema.secret !== true || Object.hasOwn(given, name)) continue;
    const kept = env[secretVariable(name)];
    if (kept !== undefined) secrets[name] = kept;
    else if (ask) {
      const typed = await ask(`${schema.title ?? name}: `);
      // Whether it may be missing the API says.
      if (typed !== '') secrets[name] = typed;
    }
  }
  return secrets;
}
