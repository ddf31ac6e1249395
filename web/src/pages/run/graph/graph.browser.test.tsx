import { MemoryRouter, Route } from '@solidjs/router';
import { createSignal, Show } from 'solid-js';
import { expect, test, vi } from 'vitest';
import type { StepSummary } from '../../../api/views.ts';
import { draw, expectAccessible } from '../../../testing/draw.tsx';
import { planned, ran, step } from '../../../testing/steps.ts';
import { stepRows } from '../rows.ts';
import { foldGraph } from './fold.ts';
import { Graph } from './Graph.tsx';
import type { Layout } from './layout.ts';
import { useLayout } from './use-layout.ts';

const plan = [planned('fetch'), planned('lint'), planned('ping', { needs: ['fetch', 'lint'] }), planned('store', { needs: ['ping'] })];

/** Counts how many layouts were drawn. */
const counted = (layout: Layout, seen: (layout: Layout) => void): Layout => {
  seen(layout);
  return layout;
};

const show = (planOf: typeof plan, steps: () => readonly StepSummary[], opened: ReadonlySet<string> = new Set()) => {
  const choose = vi.fn();
  const toggle = vi.fn();
  const laidOut = vi.fn();
  const Drawn = () => {
    const graph = () => foldGraph(stepRows(planOf, steps()), opened);
    const { layout, failed } = useLayout(graph);
    return (
      <Show when={layout()} fallback={failed() ? 'failed' : 'under way'}>
        {(drawn) => (
          <Graph
            graph={graph()}
            layout={counted(drawn(), laidOut)}
            scale={1}
            critical={new Set(['fetch', 'ping'])}
            chosen="ping"
            isWanted={() => true}
            hrefOf={(key) => `/runs/r1/graph?step=${key}`}
            choose={choose}
            toggle={toggle}
            touched={() => {}}
            box={() => {}}
          />
        )}
      </Show>
    );
  };
  const box = draw(() => (
    <MemoryRouter root={(props) => <div class="[--view:400px]">{props.children}</div>}>
      <Route path="*" component={Drawn} />
    </MemoryRouter>
  ));
  return { box, choose, toggle, laidOut };
};
const nodes = (box: HTMLElement) => [...box.querySelectorAll<HTMLElement>('[data-id]')];
/** What a node says, its icon's word first. */
const says = (node: HTMLElement): string => {
  const texts = [...node.querySelectorAll('span, bdi')]
    .flatMap((one) => [...one.childNodes])
    .filter((one) => one.nodeType === Node.TEXT_NODE);
  const words = texts.map((text) => text.textContent?.trim() ?? '').filter((text) => text !== '');
  return [node.querySelector('[role="img"]')?.getAttribute('aria-label'), ...words].join(' ').replace(/\s+/g, ' ');
};
const press = (key: string) =>
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

test('steps are links from left to right, the arrow keys follow their edges, and only one of them is a stop of Tab', async () => {
  const { box, choose } = show(plan, () => [
    ran('fetch', 'completed', 0, 9),
    step('ping', 'failed', { parts: 40, parts_by_status: { completed: 38, failed: 2 } }),
  ]);
  await expect.poll(() => nodes(box).length).toBe(4);
  const [fetch, , ping] = ['fetch', 'lint', 'ping'].map((id) => nodes(box).find((node) => node.dataset.id === id));
  expect(fetch?.getBoundingClientRect().right).toBeLessThan(ping?.getBoundingClientRect().left ?? 0);
  expect(ping && says(ping)).toBe('Failed ping 2 of 40 failed');
  expect(nodes(box).filter(({ tabIndex }) => tabIndex === 0)).toEqual([ping]);
  ping?.focus();
  press('ArrowRight');
  expect((document.activeElement as HTMLElement).dataset.id).toBe('store');
  expect(choose).toHaveBeenLastCalledWith('store');
  press('ArrowLeft');
  press('ArrowLeft');
  expect(['fetch', 'lint']).toContain((document.activeElement as HTMLElement).dataset.id);
  await expectAccessible(box);
});

test('a status that changes is drawn without laying anything out again', async () => {
  const [steps, setSteps] = createSignal<readonly StepSummary[]>([step('fetch', 'running')]);
  const { box, laidOut } = show(plan, steps);
  await expect.poll(() => nodes(box).length).toBe(4);
  const before = nodes(box);
  setSteps([step('fetch', 'completed')]);
  await expect.poll(() => says(nodes(box)[0] as HTMLElement)).toMatch(/^Completed fetch/);
  expect(nodes(box)).toEqual(before);
  expect(new Set(laidOut.mock.calls.map(([layout]) => layout)).size).toBe(1);
});

test('a graph that cannot be laid out is known to have failed', async () => {
  const Real = window.Worker;
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const starts = vi.spyOn(window, 'Worker').mockImplementation(function Gone() {
    return new Real('/there-is-no-such-worker.js', { type: 'module' });
  } as never);
  const { box } = show(plan, () => []);
  await expect.poll(() => box.textContent).toBe('failed');
  expect(said).toHaveBeenCalledOnce();
  starts.mockRestore();
  said.mockRestore();
});

test('five hundred steps are few nodes, a folded stage says what is in it and opens', async () => {
  const wide = [planned('first'), ...Array.from({ length: 500 }, (_, n) => planned(`mid-${n}`, { needs: ['first'] }))];
  const { box, toggle } = show(wide, () => [step('mid-7', 'failed')]);
  await expect.poll(() => nodes(box).length).toBe(2);
  const stage = nodes(box).find((node) => node.dataset.id === 'stage 1');
  expect(stage && says(stage)).toBe('Failed Stage 2 500 steps , 499 pending, 1 failed');
  stage?.click();
  expect(toggle).toHaveBeenCalledExactlyOnceWith('stage 1');
});
