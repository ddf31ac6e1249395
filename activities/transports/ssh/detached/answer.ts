import type { Answer } from '../ask.ts';

export const REMOTE_STATES = ['none', 'starting', 'running', 'ended', 'cancelled', 'lost', 'fault'] as const;
export type RemoteState = (typeof REMOTE_STATES)[number];

/** What a host tells of one execution, with the bytes that came since the offsets asked for. */
export interface RemoteAnswer {
  readonly state: RemoteState;
  /** Name of the execution's directory. */
  readonly execution: string;
  /** It was started by this very exchange. */
  readonly fresh: boolean;
  readonly exitCode: number | null;
  readonly tookMs: number | null;
  /** Since the command began; null when nobody can tell. */
  readonly ageMs: number | null;
  /** Why it is lost: `reboot` or `vanished`; what kept it from starting: `absent`, `closed`, `directory`, `become`. */
  readonly why: string;
  /** What the host said about that. */
  readonly text: string;
  /** What the host's own watch ended it for: `timeout` or `max_output`. */
  readonly verdict: string;
  /** What gives the command a session of its own: `setsid`, `perl`, `python3`, or `group` when nothing does. */
  readonly detached: string;
  /** A logout ends the command, because the host is set so and offers no way around. */
  readonly endsAtLogout: boolean;
  readonly sizes: { readonly stdout: number; readonly stderr: number };
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly commands: readonly RemoteCommandLine[];
}

/** One command of several, as the host has it; `exitCode` null while it runs. Offsets are of the streams at its end. */
export interface RemoteCommandLine {
  readonly number: number;
  readonly exitCode: number | null;
  readonly startedMs: number;
  readonly endedMs: number | null;
  readonly stdoutEnd: number;
  readonly stderrEnd: number;
}

/** Reads an answer; null when there is none in it, or less than it promises. */
export function readAnswer({ stdout, stderr }: Answer, mark: string, offsets: { readonly stdout: number; readonly stderr: number }) {
  const commands = new Map<number, RemoteCommandLine>();
  for (let from = 0; ; ) {
    const at = stdout.indexOf(`${mark} `, from);
    const end = stdout.indexOf(10, at);
    if (at < 0 || end < 0) return null;
    const line = stdout.toString('latin1', at + mark.length + 1, end);
    if (!line.startsWith('command '))
      return answerOf(line, stdout.subarray(end + 1), afterMark(stderr, mark), offsets, [...commands.values()]);
    const command = commandOf(line);
    commands.set(command.number, command);
    from = end + 1;
  }
}

function answerOf(
  line: string,
  out: Buffer,
  err: Buffer | null,
  offsets: { readonly stdout: number; readonly stderr: number },
  commands: readonly RemoteCommandLine[],
): RemoteAnswer | null {
  const [words = '', text = ''] = line.split(' text=', 2);
  const fields = new Map(words.split(' ').map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] as const));
  const state = REMOTE_STATES.find((one) => one === fields.get('state'));
  if (state === undefined) return null;
  const number = (name: string): number | null => (/^-?\d+$/.test(fields.get(name) ?? '') ? Number(fields.get(name)) : null);
  const hundredths = (name: string): number | null => (number(name) === null ? null : Math.max(0, (number(name) ?? 0) * 10));

  const stdout = exactly(out, offsets.stdout, number('out') ?? 0);
  const stderr = exactly(err ?? Buffer.alloc(0), offsets.stderr, number('err') ?? 0);
  if (stdout === null || stderr === null) return null;
  return {
    state,
    execution: fields.get('execution') ?? '',
    fresh: fields.get('fresh') === '1',
    exitCode: number('code'),
    tookMs: hundredths('took'),
    ageMs: hundredths('age'),
    why: fields.get('why') ?? '',
    text: text.trim(),
    verdict: fields.get('verdict') ?? '',
    detached: fields.get('how') ?? '',
    endsAtLogout: fields.get('logout') === 'kills',
    sizes: { stdout: number('out_size') ?? 0, stderr: number('err_size') ?? 0 },
    stdout,
    stderr,
    commands,
  };
}

const BLOCK = 4096;

/** The promised bytes: the host sends whole blocks, from the one that holds the offset. */
function exactly(bytes: Buffer, offset: number, length: number): Buffer | null {
  if (length === 0) return Buffer.alloc(0);
  const from = offset % BLOCK;
  return bytes.length < from + length ? null : bytes.subarray(from, from + length);
}

function afterMark(bytes: Buffer, mark: string): Buffer | null {
  const at = bytes.indexOf(`${mark}\n`);
  return at < 0 ? null : bytes.subarray(at + mark.length + 1);
}

/** `command <number> start <hundredths>` or `command <number> end <code> <start> <end> <out> <err>`. */
function commandOf(line: string): RemoteCommandLine {
  const [, number, what, ...values] = line.split(' ');
  const [first = 0, second = 0, third = 0, out = 0, err = 0] = values.map(Number);
  return what === 'start'
    ? { number: Number(number), exitCode: null, startedMs: first * 10, endedMs: null, stdoutEnd: 0, stderrEnd: 0 }
    : { number: Number(number), exitCode: first, startedMs: second * 10, endedMs: third * 10, stdoutEnd: out, stderrEnd: err };
}
