import type { Sql } from '#db/client.ts';
import { findSessionHolder, findTokenHolder, findValid, type Holder, markSeen } from '#db/queries/find-holder.ts';
import { ROLES, type Role } from '#db/schema/words.ts';
import { permissionsOf } from '../permissions.ts';
import type { Identity } from './identity.ts';
import { hashOf } from './secret-token.ts';

/** A session ends after so long without use, and after so long in any case. */
const SESSION_IDLE_SECONDS = 12 * 3600;
export const SESSION_SECONDS = 7 * 86_400;

const CACHED_MS = 4_000;
const SEEN_EVERY_MS = 60_000;

/** Finds out whom a secret belongs to. An answer is kept for four seconds, so that what ends in another process ends here in five. */
export interface Identities {
  ofToken(token: string): Promise<Identity | null>;
  ofSession(secret: string): Promise<Identity | null>;
  /** Ids of those that may still be used. */
  stillValid(identities: readonly Identity[]): Promise<ReadonlySet<string>>;
  /** Drops every kept answer; called after each change of users, groups, sessions or tokens. */
  forget(): void;
  close(): Promise<void>;
}

/** Identities as the database knows them; when each was last used is written once a minute for all. */
export function createIdentities(sql: Sql, now: () => number = Date.now): Identities {
  const kept = new Map<string, { readonly identity: Identity | null; readonly until: number }>();
  const seen = { session: new Set<string>(), token: new Set<string>() };

  const find = async (key: string, ask: () => Promise<Identity | null>): Promise<Identity | null> => {
    const known = kept.get(key);
    if (known && known.until > now()) return known.identity;
    const identity = await ask();
    if (kept.size > 10_000) kept.clear();
    kept.set(key, { identity, until: now() + CACHED_MS });
    if (identity && identity.kind !== 'nobody') seen[identity.kind].add(identity.id);
    return identity;
  };

  const writeSeen = async (): Promise<void> => {
    const [sessions, tokens] = [[...seen.session], [...seen.token]];
    if (sessions.length + tokens.length === 0) return;
    seen.session.clear();
    seen.token.clear();
    // When this cannot be written the next use is; nothing depends on the minute.
    await markSeen(sql, sessions, tokens).catch(() => undefined);
  };
  const clock = setInterval(() => void writeSeen(), SEEN_EVERY_MS).unref();

  return {
    ofToken(token) {
      const hash = hashOf(token);
      return find(`token ${hash}`, async () => identityOf('token', await findTokenHolder(sql, hash)));
    },
    ofSession(secret) {
      const hash = hashOf(secret);
      return find(`session ${hash}`, async () => identityOf('session', await findSessionHolder(sql, hash, SESSION_IDLE_SECONDS)));
    },
    async stillValid(identities) {
      const ids = (kind: Identity['kind']) => identities.filter((identity) => identity.kind === kind).map(({ id }) => id);
      return new Set([...ids('nobody'), ...(await findValid(sql, ids('session'), ids('token')))]);
    },
    forget: () => kept.clear(),
    async close() {
      clearInterval(clock);
      await writeSeen();
    },
  };
}

function identityOf(kind: 'session' | 'token', holder: Holder | null): Identity | null {
  if (!holder) return null;
  const own = [holder.role, ...holder.group_roles];
  const roles = holder.limit === null ? [...new Set(own)] : [lesser(highest(own), holder.limit)];
  return {
    kind,
    id: holder.id,
    userId: holder.user_id,
    actor: holder.user,
    roles,
    permissions: new Set(permissionsOf(roles)),
    // A token was made by someone who could log in, or by the installer: only people are sent to change a password.
    mustChangePassword: kind === 'session' && holder.must_change_password,
    expiresAt: holder.expires_at,
  };
}

const rank = (role: Role) => ROLES.indexOf(role);
const highest = (roles: readonly Role[]): Role => roles.reduce((best, role) => (rank(role) > rank(best) ? role : best));
const lesser = (a: Role, b: Role): Role => (rank(a) < rank(b) ? a : b);
