import { createSignal, Show } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { Confirm } from './Confirm.tsx';

const show = (run: (key: string) => Promise<unknown>, more: { lacks?: string; look?: 'main' } = {}) => {
  const [open, setOpen] = createSignal(true);
  draw(() => (
    <Confirm
      open={open()}
      close={() => setOpen(false)}
      title="Cancel edge #1?"
      effect="Kills ssh."
      keep="Let it run"
      act="Cancel the run"
      run={run}
      {...more}
    />
  ));
  const button = (name: string) =>
    [...document.querySelectorAll<HTMLButtonElement>('[role=dialog] button')].find((one) => one.innerText.trim() === name);
  return { open, setOpen, button };
};
const text = () => document.querySelector('[role=dialog]')?.textContent ?? '';
const focused = () => (document.activeElement as HTMLElement).innerText.trim();

test('it names the thing and its effect, begins at the safe button, and is accessible', async () => {
  show(async () => undefined);
  await expect.poll(focused).toBe('Let it run');
  expect(text()).toContain('Cancel edge #1?');
  expect(text()).toContain('Kills ssh.');
  await expectAccessible(document.querySelector('[role=dialog]') as HTMLElement);
});

test('what is not dangerous begins at the button that does it', async () => {
  show(async () => undefined, { look: 'main' });
  await expect.poll(focused).toBe('Cancel the run');
});

test('a double click does it once, and a second try after a refusal carries the same key', async () => {
  const keys: string[] = [];
  let settle: (() => void) | undefined;
  const { button, open } = show((key) => {
    keys.push(key);
    return new Promise((resolve, reject) => {
      settle = () => (keys.length === 1 ? reject(new ApiProblem(409, { title: 'the run is completed' })) : resolve(undefined));
    });
  });
  await expect.poll(() => button('Cancel the run')).toBeDefined();
  const act = button('Cancel the run') as HTMLButtonElement;
  act.click();
  act.click();
  expect(keys).toHaveLength(1);
  expect(act.ariaBusy).toBe('true');
  settle?.();
  await expect.poll(text).toContain('the run is completed');
  expect(open()).toBe(true);
  act.click();
  settle?.();
  await expect.poll(open).toBe(false);
  expect(new Set(keys).size).toBe(1);
});

test('a refusal names its request, to be quoted; what stands against a field does not', async () => {
  const answers = [
    new ApiProblem(500, { title: 'it broke', requestId: 'request-7' }),
    new ApiProblem(422, { title: 'wrong', requestId: 'request-8', problems: [{ pointer: '/reason', message: 'is missing' }] }),
  ];
  const { button } = show(() => Promise.reject(answers.shift()));
  await expect.poll(() => button('Cancel the run')).toBeDefined();
  button('Cancel the run')?.click();
  await expect.poll(text).toContain('request-7');
  await expectAccessible(document.querySelector('[role=dialog]') as HTMLElement);
  button('Cancel the run')?.click();
  await expect.poll(text).toContain('reason: is missing');
  expect(text()).not.toContain('request-');
});

test('opened again it has another key and no old refusal', async () => {
  const keys: string[] = [];
  const { button, open, setOpen } = show(async (key) => {
    keys.push(key);
    if (keys.length === 1) throw new Error('refused once');
  });
  await expect.poll(() => button('Cancel the run')).toBeDefined();
  button('Cancel the run')?.click();
  await expect.poll(text).toContain('refused once');
  setOpen(false);
  await expect.poll(() => document.querySelector('[role=dialog]')).toBeNull();
  setOpen(true);
  await expect.poll(() => button('Cancel the run')).toBeDefined();
  expect(text()).not.toContain('refused once');
  button('Cancel the run')?.click();
  await expect.poll(open).toBe(false);
  expect(keys[0]).not.toBe(keys[1]);
});

test.each(['done', 'refused'])(
  'what was asked before and is %s only after the dialog was opened again leaves that alone, and nothing is sent meanwhile',
  async (how) => {
    const answers: PromiseWithResolvers<void>[] = [];
    const { button, open, setOpen } = show(() => {
      answers.push(Promise.withResolvers<void>());
      return answers.at(-1)?.promise ?? Promise.resolve();
    });
    await expect.poll(() => button('Cancel the run')).toBeDefined();
    button('Cancel the run')?.click();
    setOpen(false);
    await expect.poll(() => document.querySelector('[role=dialog]')).toBeNull();
    setOpen(true);
    await expect.poll(() => button('Cancel the run')?.title).toBe('What was asked before is still being done.');
    button('Cancel the run')?.click();
    expect(answers).toHaveLength(1);
    if (how === 'done') answers[0]?.resolve();
    else answers[0]?.reject(new Error('refused too late'));
    await expect.poll(() => button('Cancel the run')?.ariaDisabled).toBe(null);
    expect(open()).toBe(true);
    expect(text()).not.toContain('refused too late');
    button('Cancel the run')?.click();
    answers[1]?.resolve();
    await expect.poll(open).toBe(false);
  },
);

test('who lacks the permission may look and read which one, and nothing is done', async () => {
  const run = vi.fn(async () => undefined);
  const { button } = show(run, { lacks: 'run:cancel' });
  await expect.poll(() => button('Cancel the run')).toBeDefined();
  const act = button('Cancel the run') as HTMLButtonElement;
  expect(act.ariaDisabled).toBe('true');
  expect(act.title).toContain('run:cancel');
  act.click();
  expect(run).not.toHaveBeenCalled();
});

test('what was asked about may be gone once it is done: nothing of the dialog is read again', async () => {
  const [asked, setAsked] = createSignal<{ readonly needs: string } | null>({ needs: 'run:cancel' });
  const has = () => true;
  const thrown: unknown[] = [];
  const close = () => {
    try {
      setAsked(null);
    } catch (error) {
      thrown.push(error);
    }
  };
  draw(() => (
    <Show when={asked()}>
      {(what) => (
        <Confirm
          open
          close={close}
          title="Cancel edge #1?"
          keep="Let it run"
          act="Cancel the run"
          lacks={has() ? (what().needs === 'run:cancel' ? undefined : what().needs) : 'all'}
          run={async () => undefined}
        />
      )}
    </Show>
  ));
  await expect.poll(text).toContain('Cancel edge #1?');
  document.querySelector<HTMLButtonElement>('[role=dialog] [type=submit]')?.click();
  await expect.poll(asked).toBeNull();
  expect(thrown).toEqual([]);
});
