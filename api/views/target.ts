import { z } from 'zod';
import { CHECK_STAGES, HOST_KEY_POLICIES } from '#db/schema/words.ts';
import { RESERVED_NAMES } from '#jobs/definition-rules.ts';
import { TARGET_KINDS } from '#jobs/step.ts';
import { HostKeyContent, HostKeyView } from './host-key.ts';
import { instant, jsonObject } from './json.ts';
import { Name } from './person.ts';

const text = (max: number) => z.string().min(1).max(max).nullable().default(null);

/** A target's name: what stands for something else in addresses is taken. */
export const TargetName = Name.refine((name) => !RESERVED_NAMES.some((reserved) => reserved === name), 'is reserved; choose another name');

/** What of a target can be set; that names exist is checked when it is saved. */
export const TargetContent = z.strictObject({
  kind: z.enum(TARGET_KINDS).default('ssh'),
  description: text(1000),
  host: z.string().regex(/^[^\s/@]{1,255}$/, 'expected a host name or address, without user or port'),
  port: z.int().min(1).max(65_535).nullable().default(null),
  username: text(200),
  credential: Name.nullable().default(null),
  device_type: text(50),
  tags: z.array(z.string().min(1).max(50)).max(50).default([]),
  attributes: jsonObject.default({}),
  timezone: text(100),
  timeout_seconds: z.int().min(1).max(86_400).nullable().default(null),
  jump: Name.nullable().default(null),
  remote_dir: z
    .string()
    .regex(/^~?\/[^\0\r\n]{1,499}$/, 'expected a directory such as /var/lib/capstan or ~/.capstan')
    .nullable()
    .default(null),
  host_key_policy: z.enum(HOST_KEY_POLICIES).default('strict'),
  host_keys: z.array(HostKeyContent).max(20).default([]),
  legacy_algorithms: z.boolean().default(false),
  maintenance: z.array(z.string().min(1).max(200)).max(50).default([]).meta({
    description:
      'when steps may start on it: hours of the week in its zone, such as sun 01:00-05:00, or calendar:<name>; none: at any time',
  }),
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
    device_type: z.string().nullable(),
    tags: z.array(z.string()),
    attributes: jsonObject,
    timezone: z.string().nullable(),
    timeout_seconds: z.number().nullable(),
    jump: z.string().nullable().meta({ description: 'the target to connect through' }),
    remote_dir: z.string().nullable(),
    host_key_policy: z.enum(HOST_KEY_POLICIES),
    host_keys: z.array(HostKeyView),
    legacy_algorithms: z.boolean(),
    maintenance: z.array(z.string()),
    enabled: z.boolean(),
    sample: z.boolean(),
    version: z.number(),
    created_at: instant,
    created_by: z.string(),
    updated_at: instant,
    updated_by: z.string(),
  })
  .meta({ id: 'Target' });

/** A target as lists show it: with how it was found at the last look. */
export const TargetSummary = TargetView.extend({
  last_check: z
    .object({ at: instant, healthy: z.boolean(), stage: z.enum(CHECK_STAGES).nullable(), latency_ms: z.number().nullable() })
    .nullable(),
}).meta({ id: 'TargetSummary' });
