import { Dialog } from '../../components/Dialog.tsx';
import { t } from '../../words.ts';
import { LoginForm } from './LoginForm.tsx';

/** The login over a page whose session has ended; it cannot be closed, and the page under it keeps what was typed. */
export const LoginAgain = (props: { user: string }) => (
  <Dialog open title={t('login.title')} close={() => undefined}>
    <p class="mt-2 mb-4 text-muted">{t('login.again')}</p>
    <LoginForm user={props.user} />
  </Dialog>
);
