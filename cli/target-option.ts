import type { TargetChoice } from '#jobs/target-choice.ts';
import { readTarget, readTargetWords } from '#jobs/target-words.ts';
import { CommandFailed, EXIT } from './exit-codes.ts';

/** What `--target` means, as a choice of several. */
export const targetsOf = (words: string): Exclude<TargetChoice, string> => read(words, readTargetWords);

/** The same, where one name is one target. */
export const targetOf = (words: string): TargetChoice => read(words, readTarget);

/** Words that say nothing are used wrongly. */
function read<C>(words: string, by: (words: string) => C): C {
  try {
    return by(words);
  } catch (error) {
    if (error instanceof RangeError) throw new CommandFailed(EXIT.usage, `--target: ${error.message}`);
    throw error;
  }
}
