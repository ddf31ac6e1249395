import type { Sql } from '#db/client.ts';
import { findOverrides } from '#db/queries/step-overrides.ts';
import type { StepCall } from '#workflows/messages.ts';
import type { Override, Terms } from './terms.ts';

/** How soon a change is heard of; steps that are done sooner never cost a question. */
const EACH_MS = 1000;

type Place = Pick<StepCall, 'run' | 'key'>;

interface Watched extends Place {
  readonly terms: Terms;
  readonly since: number;
}

/** Tells the steps of a worker what people change of them, with one question a second for all that run. */
export class OverrideWatch {
  readonly #sql: Sql;
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** What was changed of a step so far, or null. */
  async read({ run, key }: Place): Promise<Override | null> {
    return (await findOverrides(this.#sql, [[run, key]]))[0] ?? null;
  }

  /** Hands changes to a step's terms until what it answers is called. */
  watch({ run, key }: Place, terms: Terms): () => void {
    const watched = { run, key, terms, since: performance.now() };
    this.#watched.add(watched);
    this.#timer ??= setInterval(() => void this.#ask(), EACH_MS).unref();
    return () => {
      this.#watched.delete(watched);
      if (this.#watched.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  async #ask(): Promise<void> {
    const since = performance.now() - EACH_MS;
    const wanted = [...this.#watched].filter((watched) => watched.since <= since);
    if (wanted.length === 0 || this.#isAsking) return;
    this.#isAsking = true;
    try {
      const found = await findOverrides(
        this.#sql,
        wanted.map(({ run, key }) => [run, key]),
      );
      for (const override of found)
        for (const { run, key, terms } of wanted) if (run === override.run_id && key === override.key) terms.take(override);
    } catch {
      // Asked again in a second; a step whose time is over asks for itself.
    } finally {
      this.#isAsking = false;
    }
  }
}
