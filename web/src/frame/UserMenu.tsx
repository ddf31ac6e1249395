import { useNavigate } from '@solidjs/router';
import KeyRound from 'lucide-solid/icons/key-round';
import LogOut from 'lucide-solid/icons/log-out';
import UserRound from 'lucide-solid/icons/user-round';
import { Menu, MenuItem } from '../components/Menu.tsx';
import { useSession } from '../session/session.tsx';
import { t } from '../words.ts';

/** The reader's own menu. */
export const UserMenu = () => {
  const session = useSession();
  const navigate = useNavigate();
  const name = () => session.me()?.user.name ?? '';
  return (
    <Menu label={t('user.menu', name())} heading={`${name()} · ${session.me()?.roles.join(', ')}`} trigger={<UserRound size={16} />}>
      <MenuItem onSelect={() => navigate('/password')}>
        <KeyRound size={16} /> {t('user.password')}
      </MenuItem>
      <MenuItem onSelect={() => void session.signOut()}>
        <LogOut size={16} /> {t('user.sign_out')}
      </MenuItem>
    </Menu>
  );
};
