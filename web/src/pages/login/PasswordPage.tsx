import { useNavigate } from '@solidjs/router';
import { toast } from '../../components/Toasts.tsx';
import { Page } from '../../frame/Page.tsx';
import { t } from '../../words.ts';
import { PasswordForm } from './PasswordForm.tsx';

/** The reader's own password, changed by choice. */
export const PasswordPage = () => {
  const navigate = useNavigate();
  const done = () => {
    toast({ says: t('password.done') });
    navigate('/runs');
  };
  return (
    <Page title={t('password.title')}>
      <div class="mt-4 max-w-login">
        <PasswordForm done={done} />
      </div>
    </Page>
  );
};
