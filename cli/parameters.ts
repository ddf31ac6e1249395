import type { JsonObject, JsonSchema } from '#jobs/json.ts';
import { CommandFailed, EXIT } from './exit-codes.ts';

/** Parameters from `name=value` words; a value is text where the job wants text, else JSON. */
export function parseParameters(words: readonly string[], schemas: { readonly [name: string]: JsonSchema }): JsonObject {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at < 1) throw new CommandFailed(EXIT.usage, `-p ${word}: expected name=value`);
      const name = word.slice(0, at);
      const text = word.slice(at + 1);
      return [name, schemas[name]?.type === 'string' ? text : jsonOr(text)];
    }),
  );
}

function jsonOr(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
