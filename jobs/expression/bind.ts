import type { Json, JsonSchema } from '#jobs/json.ts';
import { pointerTo } from '../problem.ts';
import { type ExpressionProblem, expressionType } from './check.ts';
import { SAFE_IN_CODE } from './render.ts';
import { ExpressionError, expressionsIn, hasExpression } from './scan.ts';
import type { ScopeTypes } from './types.ts';

/** A language whose text a machine executes. */
export type CodeLanguage = NonNullable<JsonSchema['x-code']>;

/**
 * The binding rule: values are bound beside code, never pasted into it. Answers a problem with the rewrite for every expression of a
 * code text, except where its type is a number, a boolean or an enum of harmless words. What `checkTemplate` reports is not repeated.
 */
export function bindingProblems(text: string, scope: ScopeTypes, language: CodeLanguage): readonly ExpressionProblem[] {
  return readable(text).flatMap(({ source, at }) => {
    if (isHarmless(source, scope)) return [];
    const before = text.slice(0, at).split('\n');
    const place = { at, line: before.length, column: (before.at(-1) ?? '').length + 1 };
    return [{ ...place, severity: 'error' as const, message: `\${{ ${source} }} would be pasted into code; ${rewrite(source, language)}` }];
  });
}

/** Pointers of the `x-code` texts with expressions in a step's config; `render` guards them at run time. */
export function codeFields(schema: JsonSchema, config: Json, pointer = ''): readonly string[] {
  if (typeof config === 'string') return schema['x-code'] !== undefined && hasExpression(config) ? [pointer] : [];
  if (typeof config !== 'object' || config === null) return [];
  const variants = [schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const found = variants.flatMap(({ properties = {}, additionalProperties, items }) =>
    Object.entries(config).flatMap(([key, value]) => {
      const rest = typeof additionalProperties === 'object' ? additionalProperties : undefined;
      const field = Array.isArray(config) ? items : Object.hasOwn(properties, key) ? properties[key] : rest;
      return field ? codeFields(field, value, pointerTo(pointer, key)) : [];
    }),
  );
  return [...new Set(found)];
}

function readable(text: string) {
  try {
    return expressionsIn(text);
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}

function isHarmless(source: string, scope: ScopeTypes): boolean {
  try {
    const { type, enum: words } = expressionType(source, scope);
    if (words)
      return words.every(
        (word) => typeof word === 'number' || typeof word === 'boolean' || (typeof word === 'string' && SAFE_IN_CODE.test(word)),
      );
    return type === 'integer' || type === 'number' || type === 'boolean';
  } catch (error) {
    if (error instanceof ExpressionError) return true;
    throw error;
  }
}

const USE = {
  sh: (name: string) => `"$${name}"`,
  powershell: (name: string) => `$env:${name}`,
  sql: (name: string) => `:${name.toLowerCase()}`,
} as const satisfies Record<CodeLanguage, (name: string) => string>;

function rewrite(source: string, language: CodeLanguage): string {
  const name = (/(\w+)\W*$/.exec(source)?.[1] ?? 'value').replace(/^\d+/, '').toUpperCase() || 'VALUE';
  const bound = `{ ${language === 'sql' ? name.toLowerCase() : name}: '\${{ ${source} }}' }`;
  return `bind it as ${language === 'sql' ? 'parameters' : 'environment'}: ${bound} and use ${USE[language](name)}`;
}
