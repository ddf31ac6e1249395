import type { ApiClient } from '../api-client.ts';

/** What a group of commands is given by the program it joins. */
export interface CommandGroup {
  readonly api: () => ApiClient;
  readonly say: (line: string) => void;
  /** Ends the program with the code once it is known. */
  readonly finish: (code: Promise<number>) => Promise<void>;
}
