import type { z } from 'zod';
import type { Audit } from '#db/audit.ts';
import { auditRewrap, rewrapCredentials } from '#db/queries/rewrap-credentials.ts';
import { rewrapRunSecrets } from '#db/queries/run-secrets.ts';
import type { CredentialRow, SealedFields } from '#db/schema/targets.ts';
import { rewrap, type Sealed, VaultError } from '#platform/vault.ts';
import { PROJECT } from './project.ts';
import type { Services } from './services.ts';
import type { RewrapReport } from './views/credential.ts';

type Report = z.infer<typeof RewrapReport>;

/** What holds secrets, and where they have their place. */
type SealedThing = Pick<CredentialRow, 'id' | 'name' | 'project' | 'version' | 'sealed'>;

/** Wraps the data key of every secret by the ring's active key while all goes on; one that does not open is reported and stays as it is. */
export async function rewrapAll({ database, keyRing }: Pick<Services, 'database' | 'keyRing'>, audit: Audit): Promise<Report> {
  let rewrapped = 0;
  let current = 0;
  const failed: Report['failed'] = [];

  const change = ({ id, name, project, version, sealed }: SealedThing): SealedFields | null => {
    const fields = Object.entries(sealed as { readonly [field: string]: Sealed }).map(([field, before]) => {
      try {
        const after = rewrap(keyRing, before, { project, id, version, field });
        if (after === before) current += 1;
        else rewrapped += 1;
        return [field, after] as const;
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
        failed.push({ credential: name, field, key_id: before.key_id, message: error.message });
        return [field, before] as const;
      }
    });
    return fields.some(([field, after]) => after !== sealed[field]) ? Object.fromEntries(fields) : null;
  };

  await rewrapCredentials(database.sql, PROJECT, change);
  await rewrapRunSecrets(database.sql, PROJECT, (run, sealed) =>
    change({ id: `run:${run}`, name: `run ${run}`, project: PROJECT, version: 1, sealed }),
  );
  const report = { active: keyRing.active, rewrapped, current, failed };
  await auditRewrap(database.sql, PROJECT, report, audit);
  return report;
}
