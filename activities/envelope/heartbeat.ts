import type { Json } from '#jobs/json.ts';
import type { TemporalAttempt } from './attempt.ts';

const BEAT_MS = 1000;
/** So that a wish to cancel reaches even a young step soon: it comes with the answer to a heartbeat. */
const FIRST_BEAT_MS = 300;

/** Tells Temporal about once a second that the step is alive, and where it stands. */
export class Heartbeat {
  readonly #context: TemporalAttempt;
  readonly #timers: NodeJS.Timeout[] = [];
  #checkpoint: Json;

  constructor(context: TemporalAttempt) {
    this.#context = context;
    this.#checkpoint = (context.info.heartbeatDetails as Details | undefined)?.checkpoint ?? null;
    // Local activities are short and have no heartbeats.
    if (context.info.isLocal) return;
    this.#timers.push(setTimeout(this.#beat, FIRST_BEAT_MS), setInterval(this.#beat, BEAT_MS));
  }

  /** What the newest checkpoint, of this attempt or an earlier one, holds. */
  get checkpoint(): Json {
    return this.#checkpoint;
  }

  set checkpoint(state: Json) {
    this.#checkpoint = state;
  }

  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #beat = (): void => {
    const details: Details = { checkpoint: this.#checkpoint };
    this.#context.heartbeat(details);
  };
}

interface Details {
  readonly checkpoint: Json;
}
