import { type Audit, writeAudit } from '../audit.ts';
import { jsonRows, type Sql } from '../client.ts';
import type { HostKey } from '../schema/targets.ts';

/** Remembers the key a host showed at first contact, if its target accepts new hosts and knows none yet; false when it does not, so that of two first contacts one pins and the other compares. */
export const pinHostKey = async (sql: Sql, project: string, target: string, key: HostKey, audit: Audit): Promise<boolean> =>
  sql.begin(async (tx) => {
    const pinned = await tx`
      update targets set host_keys = host_keys || ${jsonRows(tx, [key])}, version = version + 1, updated_at = now(), updated_by = ${audit.actor}
      where project = ${project} and name = ${target} and host_key_policy = 'accept_new'
        and not jsonb_path_exists(host_keys, '$[*] ? (!(@.revoked == true))')`;
    if (pinned.count === 0) return false;
    await writeAudit(tx, audit, { project, action: 'target.pin', subject_kind: 'target', subject: target, after: { host_keys: [key] } });
    return true;
  });
