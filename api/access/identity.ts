import type { Context } from 'hono';
import type { Role } from '#db/schema/people.ts';
import type { Env } from '../env.ts';
import type { Permission } from '../permissions.ts';

/** Who is asking, proven by a session cookie or a token; `nobody` only where the login is switched off. */
export interface Identity {
  readonly kind: 'session' | 'token' | 'nobody';
  /** The session's or token's own id; what ends when it is revoked. */
  readonly id: string;
  /** Null only for `nobody`. */
  readonly userId: string | null;
  /** The name that rows, history and audit keep. */
  readonly actor: string;
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
  readonly mustChangePassword: boolean;
  /** When a token ends by itself; what it makes ends no later. Null: it does not, or this is no token. */
  readonly expiresAt: string | null;
}

/** The caller of a route behind `can(…)`, which has let nobody else through. */
export function signedIn(c: Context<Env>): Identity {
  const { identity } = c.var;
  if (!identity) throw new Error(`${c.req.path} was reached without an identity`);
  return identity;
}

/** The same for all sessions and tokens of one person. */
export const personOf = ({ userId, id }: Identity): string => userId ?? id;
