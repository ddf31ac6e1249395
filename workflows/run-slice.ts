import { condition, defineSignal, getExternalWorkflowHandle, setHandler, sleep } from '@temporalio/workflow';
import { type SliceTold, toldOf } from '#jobs/items/slices.ts';
import { type RunInput, SLICE_TOLD_SIGNAL, type SliceOf, type SliceReport, STEER_SLICE_SIGNAL, type SteerSlice } from './messages.ts';
import { recordEnd } from './mirror.ts';
import { type Carried, OpenRun } from './open-run.ts';
import { proceed } from './run-job.ts';
import { listenToPeople } from './steering.ts';
import { listenForSubRuns, untilStopsAreTold } from './steps/job-run.ts';
import { listenForWindows } from './windows.ts';

const sliceTold = defineSignal<[SliceReport]>(SLICE_TOLD_SIGNAL);
const steerSlice = defineSignal<[SteerSlice]>(STEER_SLICE_SIGNAL);

/** Between two reports: at first, and at most. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
/** Reports after which the pause doubles, so that a long slice does not fill its run's history. */
const REPORTS_AT_A_PACE = 30;

/** Carries out some of a step's parts for a run, by the same loop as the run itself, and tells it how far they are. */
export async function runSlice(input: RunInput, carried: Carried): Promise<void> {
  const { slice } = input;
  if (slice === undefined) throw new Error('a slice begins with whose it is');
  const run = new OpenRun(input, carried, Date.now());
  listenToPeople(run);
  listenForSubRuns(run);
  listenForWindows(run);
  setHandler(steerSlice, ({ events, by, at }) => {
    run.cancelAskedAt = at;
    run.tell({ events, ...(by && { by }) });
  });
  await run.shielded.run(async () => {
    const stopTelling = keepTelling(run, slice);
    await run.work.run(() => proceed(run));
    stopTelling();
    await recordEnd(run, run.snapshot(), null);
    await untilStopsAreTold(run);
    // A run that is gone needs to know nothing.
    await tell(slice, told(run, slice), true).catch(() => undefined);
  });
}

const told = (run: OpenRun, { key, outputBytes }: SliceOf): SliceTold => {
  const step = run.state.steps[key];
  if (step === undefined) throw new Error(`a slice knows nothing of its step ${key}`);
  return toldOf(step, outputBytes);
};

const tell = ({ parent, key, slice }: SliceOf, what: SliceTold, isOver: boolean): Promise<void> =>
  getExternalWorkflowHandle(parent).signal(sliceTold, { key, slice, told: what, isOver });

/** Tells the run of every change, though not of each at once; without a run there is nothing to go on for. Answers with what ends it. */
function keepTelling(run: OpenRun, slice: SliceOf): () => void {
  let isOver = false;
  void (async () => {
    let seen = run.state;
    let said = '';
    for (let reports = 0; ; reports += 1) {
      await condition(() => run.state !== seen || isOver);
      if (isOver) return;
      seen = run.state;
      const { outputs: _, ...counts } = told(run, slice);
      if (JSON.stringify(counts) === said) continue;
      said = JSON.stringify(counts);
      try {
        await tell(slice, counts, false);
      } catch {
        run.tell({ events: [{ type: 'cancel_requested', wish: { actor: 'system', reason: 'its run is gone' } }] });
        return;
      }
      await sleep(Math.min(FIRST_PAUSE_MS * 2 ** Math.floor(reports / REPORTS_AT_A_PACE), LONGEST_PAUSE_MS));
    }
  })();
  return () => {
    isOver = true;
  };
}
