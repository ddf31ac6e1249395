import { createHash } from 'node:crypto';
import { type Automaton, buildAutomaton } from './automaton.ts';
import { disguisesOf } from './disguises.ts';

/** What the automata that are kept may take in memory: some thirty large keys, or thousands of passwords. */
const KEPT_BYTES = 32 * 1024 * 1024;

/** Automata by the secrets they find, the least recently used first: the attempts of a worker mostly see the same few credentials. */
export class AutomatonCache {
  readonly #kept = new Map<string, Automaton>();
  readonly #limit: number;
  #bytes = 0;

  constructor(limit = KEPT_BYTES) {
    this.#limit = limit;
  }

  /** What the kept automata take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The automaton for these secrets in all their disguises; null when there is nothing to find. */
  find(secrets: readonly string[]): Automaton | null {
    const key = identityOf(secrets);
    const kept = this.#kept.get(key);
    const automaton = kept ?? buildAutomaton(secrets.flatMap(disguisesOf));
    if (automaton === null) return null;
    this.#kept.delete(key);
    this.#kept.set(key, automaton);
    if (kept === undefined) this.#bytes += automaton.bytes;
    this.#shrink();
    return automaton;
  }

  #shrink(): void {
    for (const [key, { bytes }] of this.#kept) {
      if (this.#bytes <= this.#limit) return;
      this.#kept.delete(key);
      this.#bytes -= bytes;
    }
  }
}

/** The same for the same secrets in any order; a credential's new version has other ones. */
const identityOf = (secrets: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([...new Set(secrets)].sort()))
    .digest('base64');
