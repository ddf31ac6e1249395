import { setTimeout as pause } from 'node:timers/promises';
import { StepFailure, stepFailure } from '#jobs/failure.ts';
import type { StepContext } from '../contract.ts';
import type { RemoteAnswer } from '../transports/ssh/detached/answer.ts';
import { backOff, follow, isCut, type Offsets, startOrAttach, wasSent } from '../transports/ssh/detached/ask-host.ts';
import type { RoundPlace } from '../transports/ssh/detached/place.ts';
import type { RemoteOrder } from '../transports/ssh/detached/start.ts';
import type { SshSession } from '../transports/ssh/session.ts';
import { piecesOf } from './command-pieces.ts';
import { lostFailure, startFailure, unfollowedFailure } from './failures.ts';
import type { CommandRows } from './rows.ts';

/** Bytes before the resume offset that are read again, so that the tail of the output is whole. */
const RECALLED = 4096;

/** Between two looks at a command that keeps speaking; the log shows new lines no faster. */
const LIVE_MS = 100;

/** A claim without a word in it after this long is one whose taker died while taking it. */
const STARTING_MS = 10_000;

/** Follows one execution on a host: reads its output once and in order, whatever becomes of connections meanwhile. */
export class CommandFollower {
  readonly #session: SshSession;
  readonly #step: StepContext;
  readonly #rows: CommandRows;
  readonly #place: RoundPlace;
  #offsets: Offsets = { stdout: 0, stderr: 0 };
  #execution: string;
  #started = false;

  constructor(session: SshSession, step: StepContext, place: RoundPlace, rows: CommandRows) {
    this.#session = session;
    this.#step = step;
    this.#place = place;
    this.#rows = rows;
    this.#execution = String(step.execution.number);
  }

  /** Name of the execution's directory. */
  get execution(): string {
    return this.#execution;
  }

  /** The host may have begun the command. */
  get started(): boolean {
    return this.#started;
  }

  /** Starts the command or takes it up; its output so far is in the log when this resolves. Throws when it could not begin or nothing is known of it. */
  async begin(order: RemoteOrder): Promise<RemoteAnswer> {
    const { stored } = this.#step.log;
    const from = { stdout: Math.max(0, stored.stdout - RECALLED), stderr: Math.max(0, stored.stderr - RECALLED) };
    this.#started = this.#step.execution.reattached;
    const answer = await this.#patiently(() => startOrAttach(this.#session, order, from, this.#step.signal));
    if (answer.state === 'fault') throw startFailure(this.#session.peer, answer);
    this.#started = true;
    this.#execution = answer.execution;
    if (answer.state === 'cancelled') throw stepFailure('lost', `the command was ended on ${this.#session.peer.target} before it began`);
    if (answer.state === 'none') {
      const what = order.attachOnly ? 'knows nothing of the command that was begun there' : 'could not start the command';
      throw stepFailure(order.attachOnly ? 'lost' : 'connection', `${this.#session.peer.target} ${what}`, {
        target: this.#session.peer.target,
        stage: 'start',
        execution: answer.execution,
      });
    }
    this.#offsets = from;
    const known = { stdout: stored.stdout - from.stdout, stderr: stored.stderr - from.stderr };
    for (const stream of ['stdout', 'stderr'] as const) {
      if (known[stream] > 0) this.#step.log.recall(stream, answer[stream].subarray(0, known[stream]));
    }
    // What has ended had its time on the host, however late it is read.
    if (!answer.fresh && answer.ageMs !== null && isOn(answer)) this.#step.hasRunFor(answer.ageMs);
    await this.#take(answer, known);
    return answer;
  }

  /** Reads on until the command has ended and all its output is in the log. `most`: throws through `onTooMuch` beyond so many bytes. */
  async toTheEnd(answer: RemoteAnswer, most: number, onTooMuch: () => Promise<never>): Promise<RemoteAnswer> {
    let last = answer;
    let heard = Date.now();
    for (let asked = heard; !this.#isOver(last); ) {
      if (last.sizes.stdout + last.sizes.stderr > most) await onTooMuch();
      if (last.state === 'starting' && Date.now() - heard > STARTING_MS) throw lostFailure(this.#session.peer, last);
      if (this.#isRead(last)) await this.#breathe(asked + LIVE_MS);
      asked = Date.now();
      last = await this.#patiently(() =>
        follow(this.#session, this.#place, this.#execution, this.#offsets, { quietMs: Date.now() - heard }, this.#step.signal),
      );
      if (last.stdout.length + last.stderr.length > 0) heard = Date.now();
      await this.#take(last, { stdout: 0, stderr: 0 });
    }
    return last;
  }

  /** What came until now, at once and without a word about its state: for the end of a step that was stopped. */
  async rest(signal: AbortSignal): Promise<void> {
    const last = await follow(this.#session, this.#place, this.#execution, this.#offsets, { quietMs: 0, seconds: 0 }, signal);
    await this.#take(last, { stdout: 0, stderr: 0 });
  }

  #isRead({ sizes }: RemoteAnswer): boolean {
    return this.#offsets.stdout >= sizes.stdout && this.#offsets.stderr >= sizes.stderr;
  }

  #isOver(answer: RemoteAnswer): boolean {
    return this.#isRead(answer) && !isOn(answer);
  }

  /** Puts an answer's output in the log, but for the first `known` bytes of each stream. */
  async #take(answer: RemoteAnswer, known: Offsets): Promise<void> {
    for (const piece of piecesOf(answer, this.#offsets, known)) {
      await this.#rows.begin(piece);
      for (const stream of ['stdout', 'stderr'] as const) if (piece[stream].length > 0) await this.#step.log.write(stream, piece[stream]);
      this.#rows.reach(piece.number);
    }
    this.#rows.take(answer, this.#offsets);
    this.#offsets = {
      stdout: this.#offsets.stdout + answer.stdout.length,
      stderr: this.#offsets.stderr + answer.stderr.length,
    };
    this.#step.checkpoint({ execution: this.#execution, ...this.#offsets });
  }

  async #breathe(until: number): Promise<void> {
    const ms = until - Date.now();
    if (ms > 0) await pause(ms, undefined, { signal: this.#step.signal }).catch(() => undefined);
    this.#step.signal.throwIfAborted();
  }

  /** Makes an exchange again for as long as the step has time: a cut connection says nothing about the command. What never reached the host is thrown as it is. */
  async #patiently(exchange: () => Promise<RemoteAnswer>): Promise<RemoteAnswer> {
    const { signal, log } = this.#step;
    for (let tries = 0; ; tries += 1) {
      try {
        return await exchange();
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        this.#started ||= wasSent(error);
        if (!this.#started || !(error instanceof StepFailure)) throw error;
        if (!isCut(error)) throw unfollowedFailure(this.#session.peer, this.#execution, error);
        if (tries === 0) await log.line('warn', `${error.message}; the command goes on, connecting again`);
        await backOff(tries, signal).catch(() => undefined);
        signal.throwIfAborted();
      }
    }
  }
}

const isOn = ({ state }: RemoteAnswer): boolean => state === 'running' || state === 'starting';
