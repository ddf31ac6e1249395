import { StepFailure, stepFailure } from '#jobs/failure.ts';
import type { SshSession } from '../ssh/session.ts';

/** Commands that hash, best first, each with what it must say of the empty text before it is believed; openssl uses the processor's own instructions and takes a fifth of the time. */
const TOOLS = ['openssl dgst -sha256 -r', 'sha256sum', 'shasum -a 256', 'sha256 -q'] as const;
const OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const FILES_AT_ONCE = 400;
const CHARACTERS_AT_ONCE = 60_000;
const LONGEST_MS = 86_400_000;

interface Asked {
  readonly path: string;
  readonly answer: PromiseWithResolvers<string | null>;
}

/** SHA-256 of files where they are, by a command of the host. What is asked for while the host hashes goes along with the next command. */
export class RemoteDigests {
  readonly #session: SshSession;
  readonly #signal: AbortSignal;
  #tool: Promise<string | null> | null = null;
  #queue: Asked[] = [];
  #busy = false;

  constructor(session: SshSession, signal: AbortSignal) {
    this.#session = session;
    this.#signal = signal;
  }

  /** In hex, of the whole file or of its first bytes; null where the host has no command for it, or it does not read the file. */
  async of(path: string, length?: number): Promise<string | null> {
    const tool = await this.#find();
    if (tool === null) return null;
    if (length !== undefined) return digestIn(await this.#ask(`head -c ${length} ${quoted(path)} | ${tool}`, 1000));
    const answer = Promise.withResolvers<string | null>();
    this.#queue.push({ path, answer });
    if (!this.#busy) void this.#work(tool);
    return answer.promise;
  }

  async #work(tool: string): Promise<void> {
    this.#busy = true;
    // Whoever asks in the same moment goes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const batch = this.#next();
      try {
        const lines = (await this.#ask(`${tool} ${batch.map(({ path }) => quoted(path)).join(' ')}`, batch.length * 4500))
          .trimEnd()
          .split('\n');
        // A file that could not be read has no line, and then nobody knows whose line is whose.
        for (const [index, { answer }] of batch.entries())
          answer.resolve(lines.length === batch.length ? digestIn(lines[index] ?? '') : null);
      } catch (error) {
        for (const { answer } of batch) answer.reject(error);
      }
    }
    this.#busy = false;
  }

  #next(): readonly Asked[] {
    let characters = 0;
    const count = this.#queue.findIndex(({ path }, index) => {
      characters += path.length + 3;
      return index > 0 && (index >= FILES_AT_ONCE || characters > CHARACTERS_AT_ONCE);
    });
    return this.#queue.splice(0, count < 0 ? this.#queue.length : count);
  }

  #find(): Promise<string | null> {
    this.#tool ??= this.#ask(`${TOOLS.map((tool) => `${tool} </dev/null 2>/dev/null || echo`).join('; ')}`, 1000, 10_000).then(
      (answer) => TOOLS[answer.split('\n').findIndex((line) => digestIn(line) === OF_NOTHING)] ?? null,
      (error: unknown) => {
        // A login that may do nothing but SFTP has no shell to ask.
        if (this.#signal.aborted || !(error instanceof StepFailure)) throw error;
        return null;
      },
    );
    return this.#tool;
  }

  async #ask(script: string, maxBytes: number, limitMs = LONGEST_MS): Promise<string> {
    const { stdout } = await this.#session.ask(`${script}\n`, { signal: this.#signal, limitMs, maxBytes });
    return stdout.toString();
  }
}

/** A path as a word of the shell. */
export function quoted(path: string): string {
  if (path.includes('\0')) throw stepFailure('invalid_input', `${JSON.stringify(path)}: a path holds no NUL`);
  return `'${path.replaceAll("'", "'\\''")}'`;
}

/** GNU marks a line with a backslash when it had to escape the name in it. */
const digestIn = (line: string): string | null => /^\\?([0-9a-f]{64})\b/.exec(line)?.[1] ?? null;
