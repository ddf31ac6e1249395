import { diffLines } from '#jobs/diff/diff-lines.ts';
import { answerWith } from '../workers/answer-with.ts';

/** Two texts to compare. */
export interface DiffRequest {
  readonly before: string;
  readonly after: string;
}

answerWith(({ before, after }: DiffRequest) => diffLines(before, after));
