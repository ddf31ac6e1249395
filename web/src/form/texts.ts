import type { Json } from '#jobs/json.ts';

/** A value as it stands in a box for JSON: text that is no JSON as it is, everything else written out. */
export const jsonText = (value: Json | undefined): string => {
  if (value === undefined) return '';
  if (typeof value === 'string' && readJson(value) === value) return value;
  return JSON.stringify(value, null, 2);
};

/** What was written into a box for JSON; what is no JSON is kept as text, so that nothing typed is lost. */
export const readJson = (text: string): Json | undefined => {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
};

/** A value as it stands in a box for a number. */
export const numberText = (value: Json | undefined): string => {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** What was written into a box for a number; what is none, and a whole one that no number here holds exactly, is kept as text, which the check then names. */
export const readNumber = (text: string): Json | undefined => {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const value = Number(trimmed);
  if (/^[-+]?\d+$/.test(trimmed) && !Number.isSafeInteger(value)) return text;
  return Number.isFinite(value) && /^[-+.\deE]+$/.test(trimmed) ? value : text;
};

/** A value in a line, to be chosen or told of; cut after 80 characters. */
export const shortText = (value: Json): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
};
