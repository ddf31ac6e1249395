import type { OneState, RunState, StepState } from '#jobs/apply-event.ts';
import type { Slice } from '#jobs/items/slices.ts';
import { bytesAsJson, type JsonObject } from '#jobs/json.ts';
import { partKey } from '#jobs/parts.ts';
import type { Resume } from '#workflows/messages.ts';

/** Temporal takes a start of 2 MB, most of which belongs to the plan; what its workflow reads later comes in bunches of as much. */
const MOST_TRAVELLING = 500_000;
const BUNCH = 1_000_000;

type Steps = RunState['steps'];

/** What a run begins with, as it travels to its workflow; undefined when nothing has happened to its steps. Outputs that are too large together are left in the run's rows. */
export function resumeOf(steps: Steps): Resume | undefined {
  if (Object.keys(steps).length === 0) return undefined;
  const load = new Load();
  const light = Object.entries(steps).map(([id, step]): readonly [string, StepState] => [id, load.step(id, step)]);
  return { steps: Object.fromEntries(light), ...(load.unread.length > 0 && { unread: load.unread }) };
}

/** Takes outputs along as long as there is room, and notes the keys of the others. */
class Load {
  readonly unread: string[][] = [];
  #travelling = 0;
  #bunch = 0;

  step(id: string, step: StepState): StepState {
    if (!step.parts) return this.#one(id, step);
    const parts = step.parts.map((part, n) => (part.state ? { ...part, state: this.#one(partKey(id, n), part.state) } : part));
    return { ...step, parts, ...(step.slices && { slices: step.slices.map((slice) => this.#slice(id, slice)) }) };
  }

  #one<State extends OneState>(key: string, state: State): State {
    return state.status !== 'completed' || this.#takes(key, state.outputs) ? state : { ...state, outputs: {} };
  }

  /** What parts hand on together that have no states of their own. */
  #slice(id: string, slice: Slice): Slice {
    const outputs = slice.told?.outputs;
    if (!slice.told || !outputs || bytesAsJson(outputs) + this.#travelling <= MOST_TRAVELLING) return slice;
    for (let n = slice.from; n < slice.from + slice.count; n += 1)
      this.#leave(partKey(id, n), Math.ceil(bytesAsJson(outputs) / slice.count));
    return { ...slice, told: { ...slice.told, outputs: [] } };
  }

  #takes(key: string, outputs: JsonObject): boolean {
    const bytes = bytesAsJson(outputs);
    if (this.#travelling + bytes > MOST_TRAVELLING) {
      this.#leave(key, bytes);
      return false;
    }
    this.#travelling += bytes;
    return true;
  }

  #leave(key: string, bytes: number): void {
    if (this.unread.length === 0 || this.#bunch + bytes > BUNCH) {
      this.unread.push([]);
      this.#bunch = 0;
    }
    this.unread.at(-1)?.push(key);
    this.#bunch += bytes;
  }
}
