import { stepFailure } from '#jobs/failure.ts';
import type { Json } from '#jobs/json.ts';
import type { ResultOf } from '#jobs/step.ts';
import type { StepContext } from '../contract.ts';
import type { Device, Ran } from '../transports/device/device.ts';
import type { Instruction } from '../transports/device/driver.ts';
import { SessionEnded, TooLate } from '../transports/device/terminal.ts';
import type { deviceCommand } from './spec.ts';

type Said = ResultOf<typeof deviceCommand>['commands'][number];

/** Turns what a device said to a command into rows; null when nothing knows how. */
export type Parse = (command: string, output: string) => Promise<Json>;

/** Characters of output that a result carries, all commands together, and of what was said against one. */
const RESULT_OUTPUT = 65_536;
const REFUSAL = 4096;
/** Bytes of parsed rows that a result carries; the rows of the commands hold all. */
const RESULT_PARSED = 262_144;

/** A dialogue with a device that log, rows and result tell of, command by command. */
export class Dialogue {
  readonly #step: StepContext;
  readonly #device: Device;
  readonly #parse: Parse | null;
  /** How many commands there will be, for the progress. */
  readonly #expected: number;
  readonly #said: Said[] = [];
  #parsedBytes = 0;

  constructor(step: StepContext, device: Device, parse: Parse | null, expected: number) {
    this.#expected = expected;
    this.#step = step;
    this.#device = device;
    this.#parse = parse;
  }

  /** How many commands were given. */
  get count(): number {
    return this.#said.length;
  }

  /** What the result says of them. */
  get said(): readonly Said[] {
    const each = shareOf(this.#said.length);
    return this.#said.map((one) => ({ ...one, output: one.output.slice(-each) }));
  }

  /** A text without what is secret, for a message that may cut it. */
  masked(text: string): string {
    return this.#step.masked(text);
  }

  /** A command for a message. */
  shown(command: string): string {
    return shown(this.masked(command));
  }

  /** Gives one command; what the device says goes into the log as it comes. Throws as `Device.run` does, its row then saying so. */
  async give(command: string, limitMs: number, instruction?: Instruction): Promise<Ran> {
    const number = this.#said.length + 1;
    const executed_at = new Date().toISOString();
    const began = performance.now();
    // The line that shows the command begins its output.
    const first_line = this.#step.log.lines + 1;
    const tell = (output: string, error: string, exit_code: number | null, parsed: Json = null): Said => {
      const duration_ms = Math.round(performance.now() - began);
      const last_line = this.#step.log.lines;
      this.#step.command({ number, command, output, error, exit_code, executed_at, duration_ms, parsed, first_line, last_line });
      const shownOutput = this.#step.masked(output).slice(-shareOf(number));
      const shownError = this.#step.masked(error).slice(0, REFUSAL);
      return { command, output: shownOutput, error: shownError, exit_code: exit_code ?? 1, duration_ms, parsed };
    };
    this.#step.command({
      number,
      command,
      output: '',
      error: '',
      exit_code: null,
      executed_at,
      duration_ms: null,
      parsed: null,
      first_line,
    });
    await this.#step.log.line('info', `${this.#device.prompt.text.trimEnd()} ${command}`);

    const questions = (instruction?.answers ?? []).map(({ when, send }) => ({ matches: (line: string) => when.test(line), send }));
    const onOutput = (lines: readonly string[]) => this.#step.log.write('stdout', Buffer.from(`${lines.join('\n')}\n`));
    try {
      const ran = await this.#device.run(command, { limitMs, questions, onOutput });
      if (ran.cut)
        await this.#step.log.line('warn', `the output of ${this.shown(command)} is kept up to its first ${ran.output.length} characters`);
      const output = ran.output.replace(/\n+$/, '');
      const parsed = ran.failure === null && this.#parse !== null ? await this.#parse(command, ran.output) : null;
      const one = tell(ran.cut ? `${output}\n[cut: there was more]` : output, ran.failure ?? '', ran.failure === null ? 0 : 1, parsed);
      this.#parsedBytes += Buffer.byteLength(JSON.stringify(parsed));
      this.#said.push(this.#parsedBytes > RESULT_PARSED ? { ...one, parsed: null } : one);
      this.#step.progress(Math.min(99, Math.floor((100 * number) / this.#expected)));
      return ran;
    } catch (error) {
      tell('', error instanceof Error ? error.message : String(error), null);
      throw error;
    }
  }
}

/** What each of so many commands may show of its output. */
const shareOf = (commands: number): number => Math.max(80, Math.floor(RESULT_OUTPUT / Math.max(1, commands)));

/** A command for a message, once nothing in it is secret. */
export const shown = (command: string): string => JSON.stringify(command.length > 120 ? `${command.slice(0, 117)}…` : command);

/** What a command that got no prompt after it failed with; every other failure stays as it is. */
export function brokenOff(
  error: unknown,
  target: string,
  command: string,
  device: Device,
  { masked }: Pick<StepContext, 'masked'>,
): unknown {
  const details = { target, command };
  const name = shown(masked(command));
  if (error instanceof SessionEnded) return stepFailure('connection', `the session on ${target} ended during ${name}`, details, error);
  if (!(error instanceof TooLate)) return error;
  const last = JSON.stringify(masked(device.lastLine).slice(-200));
  return stepFailure('timeout', `${name} on ${target} brought no prompt in its time; the last line is ${last}`, details, error);
}
