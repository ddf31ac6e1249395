import { StepFailure, stepFailure } from '#jobs/failure.ts';
import type { Device } from '../transports/device/device.ts';
import type { Driver, Instruction } from '../transports/device/driver.ts';
import { SessionEnded, TooLate } from '../transports/device/terminal.ts';
import { type Dialogue, shown } from './dialogue.ts';

/** What is to be configured and how. */
export interface Configuration {
  readonly target: string;
  readonly driver: Driver;
  readonly lines: readonly string[];
  readonly commit: boolean;
  readonly save: boolean;
  readonly stopOnError: boolean;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Longest wait for a commit or for saving, which take some devices minutes. */
const SETTLE_MS = 300_000;

/** How far it got. */
interface Progress {
  readonly accepted: string[];
  /** What was sent last and may or may not have been taken. */
  pending: string | null;
  committed: boolean;
}

/**
 * Gives lines of configuration and leaves the configuration again. A line that is refused stops it, unless told otherwise, and what was
 * not committed is discarded. Whatever ends it, the lines that were accepted are named; a connection that breaks once a line was sent is `lost`.
 */
export async function configure(
  device: Device,
  dialogue: Dialogue,
  asked: Configuration,
): Promise<{ committed: boolean; refused: boolean }> {
  const { target, driver, signal } = asked;
  const progress: Progress = { accepted: [], pending: null, committed: false };
  if (driver.configuring.inMode) await device.enter('config');
  try {
    const refused = await giveLines(dialogue, asked, progress);
    if (asked.commit) progress.committed = await commit(device, dialogue, asked, progress);
    await device.leaveConfiguration(driver.configuring.commit && !asked.commit ? 'abandon' : 'keep');
    if (device.isConfiguring) {
      throw stepFailure('exit_code', `${target} did not leave its configuration mode`, { exit_code: 1, ...facts(asked, progress) });
    }
    if (asked.save) await save(device, dialogue, asked, progress);
    return { committed: progress.committed, refused };
  } catch (error) {
    await device.close();
    throw signal.aborted && signal.reason instanceof StepFailure
      ? stopped(signal.reason, asked, progress, error)
      : brokenOffWhileConfigured(error, dialogue, asked, progress);
  }
}

async function giveLines(dialogue: Dialogue, asked: Configuration, progress: Progress): Promise<boolean> {
  let refused = false;
  for (const [at, line] of asked.lines.entries()) {
    const name = dialogue.masked(line);
    progress.pending = name;
    const { failure } = await dialogue.give(line, asked.limitMs);
    progress.pending = null;
    if (failure === null) progress.accepted.push(name);
    else if (asked.stopOnError) throw refusedLine(asked, progress, { at, name, said: dialogue.masked(failure) });
    else refused = true;
  }
  return refused;
}

const stopped = ({ type, message }: StepFailure, asked: Configuration, progress: Progress, cause: unknown): StepFailure =>
  stepFailure(type, `${message}; ${howFar(asked, progress)}`, facts(asked, progress), cause);

/** Its outcome is unknown; what was accepted and what may have been is told. */
function brokenOffWhileConfigured(error: unknown, dialogue: Dialogue, asked: Configuration, progress: Progress): unknown {
  const { target } = asked;
  if (error instanceof SessionEnded) {
    const ended = `the session on ${target} ended while it was configured`;
    return stepFailure('lost', `${ended}; ${howFar(asked, progress)}`, facts(asked, progress), error);
  }
  if (error instanceof StepFailure && error.details?.accepted_count !== undefined) return error;
  if (!(error instanceof TooLate)) {
    const said = dialogue.masked(error instanceof Error ? error.message : String(error));
    const { type, details } = error instanceof StepFailure ? error : { type: 'internal' as const, details: undefined };
    // What may have taken lines is never begun again.
    const ends = type === 'connection' ? 'lost' : type;
    return stepFailure(ends, `${said.slice(0, 1000)}; ${howFar(asked, progress)}`, { ...details, ...facts(asked, progress) }, error);
  }
  const late = `${target} brought no prompt in time after ${shown(progress.pending ?? 'the last line')}`;
  return stepFailure('timeout', `${late}; ${howFar(asked, progress)}`, facts(asked, progress), error);
}

async function commit(device: Device, dialogue: Dialogue, asked: Configuration, progress: Progress): Promise<boolean> {
  const steps = (asked.driver.configuring.commit ?? []).filter(({ when }) => when === undefined || when.test(device.prompt.text));
  for (const step of steps) {
    progress.pending = step.send;
    const { failure } = await dialogue.give(step.send, Math.max(asked.limitMs, SETTLE_MS), step);
    progress.pending = null;
    if (failure !== null) {
      throw stepFailure('exit_code', `${asked.target} did not commit: ${dialogue.masked(failure).slice(0, 1000)}`, {
        exit_code: 1,
        ...facts(asked, progress),
      });
    }
  }
  return steps.length > 0;
}

/** Makes the configuration survive a restart. */
export async function save(
  device: Device,
  dialogue: Dialogue,
  { target, driver, limitMs }: Pick<Configuration, 'target' | 'driver' | 'limitMs'>,
  progress?: Progress,
): Promise<void> {
  const from = driver.modes.find(({ name }) => name === 'config')?.enter?.from;
  if (from === 'enable') await device.enter('enable');
  for (const step of driver.configuring.save ?? []) {
    if (progress) progress.pending = step.send;
    const { failure } = await dialogue.give(step.send, Math.max(limitMs, SETTLE_MS), step);
    if (failure !== null)
      throw stepFailure('exit_code', `${target} did not save its configuration: ${dialogue.masked(failure).slice(0, 1000)}`, {
        exit_code: 1,
      });
  }
  if (progress) progress.pending = null;
}

function refusedLine(
  asked: Configuration,
  progress: Progress,
  { at, name, said }: { readonly at: number; readonly name: string; readonly said: string },
): StepFailure {
  const fate =
    asked.driver.configuring.commit === undefined
      ? progress.accepted.length === 0
        ? 'nothing before it was configured'
        : `the ${progress.accepted.length} accepted before it are in effect`
      : 'nothing was committed';
  return stepFailure(
    'exit_code',
    `${asked.target} refused line ${at + 1} of ${asked.lines.length}, ${shown(name)}: ${said.slice(0, 1000)}; ${fate}`,
    { exit_code: 1, refused: name, ...facts(asked, progress) },
  );
}

const NAMED = 20;

/** The lines accepted, by name, and what may have been. */
function howFar({ lines, driver }: Configuration, { accepted, pending, committed }: Progress): string {
  const names = accepted.slice(-NAMED).map(shown).join(', ');
  const more = accepted.length > NAMED ? `… ` : '';
  const done = `${accepted.length} of ${lines.length} lines were accepted${accepted.length === 0 ? '' : ` (${more}${names})`}`;
  const open = pending === null ? '' : `; whether ${shown(pending)} was is unknown`;
  const fate = driver.configuring.commit && !committed && !isCommit(driver, pending) ? '; none was committed' : '';
  return `${done}${open}${fate}`;
}

const isCommit = ({ configuring }: Driver, pending: string | null): boolean =>
  (configuring.commit ?? []).some(({ send }: Instruction) => send === pending);

const facts = ({ target, lines }: Configuration, { accepted, pending }: Progress) => ({
  target,
  accepted: accepted.slice(0, 500),
  accepted_count: accepted.length,
  line_count: lines.length,
  uncertain: pending,
});
