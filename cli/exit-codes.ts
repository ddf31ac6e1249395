/** What the command's exit code says: scripts branch on it, so a code never changes its meaning. */
export const EXIT = { completed: 0, failed: 1, usage: 2, unreachable: 7 } as const;

/** An end of the command with a sentence for the person and a code for the script. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly code: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
