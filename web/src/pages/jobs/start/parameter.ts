import type { ParameterSchema } from '#jobs/definition.ts';
import type { Json } from '#jobs/json.ts';
import { t } from '../../../words.ts';

/** How a parameter is asked for; follows from its schema alone. */
export type ControlKind = 'choice' | 'switch' | 'number' | 'text' | 'long' | 'secret' | 'json';

/** The control that suits a parameter's schema. */
export const controlOf = (schema: ParameterSchema): ControlKind => {
  if (schema.enum) return 'choice';
  if (schema.type === 'boolean') return 'switch';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type !== 'string') return 'json';
  if (schema.secret) return 'secret';
  return (schema.maxLength ?? 0) > 200 ? 'long' : 'text';
};

/** A value as it first stands in its control: strings and enum members as they are, everything else as JSON. */
export const textOf = (schema: ParameterSchema, value: Json | undefined): string => {
  if (value === undefined) return '';
  return typeof value === 'string' && controlOf(schema) !== 'json'
    ? value
    : JSON.stringify(value, null, controlOf(schema) === 'json' ? 2 : 0);
};

/** What a person wrote, read by the schema: a value, nothing (the default applies), or what is wrong with it. */
export type Reading = { readonly value: Json } | { readonly absent: true } | { readonly error: string };

const readNumber = (text: string, whole: boolean): Reading => {
  const value = Number(text);
  if (!Number.isFinite(value)) return { error: t('start.not_number') };
  return whole && !Number.isInteger(value) ? { error: t('start.not_integer') } : { value };
};

const readJson = (schema: ParameterSchema, text: string): Reading => {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return { error: t('start.not_json') };
  }
  if (schema.type === 'array' && !Array.isArray(value)) return { error: t('start.not_list') };
  if (schema.type === 'object' && (typeof value !== 'object' || value === null || Array.isArray(value)))
    return { error: t('start.not_object') };
  return { value };
};

/** Reads a control's text by its schema; the server judges the rest. */
export const readParameter = (schema: ParameterSchema, text: string): Reading => {
  if (controlOf(schema) === 'switch') return { value: text === 'true' };
  if (text.trim() === '') return schema.default === undefined ? { error: t('start.required') } : { absent: true };
  switch (controlOf(schema)) {
    case 'choice':
      return { value: (schema.enum ?? []).find((one) => textOf(schema, one) === text) as Json };
    case 'number':
      return readNumber(text.trim(), schema.type === 'integer');
    case 'json':
      return readJson(schema, text);
    default:
      return { value: text };
  }
};
