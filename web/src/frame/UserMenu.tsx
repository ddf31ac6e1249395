import { useNavigate } from '@solidjs/router';
import LogOut from 'lucide-solid/icons/log-out';
import Settings from 'lucide-solid/icons/settings';
import type { LateLayerProps } from '../components/LateButton.tsx';
import { Menu, MenuItem } from '../components/Menu.tsx';
import { toast } from '../components/Toasts.tsx';
import { useSession } from '../session/session.tsx';
import { t } from '../words.ts';

/** The reader's own menu. */
export const UserMenu = (props: LateLayerProps) => {
  const session = useSession();
  const navigate = useNavigate();
  const name = () => session.me()?.user.name ?? '';
  const signOut = () => session.signOut().catch((problem: Error) => toast({ says: problem.message, failed: true }));
  return (
    <Menu
      class={props.class}
      label={t('user.menu', name())}
      heading={`${name()} · ${session.me()?.roles.join(', ')}`}
      trigger={props.face}
      opening={props.opening}
    >
      <MenuItem onSelect={() => navigate('/me')}>
        <Settings size={16} /> {t('nav.me')}
      </MenuItem>
      <MenuItem onSelect={() => void signOut()}>
        <LogOut size={16} /> {t('user.sign_out')}
      </MenuItem>
    </Menu>
  );
};
