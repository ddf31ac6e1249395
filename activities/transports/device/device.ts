import { StepFailure, stepFailure } from '#jobs/failure.ts';
import type { SshSession } from '../ssh/session.ts';
import type { Driver, Instruction, ModeName, Passage } from './driver.ts';
import { findPrompt } from './login.ts';
import { type Prompt, promptOf, withoutHost } from './prompt.ts';
import type { Question } from './questions.ts';
import { Reply } from './reply.ts';
import { SessionEnded, TERMINAL_SIZE, Terminal, TooLate } from './terminal.ts';

/** Who is spoken to and what may be said. */
export interface DeviceOptions {
  readonly driver: Driver;
  /** Name of the target, for messages. */
  readonly target: string;
  /** Name of the login, for a line or a mode that asks for one. */
  readonly user: string;
  readonly linePassword: string | null;
  readonly enableSecret: string | null;
  /** Declared answers to what a command may ask. */
  readonly questions: readonly Question[];
  /** Longest wait for the first prompt and for a change of mode, in milliseconds. */
  readonly loginLimitMs: number;
  readonly signal: AbortSignal;
  readonly size?: { readonly columns: number; readonly rows: number };
}

/** How one command ended. */
export interface Ran {
  readonly output: string;
  /** There was more output than is kept. */
  readonly cut: boolean;
  /** What the device said against it, or what it asked and nobody answered; null when it was taken. */
  readonly failure: string | null;
}

export interface RunOptions {
  readonly limitMs: number;
  /** Answers beside the declared ones. */
  readonly questions?: readonly Question[];
  /** Hears whole lines of output as they come; the device waits for it. */
  readonly onOutput?: (lines: readonly string[]) => Promise<void>;
}

/** Longest wait for a device to take back what it was doing, to leave its configuration, and to close. */
const TIDY_MS = 3000;
const CLOSE_MS = 1000;
const CTRL_C = '\x03';
/** Answers to the questions of one command. */
const MOST_ANSWERS = 20;
/** Times `leave` is sent where depth is not known. */
const DEEPEST = 8;

/** A device's command line, found at its prompt; one command at a time. */
export class Device {
  readonly #options: DeviceOptions;
  readonly #terminal: Terminal;
  #prompt: Prompt;
  /** What the prompt is where commands are given, whatever the device is called by then. */
  #home: string;
  /** A command is under way, or its end was never seen. */
  #busy = false;
  /** The device asked for a secret that it did not get: nothing more is typed there. */
  #isAtSecret = false;
  #isClosed = false;

  constructor(options: DeviceOptions, terminal: Terminal, prompt: Prompt) {
    this.#options = options;
    this.#terminal = terminal;
    this.#prompt = prompt;
    this.#home = withoutHost(prompt);
  }

  get prompt(): Prompt {
    return this.#prompt;
  }

  /** What stands on the screen where something more was expected. */
  get lastLine(): string {
    return this.#terminal.line.trim() || this.#terminal.above.trim();
  }

  /** Sends one line and waits for the prompt after it. Throws `SessionEnded`, `TooLate`, or the signal's reason; then only `close` may follow. */
  async run(command: string, { limitMs, questions = [], onOutput }: RunOptions, signal = this.#options.signal): Promise<Ran> {
    const reply = new Reply(this.#options.driver, command, this.#prompt, [...questions, ...this.#options.questions]);
    const flush = () => {
      const lines = reply.takeFresh();
      return lines.length === 0 || onOutput === undefined ? null : onOutput(lines);
    };
    const result = (failure: string | null): Ran => ({ output: reply.output, cut: reply.cut, failure });
    if (this.#busy)
      throw stepFailure('connection', `${this.#options.target} did not come back to its prompt`, { target: this.#options.target });
    const endsWell = { now: false };
    let given = 0;
    const answered = new Set<Question>();
    const lateAt = performance.now() + limitMs;
    this.#busy = true;
    this.#terminal.takeLines();
    this.#terminal.send(`${command}\n`);
    try {
      for (;;) {
        const next = await this.#terminal.wait(() => reply.look(this.#terminal), { limitMs: lateAt - performance.now(), signal, flush });
        if (next.do === 'done') {
          reply.drop();
          this.#busy = false;
          this.#prompt = next.prompt;
          return result(reply.failure);
        }
        if (next.do === 'give up') {
          reply.end();
          await flush();
          await this.#interrupt(signal);
          return result(`asks ${JSON.stringify(next.asked)}, which no answer is declared for`);
        }
        const isAnswer = next.do === 'answer';
        given += isAnswer ? 1 : 0;
        if (given > MOST_ANSWERS) {
          await this.#interrupt(signal);
          return result(`asks ${JSON.stringify(this.lastLine)} again and again`);
        }
        if (isAnswer) endsWell.now = next.question.closes === true;
        reply.handled(this.#terminal, !isAnswer);
        this.#terminal.send(isAnswer ? `${answerTo(next.question, answered)}\n` : next.send);
      }
    } catch (error) {
      reply.end();
      await flush();
      if (error instanceof SessionEnded && endsWell.now) return result(null);
      throw error;
    }
  }

  /** Climbs to a mode, giving the enable secret if it is asked for, once. A platform without that mode is there already. Throws `auth` when refused. */
  async enter(name: ModeName): Promise<void> {
    const mode = this.#options.driver.modes.find((known) => known.name === name);
    if (mode === undefined || this.#prompt.mode === name) return;
    if (mode.enter === undefined) throw this.#noWay(name, 'there is no way to it');
    if (this.#prompt.mode !== mode.enter.from && mode.enter.from !== name) await this.enter(mode.enter.from);
    await this.#pass(name, mode.enter);
  }

  async #pass(name: ModeName, passage: Passage): Promise<void> {
    const { target, loginLimitMs } = this.#options;
    const secretSent = { now: false };
    const questions = passageQuestions(passage, this.#options, secretSent);
    const ran = await this.run(passage.send, { limitMs: loginLimitMs, questions }).catch((error: unknown) => {
      this.#isAtSecret = error instanceof StepFailure && error.type === 'auth';
      if (error instanceof SessionEnded && secretSent.now) throw enableRefused(target, 'the session was ended');
      throw error;
    });
    if (this.#prompt.mode === name && !this.#busy) {
      if (name !== 'config') this.#home = withoutHost(this.#prompt);
      return;
    }
    const said = ran.failure ?? ran.output.trim().split('\n').at(-1) ?? '';
    const isRefused = secretSent.now || passage.refused?.some((refusal) => ran.output.split('\n').some((line) => refusal.test(line)));
    if (isRefused) throw enableRefused(target, said);
    throw this.#noWay(name, said);
  }

  #noWay(name: ModeName, said: string) {
    const { target, driver } = this.#options;
    const type = name === 'enable' ? 'auth' : 'policy';
    const why = said === '' ? 'the prompt stays the same' : said.slice(0, 300);
    return stepFailure(type, `${target} does not enter its ${name} mode (${driver.title}): ${why}`, { target, stage: name });
  }

  /** Sends lines for their effect; answers with what was said against them, if anything. */
  async instruct(
    instructions: readonly Instruction[],
    options: RunOptions,
    signal = this.#options.signal,
  ): Promise<readonly (Ran & Instruction)[]> {
    const done: (Ran & Instruction)[] = [];
    for (const instruction of instructions) {
      if (instruction.when && !instruction.when.test(this.#prompt.text)) continue;
      const questions = (instruction.answers ?? []).map(({ when, send }): Question => ({ matches: (line) => when.test(line), send }));
      const ran = await this.run(instruction.send, { ...options, questions }, signal);
      done.push({ ...instruction, ...ran });
      if (ran.failure !== null) break;
    }
    return done;
  }

  /** Leaves the configuration from whatever depth, taking back what was not committed if asked to; nothing where it is not inside. */
  async leaveConfiguration(how: 'keep' | 'abandon', signal = this.#options.signal): Promise<void> {
    const { configuring } = this.#options.driver;
    const way = how === 'abandon' ? (configuring.abandon ?? configuring.leave) : configuring.leave;
    for (let depth = 0; this.isConfiguring && way.length > 0 && depth < DEEPEST; depth += 1) {
      for (const step of way) await this.instruct([step], { limitMs: TIDY_MS * 4 }, signal);
    }
  }

  /** Whether the prompt is one of the configuration, or not the one that commands are given at where that is all to tell by. */
  get isConfiguring(): boolean {
    const { inMode, leave } = this.#options.driver.configuring;
    return inMode ? this.#prompt.mode === 'config' : leave.length > 0 && withoutHost(this.#prompt) !== this.#home;
  }

  /** Takes back what is under way, leaves the configuration without what was not committed, logs out and closes; never throws, at most some seconds. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const soon = AbortSignal.timeout(2 * TIDY_MS);
    try {
      if (this.#isAtSecret) return this.#terminal.close();
      if (this.#busy) await this.#interrupt(soon);
      if (!this.#busy) {
        await this.leaveConfiguration('abandon', soon);
        this.#terminal.send(`${this.#options.driver.exit}\n`);
        await this.#terminal.wait(() => this.#unheard(), { limitMs: CLOSE_MS, signal: soon });
      }
    } catch {
      // It ends with the channel.
    }
    this.#terminal.close();
  }

  /** What comes now is kept by nobody. */
  #unheard(): null {
    this.#terminal.takeLines();
    return null;
  }

  /** Interrupts what is under way; afterwards no longer busy if the prompt came back. */
  async #interrupt(signal: AbortSignal): Promise<void> {
    const before = this.#terminal.finished;
    const lineBefore = this.#terminal.line;
    this.#terminal.send(CTRL_C);
    const look = () => {
      this.#unheard();
      const { line, above, finished } = this.#terminal;
      const prompt = finished === before && line === lineBefore ? null : promptOf(this.#options.driver, line, above);
      return prompt && { value: prompt, settleMs: 150 };
    };
    try {
      this.#prompt = await this.#terminal.wait(look, { limitMs: TIDY_MS, signal });
      this.#busy = false;
    } catch (error) {
      if (!(error instanceof TooLate)) throw error;
    }
  }
}

/** Opens a terminal on a device and finds its prompt. Throws `auth` when the device refuses the line password, `connection` when no prompt comes. */
export async function openDevice(session: SshSession, options: DeviceOptions): Promise<Device> {
  const { driver, target, linePassword, questions, signal } = options;
  const size = options.size ?? TERMINAL_SIZE;
  const terminal = new Terminal(await session.terminal(size, signal), size.columns);
  try {
    const login = { driver, target, linePassword, questions, signal, user: options.user, limitMs: options.loginLimitMs };
    const device = new Device(options, terminal, await findPrompt(terminal, login));
    if (device.prompt.mode === 'shell') await device.enter('exec');
    return device;
  } catch (error) {
    terminal.close();
    throw error;
  }
}

/** What is typed for a question, kept in mind so that what may be given once only is. */
function answerTo(question: Question, answered: Set<Question>): string {
  if (question.onlyOnce !== undefined && answered.has(question)) throw question.onlyOnce();
  answered.add(question);
  return question.send;
}

function passageQuestions(
  passage: Passage,
  { target, user, enableSecret }: DeviceOptions,
  secretSent: { now: boolean },
): readonly Question[] {
  const { secret, username } = passage;
  const given = (passage.answers ?? []).map(({ when, send }): Question => ({ matches: (line) => when.test(line), send }));
  if (username)
    given.push({
      matches: (line) => username.test(line),
      send: user,
      onlyOnce: () => enableRefused(target, 'it asks for a user name again'),
    });
  if (secret === undefined) return given;
  const asked: Question = {
    matches: (line) => secret.test(line),
    get send() {
      if (enableSecret === null) throw enableRefused(target, 'it asks for a secret, and the credential has no enable_secret');
      secretSent.now = true;
      return enableSecret;
    },
    onlyOnce: () => enableRefused(target, 'it asks for the secret again'),
  };
  return [...given, asked];
}

const enableRefused = (target: string, why: string) =>
  stepFailure('auth', `${target} refused the enable secret: ${why.slice(0, 300)}`, { target, stage: 'enable' });
