/** The host opened no further channel on this connection (`MaxSessions`), or no stream to that address. */
export class ChannelRefused extends Error {
  override readonly name = 'ChannelRefused';
  /** Whether the host forbids it, rather than being unable to. */
  readonly forbidden: boolean;

  constructor(error: Error & { readonly reason?: unknown }) {
    super(error.message, { cause: error });
    this.forbidden = error.reason === ADMINISTRATIVELY_PROHIBITED;
  }
}

const ADMINISTRATIVELY_PROHIBITED = 1;

/** The host opened the channel and refused what it was to be used for. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
}

/** Whether the host does not offer what was asked; a command it does not start may be for want of a process just now. */
export const isRefusal = (error: Error): boolean => error instanceof RequestRefused && !error.message.includes('exec');
