import { MemoryRouter, Route } from '@solidjs/router';
import { QueryClient, QueryClientProvider } from '@tanstack/solid-query';
import { expect, test } from 'vitest';
import { actionsNow } from '../../../actions/actions.tsx';
import type { RunView } from '../../../api/views.ts';
import { SessionProvider } from '../../../session/session.tsx';
import { draw, expectAccessible } from '../../../testing/draw.tsx';
import type { StepRow } from '../rows.ts';
import { askedNow, dismiss, type SteeredStep } from './desk.ts';
import { RunActions } from './RunActions.tsx';
import { StepActions } from './StepActions.tsx';

const runOf = (more: Partial<RunView> = {}) =>
  ({
    id: 'r1',
    job: 'edge',
    number: 7,
    status: 'running',
    permissions: ['run:steer', 'run:start'],
    plan_steps: [{ id: 'store', number: 1, name: 'store', type: 'x', needs: [], phase: 'main' }],
    ...more,
  }) as unknown as RunView;

const stepOf = (more: Partial<SteeredStep> = {}): SteeredStep => ({
  key: 'store',
  status: 'running',
  waiting_for: null,
  hold: null,
  target: null,
  parent_key: null,
  ...more,
});

const show = (run: RunView, step: SteeredStep) => {
  const box = draw(() => (
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SessionProvider>
        <MemoryRouter>
          <Route path="*" component={() => <StepActions run={run} step={step} />} />
        </MemoryRouter>
      </SessionProvider>
    </QueryClientProvider>
  ));
  const words = () => [...box.querySelectorAll('button')].map((one) => one.innerText.trim());
  const press = (name: string) => [...box.querySelectorAll('button')].find((one) => one.innerText.trim() === name)?.click();
  return { box, words, press };
};

test.each<[string, Partial<RunView>, Partial<SteeredStep>, readonly string[]]>([
  ['a running step', {}, {}, ['Cancel step…', 'Operate']],
  ['a step between two attempts', {}, { status: 'retrying' }, ['Skip…', 'Cancel step…', 'Operate']],
  ['a paused step', {}, { status: 'paused' }, ['Resume step', 'Operate']],
  ['an approval', {}, { status: 'waiting', waiting_for: 'approval' }, ['Approve', 'Reject', 'Cancel step…']],
  ['a step that waits for a person', {}, { status: 'waiting', waiting_for: 'intervention' }, ['Retry step', 'Skip…', 'Cancel step…']],
  ['a timer', {}, { status: 'waiting', waiting_for: 'timer' }, ['Skip…', 'Cancel step…']],
  ['a step that has not started', {}, { status: 'pending' }, ['Skip…']],
  ['a failed step of a run that has ended', { status: 'failed' }, { status: 'failed' }, ['Re-run from here…']],
  ['a part of it', { status: 'failed' }, { status: 'failed', key: 'store[2]', parent_key: 'store' }, ['Re-run from here…']],
  ['what undid something in it', { status: 'failed' }, { status: 'completed', key: 'undo:store' }, []],
])('%s offers what can be done with it', async (_, run, step, expected) => {
  const { words } = show(runOf(run), stepOf(step));
  await expect.poll(words).toEqual(expected);
});

test('each asks before it is done', async () => {
  const { box, words, press } = show(runOf(), stepOf({ status: 'waiting', waiting_for: 'timer' }));
  await expect.poll(words).toContain('Skip…');
  await expectAccessible(box);
  press('Skip…');
  expect(askedNow()).toMatchObject({ what: 'skip', step: { key: 'store' } });
  dismiss();
});

test('without the permission every control stays, and names it', async () => {
  const { box, words, press } = show(runOf({ permissions: ['run:read'] }), stepOf({ status: 'waiting', waiting_for: 'intervention' }));
  await expect.poll(words).toHaveLength(3);
  for (const button of box.querySelectorAll('button')) {
    expect(button.ariaDisabled).toBe('true');
    expect(button.title).toContain('run:steer');
  }
  press('Retry step');
  expect(askedNow()).toBeNull();
});

const declared = async (run: RunView, chosen?: StepRow) => {
  draw(() => (
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SessionProvider>
        <MemoryRouter>
          <Route path="*" component={() => <RunActions run={run} rows={[]} steps={[]} chosen={chosen} />} />
        </MemoryRouter>
      </SessionProvider>
    </QueryClientProvider>
  ));
  await expect.poll(actionsNow).not.toEqual([]);
  return {
    words: actionsNow().map(({ words }) => words),
    does: (id: string) =>
      actionsNow()
        .find((one) => one.id === id)
        ?.run(),
  };
};

test('the palette offers all that a run’s buttons and menus do, and nothing that is denied', async () => {
  const copied = ['Copy link', 'Copy as text', 'Export as JSON'];
  const running = await declared(runOf({ permissions: ['run:read', 'run:steer'], temporal_url: null }));
  expect(running.words).toEqual(expect.arrayContaining(['Pause the run', ...copied]));
  expect(running.words).not.toContain('Open in Temporal');
  expect(running.words).not.toContain('Cancel the run…');
});

test('who runs again from a step begins at the one that is chosen', async () => {
  const plan_steps = ['store', 'show'].map((id, at) => ({ id, number: at, name: id, type: 'x', needs: [], phase: 'main' as const }));
  const more = { plan_steps, status: 'failed', permissions: ['run:start'], temporal_url: 'http://temporal/' } as const;
  const { words, does } = await declared(runOf(more), { key: 'show[1]', step: { step_id: 'show' } } as StepRow);
  expect(words).toEqual(
    expect.arrayContaining(['Run again, the same…', 'Run again with changes…', 'Run again from a step…', 'Open in Temporal']),
  );
  expect(words).not.toContain('Delete the run…');
  does('run.from');
  expect(askedNow()).toEqual({ what: 'rerun', start: { from: 'show' } });
  dismiss();
});
