import type { RemoteAnswer } from '../transports/ssh/detached/answer.ts';
import type { Offsets } from '../transports/ssh/detached/ask-host.ts';

/** What an answer brings of one command's output. */
export interface CommandPiece {
  readonly number: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Where the command's output begins in each stream. */
  readonly from: Offsets;
}

/** The output of an answer command by command, in their order; it began at `offsets`, and the first `known` bytes of each stream are left out. */
export function piecesOf(answer: RemoteAnswer, offsets: Offsets, known: Offsets): readonly CommandPiece[] {
  const ended = answer.commands.filter(({ exitCode }) => exitCode !== null);
  const running = answer.commands.find(({ exitCode }) => exitCode === null)?.number;
  let from: Offsets = { stdout: 0, stderr: 0 };
  const pieces = ended.map(({ number, stdoutEnd, stderrEnd }): CommandPiece => {
    const piece = { number, from, stdout: between('stdout', from.stdout, stdoutEnd), stderr: between('stderr', from.stderr, stderrEnd) };
    from = { stdout: stdoutEnd, stderr: stderrEnd };
    return piece;
  });
  const last = { from, stdout: between('stdout', from.stdout), stderr: between('stderr', from.stderr) };
  // What came after the last end, before the host said whose it is, is the next one's.
  const isMore = running !== undefined || ended.length === 0 || last.stdout.length + last.stderr.length > 0;
  return isMore ? [...pieces, { ...last, number: running ?? ended.length + 1 }] : pieces;

  function between(stream: 'stdout' | 'stderr', start: number, end = Number.POSITIVE_INFINITY): Buffer {
    const at = (place: number) => Math.max(known[stream], place - offsets[stream]);
    return answer[stream].subarray(at(start), Math.max(at(start), end === Number.POSITIVE_INFINITY ? answer[stream].length : at(end)));
  }
}
