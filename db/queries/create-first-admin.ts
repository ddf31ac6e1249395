import { v7 as uuidv7 } from 'uuid';
import { writeAudit } from '../audit.ts';
import type { Sql } from '../client.ts';

/** How the first person and the first script get in. */
export interface FirstAdmin {
  readonly name: string;
  readonly password_hash: string;
  /** SHA-256 and shown beginning of a token that the installer chose. */
  readonly token: { readonly hash: string; readonly prefix: string } | null;
}

const LOCK = 0x63617061;

/** Makes the first administrator in a database without users, whose password must be changed at the first login; false when there are users already. */
export const createFirstAdmin = (sql: Sql, admin: FirstAdmin): Promise<boolean> =>
  sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK})`;
    const [someone] = await tx`select from users limit 1`;
    if (someone) return false;
    const id = uuidv7();
    await tx`
      insert into users (id, name, role, password_hash, must_change_password) values (${id}, ${admin.name}, 'admin', ${admin.password_hash}, true)`;
    const audit = { actor: 'system', request_id: null, reason: 'first start' };
    await writeAudit(tx, audit, { action: 'user.create', subject_kind: 'user', subject: admin.name, after: { role: 'admin' } });
    if (admin.token) {
      const token = uuidv7();
      const { prefix, hash } = admin.token;
      await tx`
        insert into tokens (id, user_id, name, prefix, hash, role) values (${token}, ${id}, 'bootstrap', ${prefix}, ${hash}, 'admin')`;
      await writeAudit(tx, audit, {
        action: 'token.create',
        subject_kind: 'token',
        subject: token,
        after: { name: 'bootstrap', role: 'admin' },
      });
    }
    return true;
  });
