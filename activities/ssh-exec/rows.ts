import type { CommandResult, StepContext } from '../contract.ts';
import type { RemoteAnswer } from '../transports/ssh/detached/answer.ts';
import type { Offsets } from '../transports/ssh/detached/ask-host.ts';
import type { CommandPiece } from './command-pieces.ts';

/** Bytes kept of a command's output: more than a row shows, so that a secret cut at its start can still be told. */
const KEPT = 8192;

/** One command as it stands. */
export interface CommandEnd {
  readonly number: number;
  readonly exit_code: number | null;
  readonly duration_ms: number | null;
}

/** The rows of a step's commands, made from what its host answers: which part of the output is whose, when each began and how it ended. */
export class CommandRows {
  readonly #texts: readonly string[];
  readonly #step: Pick<StepContext, 'command' | 'log'>;
  readonly #ends = new Map<number, CommandEnd>();
  readonly #seen = new Map<string, Buffer>();
  readonly #told = new Set<string>();
  /** Of each of several commands where its lines stand in the log, as far as this attempt wrote them. */
  readonly #lines = new Map<number, { readonly first: number | null; last: number }>();
  /** Where reading began: rows of what ended before that were told by an earlier attempt. */
  #began: Offsets | null = null;

  constructor(texts: readonly string[], step: Pick<StepContext, 'command' | 'log'>) {
    this.#texts = texts;
    this.#step = step;
  }

  /** How the commands ended that were seen to. */
  get ends(): readonly CommandEnd[] {
    return [...this.#ends.values()].sort((one, other) => one.number - other.number);
  }

  /** Shows in the log which of several commands begins; what an earlier attempt logged of it begins there. */
  async begin({ number, from }: Pick<CommandPiece, 'number' | 'from'>): Promise<void> {
    if (this.#texts.length <= 1 || number > this.#texts.length || this.#lines.has(number)) return;
    const { log } = this.#step;
    const isLogged = from.stdout < log.stored.stdout || from.stderr < log.stored.stderr;
    const first = log.lines + 1;
    this.#lines.set(number, { first: isLogged ? null : first, last: log.lines });
    if (!isLogged) await log.line('info', `$ ${shown(this.#texts[number - 1] ?? '')}`);
  }

  /** What was written until now of a command's output is in the log. */
  reach(number: number): void {
    const own = this.#lines.get(number);
    const isNewest = own !== undefined && number === Math.max(...this.#lines.keys());
    if (isNewest) own.last = this.#step.log.lines;
  }

  /** Takes an answer whose output began at `offsets`, and tells the rows that changed. */
  take(answer: RemoteAnswer, offsets: Offsets): void {
    this.#began ??= offsets;
    for (const stream of ['stdout', 'stderr'] as const) this.#part(answer, stream, offsets[stream]);
    const read = { stdout: offsets.stdout + answer.stdout.length, stderr: offsets.stderr + answer.stderr.length };
    const now = Date.now();
    for (const line of this.#linesOf(answer)) {
      const { number, exitCode, startedMs, endedMs } = line;
      // Its row waits until all of its output is here.
      if (exitCode !== null && (line.stdoutEnd > read.stdout || line.stderrEnd > read.stderr)) continue;
      const duration = endedMs === null ? null : endedMs - startedMs;
      if (exitCode !== null) this.#ends.set(number, { number, exit_code: exitCode, duration_ms: duration });
      if (exitCode !== null && isBefore(line, this.#began)) continue;
      const told = `${number} ${exitCode === null ? 'runs' : 'ended'}`;
      if (this.#told.has(told)) continue;
      this.#told.add(told);
      this.#step.command({
        number,
        command: this.#texts[number - 1] ?? '',
        output: this.#text(number, 'stdout'),
        error: this.#text(number, 'stderr'),
        exit_code: exitCode,
        executed_at: new Date(now - (answer.ageMs ?? 0) + startedMs).toISOString(),
        duration_ms: duration,
        parsed: null,
        ...this.#placeOf(number, exitCode !== null),
      } satisfies CommandResult);
    }
  }

  #placeOf(number: number, hasEnded: boolean): Pick<CommandResult, 'first_line' | 'last_line'> {
    const own = this.#lines.get(number);
    if (!own) return {};
    return { ...(own.first !== null && { first_line: own.first }), ...(hasEnded && { last_line: own.last }) };
  }

  /** A single command has no lines of its own on the host: it is the whole execution. */
  #linesOf({ commands, state, exitCode, tookMs, sizes }: RemoteAnswer): RemoteAnswer['commands'] {
    if (this.#texts.length > 1 || commands.length > 0) return commands;
    const ended = state === 'ended';
    return [
      {
        number: 1,
        exitCode: ended ? exitCode : null,
        startedMs: 0,
        endedMs: ended ? tookMs : null,
        stdoutEnd: sizes.stdout,
        stderrEnd: sizes.stderr,
      },
    ];
  }

  #part(answer: RemoteAnswer, stream: 'stdout' | 'stderr', from: number): void {
    let at = from;
    let rest = answer[stream];
    for (const line of answer.commands) {
      if (line.exitCode === null) continue;
      const length = Math.max(0, Math.min(rest.length, (stream === 'stdout' ? line.stdoutEnd : line.stderrEnd) - at));
      this.#keep(line.number, stream, rest.subarray(0, length));
      rest = rest.subarray(length);
      at += length;
    }
    const running = answer.commands.find((line) => line.exitCode === null)?.number ?? Math.max(1, answer.commands.length);
    this.#keep(running, stream, rest);
  }

  #keep(number: number, stream: 'stdout' | 'stderr', bytes: Buffer): void {
    if (bytes.length === 0) return;
    const key = `${number} ${stream}`;
    const kept = this.#seen.get(key) ?? Buffer.alloc(0);
    // Copied, so that a few bytes do not keep a whole answer in memory.
    this.#seen.set(key, Buffer.from(Buffer.concat([kept, bytes.subarray(-KEPT)]).subarray(-KEPT)));
  }

  #text(number: number, stream: 'stdout' | 'stderr'): string {
    return this.#seen.get(`${number} ${stream}`)?.toString('utf8') ?? '';
  }
}

const isBefore = ({ stdoutEnd, stderrEnd }: RemoteAnswer['commands'][number], { stdout, stderr }: Offsets): boolean =>
  stdoutEnd + stderrEnd > 0 && stdoutEnd <= stdout && stderrEnd <= stderr;

const LONGEST_SHOWN = 1_000;

/** A command in one line of the log. */
const shown = (text: string): string => {
  const [first = ''] = text.trimStart().split('\n', 1);
  const line = first.slice(0, LONGEST_SHOWN);
  return line.length < text.trim().length ? `${line} …` : line;
};
