import { For, type JSX, Show } from 'solid-js';
import { toast } from '../../components/Toasts.tsx';
import { Page } from '../../frame/Page.tsx';
import { usePreferences } from '../../preferences/preferences.ts';
import { DEFAULTS } from '../../preferences/read.ts';
import { useSession } from '../../session/session.tsx';
import { t as shared } from '../../words.ts';
import { PasswordForm } from '../login/PasswordForm.tsx';
import { Settings } from './Settings.tsx';
import { t } from './words.ts';

/** The reader's own account: who they are here, how the page looks to them, and their password. */
export const MePage = () => {
  const session = useSession();
  const { change } = usePreferences();
  const hasAccount = () => session.me()?.user.id !== null;
  const reset = () => {
    const { theme, density, zone, run_tab, single_keys } = DEFAULTS;
    change({ theme, density, zone, run_tab, single_keys });
    toast({ says: t('me.reset_done') });
  };
  return (
    <Page
      title={t('me.title')}
      state={hasAccount() ? t('me.kept') : t('me.nobody')}
      actions={
        <button type="button" class="button" onClick={reset}>
          {t('me.reset')}
        </button>
      }
    >
      <div class="mt-6 grid max-w-[960px] gap-8 lg:grid-cols-2 lg:gap-12">
        <Settings />
        <div class="flex min-w-0 flex-col gap-8">
          <Section title={t('me.account')}>
            <dl class="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
              <dt class="text-muted">{t('me.name')}</dt>
              <dd class="min-w-0 break-words">{session.me()?.user.name}</dd>
              <dt class="text-muted">{t('me.roles')}</dt>
              <dd class="min-w-0">{session.me()?.roles.join(', ')}</dd>
              <dt class="text-muted">{t('me.may')}</dt>
              <dd class="min-w-0">
                <ul class="flex flex-wrap gap-x-4 gap-y-1">
                  <For each={session.me()?.permissions}>{(permission) => <li class="font-mono text-table">{permission}</li>}</For>
                </ul>
              </dd>
            </dl>
          </Section>
          <Show when={hasAccount()}>
            <Section title={shared('password.title')}>
              <div class="max-w-login">
                <PasswordForm done={() => toast({ says: shared('password.done') })} />
              </div>
            </Section>
          </Show>
        </div>
      </div>
    </Page>
  );
};

const Section = (props: { title: string; children: JSX.Element }) => (
  <section>
    <h2 class="mb-4 text-section font-semibold">{props.title}</h2>
    {props.children}
  </section>
);
