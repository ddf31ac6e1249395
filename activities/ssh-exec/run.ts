import { type StepFailure, stepFailure } from '#jobs/failure.ts';
import { firstLine } from '#jobs/first-line.ts';
import type { Run, StepContext } from '../contract.ts';
import type { RemoteAnswer } from '../transports/ssh/detached/answer.ts';
import { backOff, clean, isCut, markSeen, NoShell, retime } from '../transports/ssh/detached/ask-host.ts';
import type { RoundPlace } from '../transports/ssh/detached/place.ts';
import { endExecutions } from '../transports/ssh/detached/reap.ts';
import type { SshSession } from '../transports/ssh/session.ts';
import { lostFailure, outputFailure, stoppedFailure, unprovenFailure, verdictFailure } from './failures.ts';
import { CommandFollower } from './follow-command.ts';
import { runPlainly } from './plain.ts';
import { commandsOf, maxOutputOf, requestOf, type SshExecConfig, successCodesOf } from './request.ts';
import { CommandRows } from './rows.ts';
import type { sshExec } from './spec.ts';

/** Between TERM and KILL, so that what ignores TERM is gone within five seconds. */
const GRACE_MS = 1500;

/** How long a stopped step looks after its processes. */
const STOPPING_MS = 8000;

/** The host ends a command this much later than we would, since we can say more about it. */
const HOST_MARGIN_MS = 3000;

/** Starts the command detached on the target, or takes up the one an earlier attempt left there, and follows it to its end. Stopping ends the whole tree and proves it. */
export const runSshExec: Run<typeof sshExec> = async (config, step) => {
  const request = requestOf(config, step.secrets);
  const maxOutput = maxOutputOf(config);
  const session = await connected(step);
  const { peer } = session;
  await step.log.line('debug', `connected to ${peer.target} (${peer.user}@${peer.host}:${peer.port})`);

  const { run, key, round, execution } = step;
  const place: RoundPlace = { remoteDir: step.target?.remote_dir ?? null, run, key, round };
  const rows = new CommandRows(commandsOf(config), step);
  const follower = new CommandFollower(session, step, place, rows);
  const { stored } = step.log;
  const order = {
    place,
    execution: execution.number,
    // Output in the log, or an answer of the host that rode in a heartbeat, proves that it began: then nothing begins anew where nothing is found.
    attachOnly: execution.reattached && (stored.stdout + stored.stderr > 0 || rememberedExecution(step) === String(execution.number)),
    request,
    timeoutMs: step.timeoutMs + HOST_MARGIN_MS,
    maxOutput,
  };
  const tooMuch = async (): Promise<never> => {
    const only = `${round}/${follower.execution}`;
    const ended = await endExecutions(session, { place, only, graceMs: GRACE_MS, forget: false }, AbortSignal.timeout(STOPPING_MS));
    throw outputFailure(peer.target, maxOutput, ended);
  };

  let first: RemoteAnswer;
  let last: RemoteAnswer;
  try {
    first = await follower.begin(order);
    step.onTimeout(() => void retimed(session, step, { place, execution: follower.execution }));
    if (first.endsAtLogout) await step.log.line('warn', `${peer.target} ends what a user leaves running at logout (KillUserProcesses)`);
    last = await follower.toTheEnd(first, maxOutput, tooMuch);
  } catch (error) {
    if (error instanceof NoShell) return runPlainly(session, config, step, request);
    if (step.signal.aborted) throw await stopped(session, step, place, follower);
    throw error;
  }
  session.count({ commands: rows.ends.length, bytes: last.sizes.stdout + last.sizes.stderr });
  // Ends the last line too: what is not stored by now could not be had again once it is cleaned away.
  const tail = step.log.tail();
  await step.log.settled();
  const where = { place, execution: follower.execution };
  const failure = failureOf(config, last, session, maxOutput, step.timeoutMs);
  const cleaned = last.sizes.stdout + last.sizes.stderr > 0 ? clean(session, where, step.signal) : undefined;
  if (failure !== null) {
    await seen(session, step, where);
    throw failure;
  }
  await cleaned;
  return {
    exit_code: last.exitCode ?? 0,
    ...tail,
    detached: last.detached,
    ...(first.endsAtLogout ? { ends_at_logout: true } : {}),
    commands: rows.ends,
  };
};

/** The execution that the newest heartbeat told of, which may be the one before this; null when there was none. */
function rememberedExecution(step: StepContext): string | null {
  const checkpoint = step.resumeFrom() as { readonly execution: string } | null;
  return checkpoint?.execution ?? null;
}

/** A session on the target; when work of this step may be there already, for as long as it takes to get one. */
async function connected(step: StepContext): Promise<SshSession> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await step.ssh();
    } catch (error) {
      if (!step.execution.reattached) throw error;
      if (step.signal.aborted) throw unreached(step, error);
      if (!isCut(error)) throw error;
      if (tries === 0) await step.log.line('warn', `${(error as StepFailure).message}; the command may still run there, connecting again`);
      await backOff(tries, step.signal).catch(() => undefined);
      if (step.signal.aborted) throw unreached(step, error);
    }
  }
}

/** The failure of a step that was stopped before its host could be reached again, where the command may still run. */
function unreached({ signal, target }: StepContext, error: unknown): StepFailure {
  const reason = signal.reason as StepFailure;
  return reason.type === 'lost' || target === null ? reason : unprovenFailure(reason, { target: target.name }, error);
}

/** How an ended command failed; null when it did not. */
function failureOf(
  config: SshExecConfig,
  last: RemoteAnswer,
  { peer }: SshSession,
  maxOutput: number,
  timeoutMs: number,
): StepFailure | null {
  if (last.verdict !== '') return verdictFailure(peer, last, maxOutput, timeoutMs);
  if (last.state !== 'ended' || last.exitCode === null) return lostFailure(peer, last);
  if (last.sizes.stdout + last.sizes.stderr > maxOutput) return outputFailure(peer.target, maxOutput);
  if (successCodesOf(config).includes(last.exitCode)) return null;
  const failing = last.commands.find(({ exitCode }) => exitCode !== null && !successCodesOf(config).includes(exitCode));
  const text = commandsOf(config)[(failing?.number ?? 1) - 1] ?? '';
  const which = failing === undefined ? 'the command' : `command ${failing.number}`;
  return stepFailure('exit_code', `${which} ended with ${last.exitCode} on ${peer.target}: ${firstLine(text)}`, {
    exit_code: last.exitCode,
    ...(failing === undefined ? {} : { command: failing.number }),
  });
}

/** What became of a command whose step was stopped. A worker that only leaves takes nothing with it. */
async function stopped(session: SshSession, step: StepContext, place: RoundPlace, follower: CommandFollower): Promise<StepFailure> {
  const reason = step.signal.reason as StepFailure;
  if (reason.type === 'lost') return reason;
  const limit = AbortSignal.timeout(STOPPING_MS);
  for (let tries = 0; ; tries += 1) {
    try {
      const only = `${place.round}/${follower.execution}`;
      const ended = await endExecutions(session, { place, only, graceMs: GRACE_MS, forget: false }, limit);
      await follower.rest(limit).catch(() => undefined);
      return stoppedFailure(reason, ended, session.peer);
    } catch (error) {
      if (limit.aborted || !isCut(error)) return unprovenFailure(reason, session.peer, error);
      await backOff(tries, limit).catch(() => undefined);
    }
  }
}

/** A command that has ended meanwhile cannot be told any more. */
const RETIMING_TRIES = 8;

/** Tells the host that the command has another time than it began with. */
async function retimed(
  session: SshSession,
  step: StepContext,
  { place, execution }: { place: RoundPlace; execution: string },
): Promise<void> {
  for (let tries = 0; tries < RETIMING_TRIES && !step.signal.aborted; tries += 1) {
    try {
      return await retime(session, place, execution, step.timeoutMs + HOST_MARGIN_MS, step.signal);
    } catch (error) {
      if (step.signal.aborted) return;
      if (!isCut(error)) {
        await step.log.line(
          'warn',
          `${session.peer.target} could not be told that the command has another time: ${(error as Error).message}`,
        );
        return;
      }
      await backOff(tries, step.signal).catch(() => undefined);
    }
  }
}

/** Marks a failing end as seen before it is told, so that only then a new execution can begin. */
async function seen(session: SshSession, step: StepContext, { place, execution }: { place: RoundPlace; execution: string }): Promise<void> {
  for (let tries = 0; !step.signal.aborted; tries += 1) {
    try {
      return await markSeen(session, place, execution, step.signal);
    } catch (error) {
      if (!isCut(error)) return;
      await backOff(tries, step.signal).catch(() => undefined);
    }
  }
}
