import { A, useNavigate } from '@solidjs/router';
import { useActions } from '../../actions/actions.tsx';
import { credentialsQuery } from '../../api/queries.ts';
import type { CredentialView } from '../../api/views.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Empty } from '../../components/Empty.tsx';
import { SearchedList } from '../../components/searched/SearchedList.tsx';
import { useSearched } from '../../components/searched/use-searched.ts';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { Page } from '../../frame/Page.tsx';
import { useSession } from '../../session/session.tsx';
import { kindWord } from './credential-form.ts';
import { Expiry } from './Expiry.tsx';
import { t } from './words.ts';

const COLUMNS: readonly Column<CredentialView>[] = [
  {
    head: t('credentials.name'),
    cell: ({ name }) => (
      <A class="font-semibold after:absolute after:inset-0" href={`/credentials/${encodeURIComponent(name)}`}>
        {name}
      </A>
    ),
  },
  { head: t('credentials.kind'), cell: ({ kind }) => kindWord(kind), class: 'whitespace-nowrap' },
  { head: t('credentials.username'), cell: ({ username }) => username ?? '' },
  {
    head: t('credentials.used_by'),
    cell: ({ used_by }) => t('credentials.uses', used_by.targets.length, used_by.jobs.length),
    class: 'whitespace-nowrap',
  },
  {
    head: t('credentials.fingerprint'),
    cell: ({ fingerprint }) => <span class="font-mono break-all">{fingerprint}</span>,
    class: 'max-md:hidden',
  },
  { head: t('credentials.expires'), cell: ({ expires_at }) => <Expiry at={expires_at} />, class: 'whitespace-nowrap' },
  { head: t('credentials.rotated'), cell: ({ updated_at }) => <Timestamp at={updated_at} />, class: 'whitespace-nowrap' },
];

/** What steps log in with: names, kinds and who uses them; values are never shown again. */
export const CredentialsPage = () => {
  const session = useSession();
  const navigate = useNavigate();
  const credentials = useSearched(credentialsQuery);
  const lacks = () => (session.may('credential:edit') ? undefined : 'credential:edit');
  const make = () => <ActionButton look="main" words={t('credentials.new')} lacks={lacks()} run={() => navigate('/credentials/new')} />;
  useActions(() => [{ id: 'credential.new', words: t('credentials.new'), run: () => navigate('/credentials/new'), denied: lacks() }]);
  return (
    <Page title={t('credentials.title')} actions={make()}>
      <div class="mt-4">
        <SearchedList
          list={credentials}
          label={t('credentials.search')}
          skeleton="h-64"
          empty={<Empty says={t('credentials.none')}>{make()}</Empty>}
        >
          {(items) => <Table caption={t('credentials.caption')} columns={COLUMNS} items={items()} />}
        </SearchedList>
      </div>
    </Page>
  );
};
