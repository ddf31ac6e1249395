import { boolean, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { CredentialKind } from '#jobs/credential-kinds.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { TargetKind } from '#jobs/step.ts';
import { authored, owned, time } from './columns.ts';
import type { HostKeyPolicy } from './words.ts';

export type { CheckStage, HostKeyPolicy } from './words.ts';

/** A public key a host may show, or, revoked, must not; `key` is its base64 as in known_hosts, `fingerprint` is `SHA256:…`. */
export type HostKey = { readonly type: string; readonly fingerprint: string; readonly key: string; readonly revoked?: boolean };

/** A secret as it rests; made and opened by platform/vault.ts, only carried here. */
export type SealedFields = { readonly [field: string]: JsonObject };

/** A named connection profile. */
export const targets = pgTable('targets', {
  ...owned(),
  name: text().notNull(),
  kind: text().$type<TargetKind>().notNull(),
  description: text(),
  host: text(),
  port: integer(),
  username: text(),
  credential: text(),
  tags: text().array().notNull(),
  attributes: jsonb().$type<JsonObject>().notNull(),
  timezone: text(),
  timeout_seconds: integer(),
  device_type: text(),
  /** Name of the target to connect through. */
  jump: text(),
  remote_dir: text(),
  legacy_algorithms: boolean().notNull(),
  host_key_policy: text().$type<HostKeyPolicy>().notNull(),
  host_keys: jsonb().$type<readonly HostKey[]>().notNull(),
  /** When steps may start on it (jobs/calendars/maintenance.ts); none: at any time. */
  maintenance: text().array().notNull(),
  enabled: boolean().notNull(),
  sample: boolean().notNull(),
  version: integer().notNull(),
  ...authored(),
});

/** A secret by name; `sealed` never leaves through the API. */
export const credentials = pgTable('credentials', {
  ...owned(),
  name: text().notNull(),
  kind: text().$type<CredentialKind>().notNull(),
  description: text(),
  username: text(),
  version: integer().notNull(),
  sealed: jsonb().$type<SealedFields>().notNull(),
  fingerprint: text(),
  /** When the secret ends by itself, as its writer said. */
  expires_at: time(),
  sample: boolean().notNull(),
  ...authored(),
});

export type TargetRow = typeof targets.$inferSelect;
export type CredentialRow = typeof credentials.$inferSelect;
