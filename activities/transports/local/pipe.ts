import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** One end for a child process to write to, the other to read from here. */
export interface Pipe {
  /** File descriptor to hand to the child; close it here once the child has it. */
  readonly writeEnd: number;
  readonly readable: Socket;
}

/**
 * Real pipes, as many as named. Node's own are sockets, which `/dev/stderr` and `/dev/fd/3` cannot be opened on: scripts that redirect there would fail.
 * The names are gone from the directory when this resolves.
 */
export async function makePipes(directory: string, names: readonly string[]): Promise<readonly Pipe[]> {
  const paths = names.map((name) => join(directory, name));
  await promisify(execFile)('mkfifo', ['-m', '600', ...paths]);
  return paths.map((path) => {
    // The reading end first and without waiting for a writer, then the writing end, which finds its reader.
    const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writeEnd = openSync(path, constants.O_WRONLY);
    unlinkSync(path);
    return { writeEnd, readable: new Socket({ fd: readEnd, readable: true, writable: false }) };
  });
}

/** Closes the child's ends here, so that reading ends when the child and all its offspring have closed theirs. */
export function closeWriteEnds(pipes: readonly Pipe[]): void {
  for (const { writeEnd } of pipes) closeSync(writeEnd);
}
