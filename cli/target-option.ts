import type { TargetChoice } from '#jobs/target-choice.ts';
import { readTargetWords } from '#jobs/target-words.ts';
import { CommandFailed, EXIT } from './exit-codes.ts';

/** What `--target` means; words that say nothing are used wrongly. */
export function targetsOf(words: string): Exclude<TargetChoice, string> {
  try {
    return readTargetWords(words);
  } catch (error) {
    if (error instanceof RangeError) throw new CommandFailed(EXIT.usage, `--target: ${error.message}`);
    throw error;
  }
}

/** The same, where one name is one target and not a list of one. */
export function targetOf(words: string): TargetChoice {
  const choice = targetsOf(words);
  const [only, another] = Array.isArray(choice) ? (choice as readonly string[]) : [];
  return only !== undefined && another === undefined ? only : choice;
}
