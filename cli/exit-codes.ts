/** What the command's exit code says: scripts branch on it, so a code never changes its meaning. */
export const EXIT = {
  completed: 0,
  /** The run did not complete. */
  failed: 1,
  usage: 2,
  /** What was sent is wrong: a definition, a parameter. */
  invalid: 3,
  denied: 4,
  not_found: 5,
  /** The thing is in a state that does not allow it, or was changed meanwhile. */
  conflict: 6,
  unreachable: 7,
  cancelled: 8,
  differences: 9,
  timeout: 124,
  interrupted: 130,
} as const;

/** The exit codes in words, for the help. */
export const EXIT_WORDS =
  'Exit codes: 0 done, 1 the run failed, 2 used wrongly, 3 invalid, 4 denied, 5 not found, 6 conflict, 7 Capstan does not answer,\n8 cancelled, 9 there are differences, 124 not within --timeout, 130 interrupted (the run goes on).';

/** The code for an answer of the API. */
export function exitOf(status: number): number {
  if (status === 401 || status === 403) return EXIT.denied;
  if (status === 404) return EXIT.not_found;
  if (status === 409 || status === 412 || status === 428) return EXIT.conflict;
  return status >= 500 || status === 429 ? EXIT.unreachable : EXIT.invalid;
}

/** An end of the command with a sentence for the person and a code for the script. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly code: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
