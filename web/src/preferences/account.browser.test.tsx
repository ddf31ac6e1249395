import { QueryClient, QueryClientProvider } from '@tanstack/solid-query';
import { beforeEach, expect, test } from 'vitest';
import { SessionProvider } from '../session/session.tsx';
import { type Asked, answer } from '../testing/answers.ts';
import { draw } from '../testing/draw.tsx';
import { useAccountPreferences } from './account.ts';
import { usePreferences } from './preferences.ts';

const me = (id: string) => ({ user: { id, name: id }, roles: ['viewer'], permissions: ['account:own'], must_change_password: false });

/** A page of this person at an API that keeps their preferences, or is away. */
const open = (person: string, account: { away: boolean; value: object }) => {
  const asked = answer(({ method, path, body }: Asked) => {
    if (path === '/me') return me(person);
    if (path !== '/me/preferences') return undefined;
    if (account.away) return new TypeError('Failed to fetch');
    if (method === 'PUT') account.value = body as object;
    return account.value;
  });
  const Page = () => {
    useAccountPreferences();
    const { now, change } = usePreferences();
    return (
      <button type="button" onClick={() => change({ density: 'dense' })}>
        {now().density}
      </button>
    );
  };
  const box = draw(() => (
    <QueryClientProvider client={new QueryClient()}>
      <SessionProvider>
        <Page />
      </SessionProvider>
    </QueryClientProvider>
  ));
  return { asked, button: () => box.querySelector('button') as HTMLButtonElement };
};

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test('what was chosen while the API was away holds at the next visit and reaches the account then', async () => {
  const account = { away: true, value: { density: 'comfortable' } as object };
  const first = open('ada', account);
  await expect.poll(() => first.asked.some(({ path }) => path === '/me/preferences')).toBe(true);
  first.button().click();
  await expect.poll(() => localStorage.getItem('capstan.preferences.unsaved')).toContain('dense');
  account.away = false;
  const second = open('ada', account);
  await expect.poll(() => account.value).toEqual({ density: 'dense' });
  await expect.poll(() => second.button().textContent).toBe('dense');
  await expect.poll(() => localStorage.getItem('capstan.preferences.unsaved')).toBe(null);
});

test('what one person chose is never written into the account of another', async () => {
  localStorage.setItem('capstan.preferences.unsaved', JSON.stringify({ whose: 'ada', part: { density: 'dense' } }));
  const account = { away: false, value: { density: 'comfortable' } as object };
  const { asked, button } = open('bob', account);
  await expect.poll(() => button().textContent).toBe('comfortable');
  expect(asked.filter(({ method }) => method === 'PUT')).toEqual([]);
  expect(localStorage.getItem('capstan.preferences.unsaved')).toBe(null);
});
