import { defineSignal, proxyLocalActivities, setHandler } from '@temporalio/workflow';
import { isOpen, type OneState, type RunState, stepAt } from '#jobs/apply-event.ts';
import type { ClosedWindow } from '#jobs/calendars/windows.ts';
import { type WindowHold, windowHold } from '#jobs/holds/window.ts';
import { partKey } from '#jobs/parts.ts';
import type { RunEvent } from '#jobs/run-event.ts';
import { WINDOW_SIGNAL, type WindowsCall } from './messages.ts';
import type { OpenRun } from './open-run.ts';
import { tellSlices } from './slices.ts';

const { lookAtWindows } = proxyLocalActivities<{ lookAtWindows(call: WindowsCall): Promise<readonly ClosedWindow[]> }>({
  startToCloseTimeout: '20s',
  // They are looked at again soon in any case.
  retry: { maximumAttempts: 3, initialInterval: '500ms' },
});

const windowsChanged = defineSignal(WINDOW_SIGNAL);

/** Hears when windows may have been changed that the run waits for, or one of the workflows that carry out its parts; what is true is asked. */
export function listenForWindows(run: OpenRun): void {
  setHandler(windowsChanged, () => {
    run.tell({ events: lookNow });
    tellSlices(run, windowsChanged);
  });
}

const lookNow = ({ steps }: RunState): readonly RunEvent[] =>
  Object.entries(steps).flatMap(([id, { parts = [], within, ...own }]) => [
    ...soon(id, own),
    ...parts.flatMap(({ state }, n) => soon(partKey(id, (within?.offset ?? 0) + n), state)),
  ]);

const soon = (key: string, own: OneState | undefined): readonly RunEvent[] =>
  own?.status === 'held' && own.hold.kind === 'window' ? [{ type: 'step_held', key, hold: { ...own.hold, lookAt: 0 } }] : [];

/** Keys of the steps whose window has opened and that wait for something else now, so that no worker writes their rows. */
export const openedButNotBegun = ({ state }: OpenRun, events: readonly RunEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'window_opened' && isOpen(stepAt(state, event.key)) ? [event.key] : []));

/** What a run looks at together: the targets that its steps wait for, by their keys. */
const looking = new WeakMap<OpenRun, Map<string, string>>();

/** Has the windows looked at that a step waits for, now that its moment has come; all that are due at once are one question. */
export function tendWindow(run: OpenRun, key: string, hold: WindowHold): null {
  run.apply({ type: 'step_held', key, hold });
  const together = looking.get(run);
  if (together) together.set(key, hold.target);
  else {
    const begun = new Map([[key, hold.target]]);
    looking.set(run, begun);
    void Promise.resolve().then(() => look(run, begun));
  }
  return null;
}

function look(run: OpenRun, asked: ReadonlyMap<string, string>): void {
  looking.delete(run);
  const call: WindowsCall = { project: run.input.project, targets: [...new Set(asked.values())] };
  run.shielded
    .run(() => lookAtWindows(call))
    .then(
      (closed) => {
        const now = Date.now();
        run.tell({ events: (state) => [...asked].flatMap(([key, target]) => eventsOf(state, key, target, closed, now)) });
      },
      () => undefined,
    );
}

/** A step whose window has opened begins, which its worker looks at once more; the others wait on by what is known now. */
function eventsOf(state: RunState, key: string, target: string, closed: readonly ClosedWindow[], now: number): readonly RunEvent[] {
  const own = stepAt(state, key);
  if (own?.status !== 'held' || own.hold.kind !== 'window' || own.hold.target !== target) return [];
  const still = closed.find((one) => one.target === target);
  return [still ? { type: 'step_held', key, hold: windowHold(still, own.hold.since, now) } : { type: 'window_opened', key }];
}
