import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import type { JsonObject } from '#jobs/json.ts';
import { useQuery } from '../../api/use-query.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Banner } from '../../components/Banner.tsx';
import { Confirm } from '../../components/Confirm.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { CutNote } from '../../components/CutNote.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { toast } from '../../components/Toasts.tsx';
import { Page } from '../../frame/Page.tsx';
import { useSession } from '../../session/session.tsx';
import { t as common } from '../../words.ts';
import { FormDialog } from './FormDialog.tsx';
import { TOKEN_FORM } from './forms.ts';
import { makeToken, revokeToken, type TokenView, tokensQuery } from './queries.ts';
import { t } from './words.ts';

/** Access for scripts: the reader's own tokens, or everyone's for who administers users. A new one is shown once. */
export const TokensPage = () => {
  const session = useSession();
  const queries = useQueryClient();
  const [all, setAll] = createSignal(false);
  const tokens = useQuery(() => tokensQuery(all()));
  const [asking, setAsking] = createSignal(false);
  const [made, setMade] = createSignal<string | null>(null);
  const [revoking, setRevoking] = createSignal<TokenView | null>(null);
  const again = () => queries.invalidateQueries({ queryKey: ['tokens'] });

  const make = async (content: JsonObject, key: string) => {
    setMade((await makeToken(content, key)).token);
    await again();
  };
  const revoke = async (key: string) => {
    const token = revoking();
    if (!token) return;
    await revokeToken(token.id, key);
    toast({ says: t('tokens.revoke_done', token.name) });
    await again();
  };
  const columns = (): readonly Column<TokenView>[] => [
    { head: t('tokens.name'), cell: ({ name }) => <span class="font-semibold break-words">{name}</span> },
    ...(all() ? [{ head: t('tokens.user'), cell: ({ user }: TokenView) => user }] : []),
    { head: t('tokens.begins'), cell: ({ prefix }) => <span class="font-mono">{prefix}…</span> },
    { head: t('tokens.role'), cell: ({ role }) => role },
    {
      head: t('tokens.expires'),
      cell: ({ expires_at }) => <Timestamp at={expires_at} absent={t('tokens.no_end')} />,
      class: 'whitespace-nowrap',
    },
    {
      head: t('tokens.used'),
      cell: ({ last_used_at }) => <Timestamp at={last_used_at} absent={t('tokens.unused')} />,
      class: 'whitespace-nowrap',
    },
    {
      head: t('tokens.revoke'),
      quiet: true,
      class: 'text-right',
      cell: (token) => (
        <Show when={token.revoked_at === null} fallback={<span class="text-muted">{t('tokens.revoked')}</span>}>
          <ActionButton words={t('tokens.revoke')} hint={t('tokens.revoke_of', token.name)} run={() => setRevoking(token)} />
        </Show>
      ),
    },
  ];

  return (
    <Page
      title={t('tokens.title')}
      trail={[{ word: common('nav.system'), href: '/system' }]}
      actions={<ActionButton look="main" words={t('tokens.new')} run={() => setAsking(true)} />}
    >
      <Show when={made()}>
        {(token) => (
          <div class="mt-4">
            <Banner tone="info">
              <span class="min-w-0 flex-1">
                {t('tokens.shown_once')} <span class="font-mono break-all">{token()}</span>
              </span>
              <CopyButton text={token()} />
            </Banner>
          </div>
        )}
      </Show>
      <Show when={session.may('user:read')}>
        <label class="mt-4 flex min-h-8 items-center gap-2 self-start">
          <input type="checkbox" checked={all()} onChange={(event) => setAll(event.currentTarget.checked)} /> {t('tokens.all')}
        </label>
      </Show>
      <div class="mt-4">
        <Fetched query={tokens} skeleton="h-64" isEmpty={({ items }) => items.length === 0} empty={<Empty says={t('tokens.none')} />}>
          {(found) => (
            <>
              <Table caption={all() ? t('tokens.caption_all') : t('tokens.caption')} columns={columns()} items={found().items} />
              <CutNote of={found()} />
            </>
          )}
        </Fetched>
      </div>
      <FormDialog
        open={asking()}
        title={t('tokens.new')}
        act={t('tokens.create')}
        schema={TOKEN_FORM}
        place="token"
        filled={{ form: {}, tag: null }}
        permission="token:own"
        close={() => setAsking(false)}
        run={(form, _, key) => make(form, key)}
      />
      <Confirm
        open={revoking() !== null}
        title={t('tokens.revoke_of', revoking()?.name ?? '')}
        effect={t('tokens.revoke_effect')}
        keep={t('tokens.keep')}
        act={t('tokens.revoke')}
        look="danger"
        close={() => setRevoking(null)}
        run={revoke}
      />
    </Page>
  );
};
