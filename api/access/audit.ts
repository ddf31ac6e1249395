import type { Context } from 'hono';
import type { Audit } from '#db/audit.ts';
import type { Env } from '../env.ts';
import { signedIn } from './identity.ts';

/** Who asks for this change, in words the audit keeps. */
export const auditOf = (c: Context<Env>, reason: string | null = null): Audit => ({
  actor: signedIn(c).actor,
  request_id: c.var.requestId,
  reason,
});
