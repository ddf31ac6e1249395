import { useParams } from '@solidjs/router';
import { Show } from 'solid-js';
import { useQuery } from '../../api/use-query.ts';
import { Fetched } from '../../components/Fetched.tsx';
import { readForForm } from '../../form/read-for-form.ts';
import { Page } from '../../frame/Page.tsx';
import { CredentialEditor } from './CredentialEditor.tsx';
import { knownKind } from './credential-form.ts';
import { credentialQuery } from './queries.ts';
import { t } from './words.ts';

const TRAIL = [{ word: t('credentials.title'), href: '/credentials' }];

/** Makes a credential. */
export const NewCredentialPage = () => (
  <Page title={t('credentials.new')} trail={TRAIL}>
    <CredentialEditor />
  </Page>
);

/** Puts a new secret in place of the one there is. */
export const ReplaceCredentialPage = () => {
  const params = useParams<{ name: string }>();
  const credential = useQuery(() => ({ ...credentialQuery(params.name), ...readForForm('credential', params.name) }));
  return (
    <Page
      title={t('credentials.replace_title', params.name)}
      trail={[...TRAIL, { word: params.name, href: `/credentials/${encodeURIComponent(params.name)}` }]}
    >
      <Fetched query={credential} skeleton="h-64">
        {(found) => (
          <Show
            when={knownKind(found().value.kind)}
            fallback={<p class="max-w-column py-6">{t('credentials.unknown_kind', found().value.kind)}</p>}
          >
            <CredentialEditor credential={found()} />
          </Show>
        )}
      </Fetched>
    </Page>
  );
};
