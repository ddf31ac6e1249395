import type { JsonSchema } from '#jobs/json.ts';

/** A schema as a form asks for it: where null is one of several forms, leaving the value out says that. */
export const withoutNull = (schema: JsonSchema): JsonSchema => {
  const { anyOf, default: preset, properties, ...rest } = schema;
  const forms = anyOf?.filter(({ type }) => type !== 'null');
  const [only] = forms ?? [];
  return {
    ...rest,
    ...(forms && (forms.length === 1 && only ? only : { anyOf: forms })),
    ...(preset !== undefined && preset !== null && { default: preset }),
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, withoutNull(part)])) }),
  };
};
