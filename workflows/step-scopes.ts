import { CancellationScope } from '@temporalio/workflow';
import { wholeOf } from '#jobs/parts.ts';

interface StepScope {
  readonly scope: CancellationScope;
  /** Why it alone was cancelled. */
  why?: string;
}

/** A cancellation scope for each step in flight, so that one can be cancelled alone. */
export class StepScopes {
  readonly #parent: CancellationScope;
  readonly #scopes = new Map<string, StepScope>();

  constructor(parent: CancellationScope) {
    this.#parent = parent;
  }

  /** Asks Temporal for what a step needs done. The answer comes as directly as without a scope: in a replay the order of answers would change with each promise in between. */
  ask<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const scope = new CancellationScope({ cancellable: true, parent: this.#parent });
    this.#scopes.set(key, { scope });
    let answer!: Promise<T>;
    void scope.run(async () => {
      answer = started(ask);
    });
    return answer;
  }

  forget(key: string): void {
    this.#scopes.delete(key);
  }

  /** Cancels all that is in flight, as a whole. */
  cancelAll(): void {
    for (const { scope } of this.#scopes.values()) scope.cancel();
  }

  /** Cancels these alone, as far as they are in flight, and keeps why. */
  cancel(keys: readonly string[], why: string): void {
    for (const key of keys) {
      const one = this.#scopes.get(key);
      if (one === undefined) continue;
      one.why ??= why;
      one.scope.cancel();
    }
  }

  /** What is in flight of a step that can be cancelled: itself, or parts of it. */
  keysOf(key: string): readonly string[] {
    return [...this.#scopes.keys()].filter((own) => own === key || wholeOf(own) === key);
  }

  /** Why this step alone was cancelled, if it was. */
  whyCancelled(key: string): string | null {
    return this.#scopes.get(key)?.why ?? null;
  }
}

/** What cannot even be asked for fails its step, not the workflow. */
function started<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return ask();
  } catch (error) {
    return Promise.reject(error);
  }
}
