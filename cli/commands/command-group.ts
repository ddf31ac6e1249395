import type { ApiClient } from '../api-client.ts';
import type { Screen } from '../watch-run.ts';

/** What a group of commands is given by the program it joins. */
export interface CommandGroup {
  readonly api: () => ApiClient;
  readonly say: (line: string) => void;
  /** Ends the program with the code once it is known. */
  readonly finish: (code: Promise<number>) => Promise<void>;
  readonly screen: Screen;
  /** Gathers the words of an option that may be given many times. */
  readonly collect: (word: string, words: readonly string[]) => readonly string[];
}
