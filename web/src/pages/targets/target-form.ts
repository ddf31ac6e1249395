import type { JsonObject, JsonSchema } from '#jobs/json.ts';
import type { Target } from '../../api/views.ts';
import { withoutNull } from '../../form/plain-schema.ts';
import { t } from './words.ts';

/** What is asked for, in this order; what a scan of the host finds is not typed in. */
const FIELDS = [
  'name',
  'kind',
  'host',
  'port',
  'username',
  'credential',
  'description',
  'tags',
  'timezone',
  'device_type',
  'jump',
  'timeout_seconds',
  'host_key_policy',
  'maintenance',
  'remote_dir',
  'attributes',
  'legacy_algorithms',
  'enabled',
] as const;
type FieldName = (typeof FIELDS)[number];

/** The form of a target from its published schema; the name is asked for once. */
export const targetForm = (schema: JsonSchema, isNew: boolean): JsonSchema => {
  const plain = withoutNull(schema);
  const names = FIELDS.filter((name) => isNew || name !== 'name');
  return {
    ...plain,
    required: (plain.required ?? []).filter((name) => names.includes(name as FieldName)),
    properties: Object.fromEntries(names.map((name) => [name, { ...plain.properties?.[name], title: t(`field.${name}`) }])),
  };
};

/** A target as the form holds it: what is not set is left out. */
export const formOf = (target: Target): JsonObject =>
  Object.fromEntries(
    FIELDS.filter((name) => name !== 'name' && target[name] !== null).map((name) => [name, target[name] as JsonObject[string]]),
  );

/** What is sent in place of a target: the form, and what the form does not ask for as it was. */
export const contentOf = (form: JsonObject, before: Target): JsonObject => ({
  ...form,
  sample: before.sample,
  host_keys: before.host_keys.map(({ type, key, revoked }) => ({ type, key, revoked: revoked ?? false })),
});
