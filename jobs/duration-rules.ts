import { DURATION_WORDS, formatDuration, parseDuration } from './duration.ts';
import { errorAt, type Problem, shown } from './problem.ts';

/** What is wrong with a duration of at most so many milliseconds: not one, none, too long. */
export function* durationProblems(pointer: string, text: string, most: number): Generator<Problem> {
  try {
    const ms = parseDuration(text);
    if (ms <= 0) yield errorAt(pointer, `${shown(text)} must be longer than nothing`, { value: text });
    if (ms > most) yield errorAt(pointer, `${shown(text)} is longer than ${formatDuration(most)}`, { value: text });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    yield errorAt(pointer, error.message, { value: text, expected: DURATION_WORDS });
  }
}
