import { onCleanup } from 'solid-js';
import { getTagged, send } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import { toast } from '../components/Toasts.tsx';
import { useSession } from '../session/session.tsx';
import { whenChanged } from '../solid.ts';
import { adoptPreferences, onPreferenceChange } from './preferences.ts';
import { type Preferences, readPreferences } from './read.ts';
import { keepUnsaved, readUnsaved } from './unsaved.ts';

const PATH = '/me/preferences';
const PAUSE_MS = 500;
const TRIES = 3;

/** Lays the change over what the account says by now; another tab that is faster only makes it read again. */
const save = async (part: Partial<Preferences>, tries = TRIES): Promise<void> => {
  const { value, tag } = await getTagged<Partial<Preferences>>(PATH);
  try {
    await send('PUT', PATH, { ...value, ...part }, undefined, { ifMatch: tag });
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 412 || tries <= 1) throw error;
    await save(part, tries - 1);
  }
};

/** Keeps the reader's preferences in their account: read at login, written a moment after each change; what could not be written is written at the next visit. */
export const useAccountPreferences = (): void => {
  const session = useSession();
  const account = () => session.me()?.user.id ?? null;
  let changed: Partial<Preferences> = {};
  let sending: Partial<Preferences> = {};
  let pause: ReturnType<typeof setTimeout> | undefined;
  const keep = () => {
    const person = account();
    if (person !== null) keepUnsaved(person, { ...sending, ...changed });
  };

  const load = async () => {
    // Without an answer what this browser has kept goes on.
    const read = await getTagged<Partial<Preferences>>(PATH).catch(() => null);
    if (read) adoptPreferences(readPreferences({ ...read.value, ...sending, ...changed }));
  };
  const store = async () => {
    clearTimeout(pause);
    if (account() === null || Object.keys(changed).length === 0) return;
    sending = changed;
    changed = {};
    await save(sending).catch((error: Error) => {
      // Refused for what it is, it would be refused again; anything else goes along with the next change.
      if (error instanceof ApiProblem && error.status === 422) toast({ says: error.message, failed: true });
      else changed = { ...sending, ...changed };
    });
    sending = {};
    keep();
  };

  whenChanged(account, (id) => {
    if (id === null) return;
    changed = readUnsaved(id);
    void load().then(store);
  });
  onCleanup(
    onPreferenceChange((part) => {
      changed = { ...changed, ...part };
      keep();
      clearTimeout(pause);
      pause = setTimeout(() => void store(), PAUSE_MS);
    }),
  );
  const leave = () => document.hidden && void store();
  document.addEventListener('visibilitychange', leave);
  onCleanup(() => document.removeEventListener('visibilitychange', leave));
};
