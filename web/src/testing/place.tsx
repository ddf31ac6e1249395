import { createMemoryHistory, MemoryRouter, Route } from '@solidjs/router';
import { QueryClient, QueryClientProvider } from '@tanstack/solid-query';
import { type JSX, type ParentProps, Show } from 'solid-js';
import { SessionProvider, useSession } from '../session/session.tsx';
import type { Asked } from './answers.ts';
import { draw } from './draw.tsx';

/** The answer to who is logged in. */
export const someone = (...permissions: readonly string[]) => ({
  user: { id: 'ada', name: 'ada' },
  roles: [],
  permissions,
  must_change_password: false,
});

/** Nothing is drawn, or kept of what is typed, before it is known who looks. */
const Gate = (props: ParentProps) => <Show when={useSession().asked()}>{props.children}</Show>;

/** Draws pages as the application does, beginning at an address. */
export const drawAt = (address: string, pages: readonly { readonly path: string; readonly page: () => JSX.Element }[]) => {
  const history = createMemoryHistory();
  history.set({ value: address });
  const box = draw(() => (
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SessionProvider>
        <Gate>
          <MemoryRouter history={history}>
            {pages.map(({ path, page }) => (
              <Route path={path} component={page} />
            ))}
            <Route path="*" component={() => <p>{location.pathname}</p>} />
          </MemoryRouter>
        </Gate>
      </SessionProvider>
    </QueryClientProvider>
  ));
  return { box, address: () => history.get() };
};

/** The last of what was asked by a method at an address. */
export const lastAsked = (asked: readonly Asked[], method: string, path: string): Asked | undefined =>
  asked.findLast((one) => one.method === method && one.path === path);
