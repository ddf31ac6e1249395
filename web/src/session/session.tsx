import { useQueryClient } from '@tanstack/solid-query';
import { createContext, createSignal, onCleanup, type ParentComponent, useContext } from 'solid-js';
import { get, onSignedOut, send } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import { useQuery } from '../api/use-query.ts';
import type { SessionView } from '../api/views.ts';
import { otherTabs } from './other-tabs.ts';
import { claimTyped, forgetTyped } from './typed.ts';

interface Session {
  /** Who is logged in, once known. */
  readonly me: () => SessionView | undefined;
  readonly error: () => Error | null;
  readonly asked: () => boolean;
  /** True when the API ended a session that this page had: log in again over the page, so that nothing typed is lost. */
  readonly ended: () => boolean;
  readonly may: (permission: string) => boolean;
  readonly signIn: (user: string, password: string) => Promise<void>;
  /** Ends the session and forgets what was typed and not sent; rejects when the API could not be told. */
  readonly signOut: () => Promise<void>;
  readonly reload: () => Promise<unknown>;
}

const SessionContext = createContext<Session>();

const personOf = ({ user }: SessionView): string => user.id ?? user.name;

/** Knows who is logged in and what they may do. */
export const SessionProvider: ParentComponent = (props) => {
  const queries = useQueryClient();
  const [ended, setEnded] = createSignal(false);
  const [known, setKnown] = createSignal<SessionView>();

  /** Takes over who is logged in. The page of another person is begun anew: what is on it, or typed into it, is not theirs. */
  const take = (me: SessionView): void => {
    claimTyped(personOf(me));
    const before = known();
    if (before && personOf(before) !== personOf(me)) location.reload();
    else setKnown(() => me);
  };

  const query = useQuery(() => ({
    queryKey: ['me'],
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const me = await get<SessionView>('/me', signal);
      take(me);
      return me;
    },
    retry: false,
    staleTime: 60_000,
  }));

  const tabs = otherTabs((word) => {
    if (word === 'ended') end();
    else void begin(undefined);
  });
  const end = () => setEnded(known() !== undefined);
  onCleanup(
    onSignedOut(() => {
      end();
      tabs.say('ended');
    }),
  );
  onCleanup(tabs.close);

  /** Goes on with whoever is logged in now. */
  const begin = async (said: SessionView | undefined) => {
    const me = said ?? (await get<SessionView>('/me').catch(() => undefined));
    if (!me) return;
    take(me);
    if (known() !== me) return;
    setEnded(false);
    queries.setQueryData(['me'], me);
    await queries.invalidateQueries({ predicate: (one) => one.queryKey[0] !== 'me' });
  };

  const signIn = async (user: string, password: string) => {
    const me = await send<SessionView>('POST', '/login', { user, password });
    tabs.say('began');
    await begin(me);
  };

  const signOut = async () => {
    await send('POST', '/logout').catch((problem: unknown) => {
      // Over already, it needs no end.
      if (!(problem instanceof ApiProblem) || problem.status !== 401) throw problem;
    });
    forgetTyped();
    tabs.say('ended');
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
