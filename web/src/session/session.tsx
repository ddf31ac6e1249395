import { useQuery, useQueryClient } from '@tanstack/solid-query';
import { createContext, createSignal, onCleanup, type ParentComponent, useContext } from 'solid-js';
import { get, onSignedOut, send } from '../api/client.ts';
import type { SessionView } from '../api/views.ts';

interface Session {
  /** Who is logged in, once known. */
  readonly me: () => SessionView | undefined;
  readonly error: () => Error | null;
  readonly asked: () => boolean;
  /** True when the API ended a session that this page had: log in again over the page, so that nothing typed is lost. */
  readonly ended: () => boolean;
  readonly may: (permission: string) => boolean;
  readonly signIn: (user: string, password: string) => Promise<void>;
  readonly signOut: () => Promise<void>;
  readonly reload: () => Promise<unknown>;
}

const SessionContext = createContext<Session>();

/** Knows who is logged in and what they may do. */
export const SessionProvider: ParentComponent = (props) => {
  const queries = useQueryClient();
  const [ended, setEnded] = createSignal(false);
  const [known, setKnown] = createSignal<SessionView>();
  const query = useQuery(() => ({
    queryKey: ['me'],
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const me = await get<SessionView>('/me', signal);
      setKnown(() => me);
      return me;
    },
    retry: false,
    staleTime: 60_000,
  }));

  onCleanup(onSignedOut(() => setEnded(known() !== undefined)));

  const signIn = async (user: string, password: string) => {
    const me = await send<SessionView>('POST', '/login', { user, password });
    const someoneElse = known() !== undefined && known()?.user !== me.user;
    setKnown(() => me);
    setEnded(false);
    if (someoneElse) queries.clear();
    queries.setQueryData(['me'], me);
    await queries.invalidateQueries({ predicate: (one) => one.queryKey[0] !== 'me' });
  };

  const signOut = async () => {
    await send('POST', '/logout');
    location.assign(document.documentElement.dataset.base || '/');
  };

  const session: Session = {
    me: known,
    error: () => query.error,
    asked: () => !query.isPending,
    ended,
    may: (permission) => known()?.permissions.includes(permission) ?? false,
    signIn,
    signOut,
    reload: () => queries.invalidateQueries({ queryKey: ['me'] }),
  };
  return <SessionContext.Provider value={session}>{props.children}</SessionContext.Provider>;
};

/** The session of this page. */
export const useSession = (): Session => {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession outside SessionProvider');
  return session;
};
