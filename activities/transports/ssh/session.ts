import { type ExecEnd, type ExecOptions, exec, type ShellSource } from './exec.ts';
import type { HostKey } from './host-key.ts';
import type { ExecRequest } from './remote-script.ts';

/** A step's way to its target: verified, logged in, shared with other steps underneath. */
export interface SshSession {
  readonly peer: {
    readonly target: string;
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly hostKey: HostKey;
  };
  /** Runs one command to its end. Throws `lost` when the connection ends first, `connection` when none can be had. */
  exec(request: ExecRequest, options: ExecOptions): Promise<ExecEnd>;
}

/** A session whose commands open their channels from `source`. */
export const sshSession = (source: ShellSource, hostKey: HostKey): SshSession => {
  const { name: target, host, port, user } = source.target;
  return { peer: { target, host, port, user, hostKey }, exec: (request, options) => exec(source, request, options) };
};
