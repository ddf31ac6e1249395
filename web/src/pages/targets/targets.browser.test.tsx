import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { ListedTarget } from '../../api/views.ts';
import { Toasts } from '../../components/Toasts.tsx';
import { answer } from '../../testing/answers.ts';
import { expectAccessible } from '../../testing/draw.tsx';
import { drawAt, lastAsked, someone } from '../../testing/place.tsx';
import { TargetsPage } from './TargetsPage.tsx';
import type { ChangedTargets } from './views.ts';

const target = (name: string, tags: readonly string[], enabled = true) =>
  ({
    name,
    kind: 'ssh',
    host: `${name}.example`,
    port: 22,
    username: 'ops',
    credential: null,
    tags,
    timezone: null,
    enabled,
    last_check: null,
  }) as unknown as ListedTarget;

const ALL = [target('core-ber', ['core']), target('core-fra', ['core', 'night']), target('edge-osl', ['edge'], false)];

interface Change {
  readonly targets: readonly string[];
  readonly add_tag?: string;
  readonly dry_run?: boolean;
}

/** Says as the server does who gets a tag, and who has it already. */
const changed = ({ targets, add_tag = '' }: Change): ChangedTargets => {
  const hasIt = (name: string) => ALL.find((one) => one.name === name)?.tags.includes(add_tag) ?? false;
  const left = targets.filter(hasIt);
  return {
    changed: targets.filter((name) => !hasIt(name)),
    left_alone: left.length > 0 ? [{ because: 'so_already', targets: left }] : [],
  };
};

const open = (permissions: readonly string[]) => {
  const asked = answer(({ path, body }) => {
    if (path === '/me') return someone(...permissions);
    if (path === '/targets') return { items: ALL, next: null };
    if (path === '/targets/change') return changed(body as Change);
    if (path === '/targets/check') return { items: [{ healthy: true }, { healthy: false }], pending: [] };
    return undefined;
  });
  const { box } = drawAt('/targets', [
    {
      path: '/targets',
      page: () => (
        <div class="flex h-[600px] w-[1200px] flex-col">
          <TargetsPage />
          <Toasts />
        </div>
      ),
    },
  ]);
  const named = (name: string, within: ParentNode = document) =>
    [...within.querySelectorAll<HTMLElement>('button, input')].find(
      (one) => (one.getAttribute('aria-label') ?? one.innerText.trim()) === name,
    );
  const dialog = () => document.querySelector<HTMLElement>('[role=dialog]');
  return { box, asked, named, dialog };
};

test('a tag is given to many targets once the server has said who gets it and who has it already', async () => {
  const { box, asked, named, dialog } = open(['target:read', 'target:edit']);
  await expect.poll(() => named('Choose all shown')).toBeTruthy();
  await userEvent.click(named('Choose all shown') as HTMLElement);
  await userEvent.click(named('Add tag') as HTMLElement);
  const act = () => named('Add tag', dialog() ?? undefined);
  await expect.poll(() => dialog()?.textContent).toContain('Add a tag to 3 targets');
  await expect.poll(() => document.activeElement?.matches('[role=dialog] input')).toBe(true);
  await userEvent.keyboard('core');
  await expect.poll(() => dialog()?.textContent).toContain('1 target gets the tag');
  expect(dialog()?.textContent).toContain('2 left alone, have it already: core-ber, core-fra');
  await expectAccessible(box);
  await userEvent.dblClick(act() as HTMLElement);
  await expect.poll(() => document.body.textContent).toContain('Tag added to 1 target.');
  const sent = asked.filter(({ path, body }) => path === '/targets/change' && !(body as Change).dry_run);
  expect(sent.map(({ body }) => body)).toEqual([{ targets: ['core-ber', 'core-fra', 'edge-osl'], add_tag: 'core' }]);
  expect(sent[0]?.headers.get('idempotency-key')).toMatch(/^[0-9a-f-]{36}$/);
  await expect.poll(() => dialog()).toBeNull();
  expect(document.querySelector('[aria-label="Chosen targets"]')).toBeNull();
});

test('of many, only those in use are tested, and what is off is named', async () => {
  const { asked, named, dialog } = open(['target:read', 'target:check']);
  await expect.poll(() => named('Choose all shown')).toBeTruthy();
  await userEvent.click(named('Choose all shown') as HTMLElement);
  // Who may not change them is told by each control.
  expect(named('Switch off')?.getAttribute('aria-disabled')).toBe('true');
  expect(named('Switch off')?.title).toContain('target:edit');
  await userEvent.click(named('Test connection') as HTMLElement);
  await expect.poll(() => dialog()?.textContent).toContain('2 hosts are connected to');
  expect(dialog()?.textContent).toContain('1 left alone, switched off: edge-osl');
  await userEvent.click(named('Test connection', dialog() ?? undefined) as HTMLElement);
  await expect.poll(() => document.body.textContent).toContain('1 reached, 1 not.');
  expect(lastAsked(asked, 'POST', '/targets/check')?.body).toEqual({ target: ['core-ber', 'core-fra'] });
  expect(lastAsked(asked, 'POST', '/targets/check')?.headers.has('idempotency-key')).toBe(false);
});
