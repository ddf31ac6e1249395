import { A, useNavigate, useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, type JSX, Show } from 'solid-js';
import { useQuery } from '../../api/use-query.ts';
import type { CredentialView } from '../../api/views.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Confirm } from '../../components/Confirm.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { toast } from '../../components/Toasts.tsx';
import { Page } from '../../frame/Page.tsx';
import { useSession } from '../../session/session.tsx';
import { kindWord } from './credential-form.ts';
import { Expiry } from './Expiry.tsx';
import { credentialQuery, deleteCredential } from './queries.ts';
import { t } from './words.ts';

/** One credential: what it is, who uses it, when it was replaced; never its secret. */
export const CredentialPage = () => {
  const params = useParams<{ name: string }>();
  const session = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const credential = useQuery(() => credentialQuery(params.name));
  const [deleting, setDeleting] = createSignal(false);
  const lacks = () => (session.may('credential:edit') ? undefined : 'credential:edit');
  const remove = async (key: string) => {
    await deleteCredential(params.name, key);
    void queries.invalidateQueries({ queryKey: ['credentials'] });
    toast({ says: t('credentials.deleted', params.name) });
    navigate('/credentials');
  };
  return (
    <Page
      title={params.name}
      trail={[{ word: t('credentials.title'), href: '/credentials' }]}
      actions={
        <>
          <ActionButton words={t('credentials.delete')} lacks={lacks()} run={() => setDeleting(true)} />
          <ActionButton
            look="main"
            words={t('credentials.replace')}
            lacks={lacks()}
            run={() => navigate(`/credentials/${encodeURIComponent(params.name)}/replace`)}
          />
        </>
      }
    >
      <Fetched query={credential} skeleton="h-64">
        {(found) => (
          <>
            <Facts credential={found().value} />
            <Confirm
              open={deleting()}
              title={t('credentials.delete_ask', params.name)}
              effect={t(found().value.used_by.total > 0 ? 'credentials.used' : 'credentials.delete_effect')}
              keep={t('credentials.keep')}
              act={t('credentials.delete')}
              look="danger"
              barred={found().value.used_by.total > 0 ? t('credentials.used') : undefined}
              close={() => setDeleting(false)}
              run={remove}
            />
          </>
        )}
      </Fetched>
    </Page>
  );
};

const Names = (props: { of: readonly string[]; at: string }) => (
  <span class="flex flex-wrap gap-x-3">
    <For each={props.of} fallback="–">
      {(name) => (
        <A class="link" href={`/${props.at}/${encodeURIComponent(name)}`}>
          {name}
        </A>
      )}
    </For>
  </span>
);

const Facts = (props: { credential: CredentialView }) => {
  const rows = (): readonly (readonly [string, JSX.Element])[] => [
    [t('credentials.kind'), kindWord(props.credential.kind)],
    [t('credentials.description'), props.credential.description],
    [t('credentials.username'), props.credential.username],
    [t('credentials.holds'), props.credential.fields.map((field) => `${field} •••`).join(', ')],
    [t('credentials.fingerprint'), props.credential.fingerprint && <span class="font-mono break-all">{props.credential.fingerprint}</span>],
    [t('credentials.version'), props.credential.version],
    [t('credentials.expires'), <Expiry at={props.credential.expires_at} />],
    [t('credentials.rotated'), <Timestamp at={props.credential.updated_at} />],
    [t('credentials.by'), props.credential.updated_by],
    [t('credentials.targets'), <Names of={props.credential.used_by.targets} at="targets" />],
    [t('credentials.jobs'), <Names of={props.credential.used_by.jobs} at="jobs" />],
  ];
  return (
    <dl class="mt-4 grid max-w-column grid-cols-[minmax(120px,auto)_minmax(0,1fr)] gap-x-6 gap-y-1">
      <For each={rows()}>
        {([name, value]) => (
          <>
            <dt class="text-muted">{name}</dt>
            <dd class="break-words">
              <Show when={value} fallback="–">
                {value}
              </Show>
            </dd>
          </>
        )}
      </For>
    </dl>
  );
};
