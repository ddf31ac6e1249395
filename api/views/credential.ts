import { z } from 'zod';
import { CREDENTIAL_KINDS } from '#jobs/credential-kinds.ts';
import { instant } from './json.ts';

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
    fingerprint: z.string().nullable().meta({ description: 'of the public half of its key' }),
    expires_at: instant.nullable().meta({ description: 'when the secret ends by itself, as its writer said' }),
    fields: z.array(z.string()).meta({ description: 'which secrets it holds' }),
    used_by: z
      .object({ targets: z.array(z.string()), jobs: z.array(z.string()), total: z.number() })
      .meta({ description: 'targets that log in with it and jobs whose current version binds it; at most 100 names each' }),
    sample: z.boolean(),
    created_at: instant,
    created_by: z.string(),
    updated_at: instant,
    updated_by: z.string(),
  })
  .meta({ id: 'Credential' });

/** How a change of the wrapping key went. */
export const RewrapReport = z
  .object({
    active: z.string().meta({ description: 'id of the key that wraps from now on' }),
    rewrapped: z.number(),
    current: z.number().meta({ description: 'were wrapped by it before' }),
    failed: z.array(z.object({ credential: z.string(), field: z.string(), key_id: z.string(), message: z.string() })),
  })
  .meta({ id: 'RewrapReport' });
