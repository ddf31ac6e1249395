import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CREDENTIAL_KINDS, HOST_KEY_POLICIES } from '#db/schema/words.ts';
import { RESERVED_NAMES } from '#jobs/definition-rules.ts';
import { TARGET_KINDS } from '#jobs/step.ts';
import { instant, jsonObject } from './json.ts';
import { Name } from './person.ts';

const text = (max: number) => z.string().min(1).max(max).nullable().default(null);

/** A host key as `ssh-keyscan` prints it (`ssh-ed25519 AAAA…`) or as an object; the fingerprint is always ours. */
const HostKey = z
  .union([
    z.string().transform((line) => line.trim().split(/\s+/)),
    z.object({ type: z.string(), key: z.string() }).transform(({ type, key }) => [type, key]),
  ])
  .transform((words, c) => {
    const [type = '', key = ''] = words;
    const blob = Buffer.from(key, 'base64');
    const inside = blob.length > 8 ? blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1') : '';
    if (inside !== type) {
      c.addIssue({ code: 'custom', message: 'expected a public host key such as "ssh-ed25519 AAAA…"' });
      return z.NEVER;
    }
    const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
    return { type, fingerprint, key: blob.toString('base64') };
  });

/** A target's name: what stands for something else in addresses is taken. */
export const TargetName = Name.refine((name) => !RESERVED_NAMES.some((reserved) => reserved === name), 'is reserved; choose another name');

/** What of a target can be set. */
export const TargetContent = z.strictObject({
  kind: z.enum(TARGET_KINDS).default('ssh'),
  description: text(1000),
  host: z.string().regex(/^[^\s/@]{1,255}$/, 'expected a host name or address, without user or port'),
  port: z.int().min(1).max(65_535).nullable().default(null),
  username: text(200),
  credential: Name.nullable().default(null),
  tags: z.array(z.string().min(1).max(50)).max(50).default([]),
  attributes: jsonObject.default({}),
  timezone: text(100),
  timeout_seconds: z.int().min(1).max(86_400).nullable().default(null),
  host_key_policy: z.enum(HOST_KEY_POLICIES).default('strict'),
  host_keys: z.array(HostKey).max(20).default([]),
  enabled: z.boolean().default(true),
  sample: z.boolean().default(false),
});

export const TargetView = z
  .object({
    id: z.string(),
    project: z.string(),
    name: z.string(),
    kind: z.enum(TARGET_KINDS),
    description: z.string().nullable(),
    host: z.string().nullable(),
    port: z.number().nullable(),
    username: z.string().nullable(),
    credential: z.string().nullable(),
    tags: z.array(z.string()),
    attributes: jsonObject,
    timezone: z.string().nullable(),
    timeout_seconds: z.number().nullable(),
    host_key_policy: z.enum(HOST_KEY_POLICIES),
    host_keys: z.array(z.object({ type: z.string(), fingerprint: z.string(), key: z.string() })),
    enabled: z.boolean(),
    sample: z.boolean(),
    version: z.number(),
    created_at: instant,
    created_by: z.string(),
    updated_at: instant,
    updated_by: z.string(),
  })
  .meta({ id: 'Target' });

/** A credential; its secret fields are named and never shown. */
export const CredentialView = z
  .object({
    id: z.string(),
    project: z.string(),
    name: z.string(),
    kind: z.enum(CREDENTIAL_KINDS),
    description: z.string().nullable(),
    username: z.string().nullable(),
    version: z.number(),
    fingerprint: z.string().nullable(),
    fields: z.array(z.string()),
    sample: z.boolean(),
    created_at: instant,
    created_by: z.string(),
    updated_at: instant,
    updated_by: z.string(),
  })
  .meta({ id: 'Credential' });
