import { useQuery } from '@tanstack/solid-query';
import { credentialsQuery } from '../../api/queries.ts';
import type { CredentialView } from '../../api/views.ts';
import { Empty } from '../../components/Empty.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { Page } from '../../frame/Page.tsx';
import { t } from '../../words.ts';

const COLUMNS: readonly Column<CredentialView>[] = [
  { head: t('jobs.name'), cell: (credential) => <span class="font-semibold">{credential.name}</span> },
  { head: t('targets.kind'), cell: (credential) => credential.kind },
  { head: t('credentials.fingerprint'), cell: (credential) => <span class="font-mono">{credential.fingerprint}</span> },
  { head: t('jobs.changed'), cell: (credential) => <Timestamp at={credential.updated_at} />, class: 'whitespace-nowrap' },
];

/** What steps log in with: names and kinds; values are never shown again. */
export const CredentialsPage = () => {
  const credentials = useQuery(() => credentialsQuery());
  return (
    <Page title={t('credentials.title')}>
      <div class="mt-4">
        <Fetched query={credentials} skeleton="h-64" isEmpty={(all) => all.length === 0} empty={<Empty says={t('credentials.none')} />}>
          {(all) => <Table caption={t('credentials.caption')} columns={COLUMNS} items={all()} />}
        </Fetched>
      </div>
    </Page>
  );
};
