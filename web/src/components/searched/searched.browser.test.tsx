import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { GroupsPage } from '../../pages/people/PeoplePages.tsx';
import { TargetsPage } from '../../pages/targets/TargetsPage.tsx';
import { answer } from '../../testing/answers.ts';
import { expectAccessible } from '../../testing/draw.tsx';
import { drawAt, someone } from '../../testing/place.tsx';

/** A list by name as the API answers it: a page at a time, and only what has the text. */
const pageOf = <T extends { readonly name: string }>(all: readonly T[], search: URLSearchParams) => {
  const found = all.filter(({ name }) => name.includes(search.get('q') ?? ''));
  const from = Number(search.get('after') ?? 0);
  const until = from + Number(search.get('limit'));
  return { items: found.slice(from, until), next: until < found.length ? String(until) : null };
};

const target = (name: string) => ({
  ...{ name, kind: 'ssh', host: `${name}.example`, port: 22, username: 'ops', credential: null, tags: [], timezone: null },
  ...{ enabled: true, last_check: null },
});

test('of a list longer than is read the page says so, and what it has not read is found by its name', async () => {
  const all = Array.from({ length: 10_000 }, (_, at) => target(`host-${String(at).padStart(5, '0')}`));
  const asked = answer(({ path, search }) => {
    if (path === '/me') return someone('target:read');
    return path === '/targets' ? pageOf(all, search) : undefined;
  });
  const { box, address } = drawAt('/targets', [
    {
      path: '/targets',
      page: () => (
        <div class="flex h-[600px] w-[1200px] flex-col">
          <TargetsPage />
        </div>
      ),
    },
  ]);
  await expect
    .poll(() => box.querySelector('[role=status]')?.textContent)
    .toBe('The first 2,000 of more: narrow them by a part of their name.');
  expect(box.querySelector('[role=grid]')?.getAttribute('aria-rowcount')).toBe('-1');
  expect(box.textContent).not.toContain('host-09876');
  await expectAccessible(box);

  const field = box.querySelector<HTMLInputElement>('input[type=search]') as HTMLInputElement;
  field.focus();
  for (const text of ['0', '09', '098', '0987', '09876']) {
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
  await expect.poll(() => box.querySelector('[role=status]')?.textContent).toBe('1 shown');
  await expect.poll(() => box.querySelector('[data-row="host-09876"]')).not.toBeNull();
  expect(box.querySelector('[role=grid]')?.getAttribute('aria-rowcount')).toBe('2');
  expect(address()).toBe('/targets?q=09876');
  expect(document.activeElement).toBe(field);
  // What is typed on is asked for once.
  expect(new Set(asked.flatMap(({ path, search }) => (path === '/targets' ? [search.get('q')] : [])))).toEqual(new Set([null, '09876']));
});

test('where nothing has the text the way back is offered, and where there is nothing at all no field', async () => {
  let all = [{ name: 'netops', description: null, role: null, members: [] }];
  answer(({ path, search }) => {
    if (path === '/me') return someone('user:read');
    return path === '/groups' ? pageOf(all, search) : undefined;
  });
  const open = (at: string) => drawAt(at, [{ path: '/groups', page: GroupsPage }]).box;
  const box = open('/groups?q=dba&page=9');
  await expect.poll(() => box.textContent).toContain('Nothing here has this in it.');
  const clear = [...box.querySelectorAll('button')].find((button) => button.textContent === 'Clear filter');
  await userEvent.click(clear as HTMLElement);
  await expect.poll(() => box.querySelector('table')?.textContent).toContain('netops');
  expect(box.querySelector<HTMLInputElement>('input[type=search]')?.value).toBe('');

  all = [];
  const bare = open('/groups');
  await expect.poll(() => bare.textContent).toContain('No group');
  expect(bare.querySelector('input[type=search]')).toBeNull();
});
