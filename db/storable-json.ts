const UNSTORABLE = /\\u0000|\\ud[89a-f]/i;

/** JSON text that Postgres accepts as jsonb: it refuses NUL and lone surrogates, which any command may print, so both become U+FFFD. */
export const storableJson = (value: unknown): string => {
  const text = JSON.stringify(value);
  return UNSTORABLE.test(text) ? JSON.stringify(value, storable) : text;
};

const storable = (_key: string, value: unknown): unknown => {
  if (typeof value === 'string') return storableText(value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storableText(key), inner]));
};

/** Text that Postgres accepts: NUL and lone surrogates become U+FFFD. */
export const storableText = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed();
