import { createAsker } from '../../workers/asker.ts';
import type { Answers, Question } from './messages.ts';

/** Whoever reads texts beside the page. */
export interface Reader {
  /** Rejects when it could not be answered. */
  ask<Q extends Question>(question: Q): Promise<Answers[Q['kind']]>;
  stop(): void;
}

/** Reads texts in a worker; questions are answered in their order. */
export const startReader = (): Reader =>
  createAsker<Question, never>(() => new Worker(new URL('./reader.worker.ts', import.meta.url), { type: 'module' }));
