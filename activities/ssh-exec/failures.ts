import type { StepFailure } from '#jobs/failure.ts';
import { stepFailure } from '#jobs/failure.ts';
import type { RemoteAnswer } from '../transports/ssh/detached/answer.ts';
import type { EndedRemotely } from '../transports/ssh/detached/reap.ts';
import type { SshSession } from '../transports/ssh/session.ts';

type Peer = SshSession['peer'];

/** Why a host could not begin a command: nothing ran. Only a full disk is worth another try. */
export function startFailure({ target, user }: Peer, { why, text }: RemoteAnswer): StepFailure {
  const details = { target, stage: 'start', text };
  if (why === 'absent')
    return stepFailure('invalid_input', `working_directory: ${target} has no directory ${text} to enter`, { ...details, path: text });
  if (why === 'closed')
    return stepFailure('invalid_input', `working_directory: ${user} may not enter ${text} on ${target}`, { ...details, path: text });
  if (why === 'become')
    return stepFailure('auth', `become: ${user} on ${target} may not become another user without a password: ${text}`, details);
  const type = /space left|quota/i.test(text) ? 'connection' : 'policy';
  return stepFailure(type, `${target} has no directory for the command's state, remote_dir: ${text}`, { ...details, path: pathIn(text) });
}

/** The path that `mkdir` complained of, as GNU and busybox quote it. */
const pathIn = (text: string): string | null => /['‘‘](.+)['’’]/.exec(text)?.[1] ?? null;

/** A command whose end nobody saw: what the host still knows of it. */
export function lostFailure({ target }: Peer, { why, ageMs, execution }: RemoteAnswer): StepFailure {
  const details = { target, stage: 'follow', execution, why };
  if (why === 'reboot') return stepFailure('lost', `${target} was restarted while the command ran; its outcome is unknown`, details);
  const after = ageMs === null ? '' : ` within ${Math.round(ageMs / 1000)} s`;
  return stepFailure(
    'lost',
    `the command and what watched over it vanished from ${target}${after} without an exit code; its outcome is unknown`,
    details,
  );
}

/** What the host itself ended a command for. */
export function verdictFailure({ target }: Peer, { verdict }: RemoteAnswer, maxOutput: number, timeoutMs: number): StepFailure {
  return verdict === 'timeout'
    ? stepFailure('timeout', `the command ran longer than ${timeoutMs / 1000} s and was ended by ${target} itself`, {
        target,
        timeout_ms: timeoutMs,
      })
    : outputFailure(target, maxOutput);
}

export const outputFailure = (target: string, maxOutput: number, ended?: EndedRemotely): StepFailure =>
  stepFailure(
    'policy',
    `the command's output on ${target} passed max_output, ${maxOutput} bytes, so it was ended${ended === undefined ? '' : howEnded(ended, target)}`,
    {
      target,
      max_output: maxOutput,
      ...(ended === undefined ? {} : factsOf(ended)),
    },
  );

/** The failure of a step that was stopped, with what became of its processes; `lost` when its time was over and some live on. */
export function stoppedFailure(reason: StepFailure, ended: EndedRemotely, { target }: Peer): StepFailure {
  const details = { ...reason.details, target, ...factsOf(ended) };
  if (ended.left.length === 0) return stepFailure(reason.type, `${reason.message}${howEnded(ended, target)}`, details);
  const left = ended.left.map(({ pid, owner }) => `${pid} of ${owner}`).join(', ');
  const type = reason.type === 'timeout' ? 'lost' : reason.type;
  return stepFailure(type, `${reason.message}; cancel incomplete: processes on ${target} could not be ended: ${left}`, details);
}

/** The failure of a step that was stopped while its host could not be asked. */
export function unprovenFailure(reason: StepFailure, { target }: Pick<Peer, 'target'>, error: unknown): StepFailure {
  const type = reason.type === 'timeout' ? 'lost' : reason.type;
  const why = error instanceof Error ? error.message : String(error);
  return stepFailure(
    type,
    `${reason.message}; whether the command still runs on ${target} is unknown: ${why}`,
    { ...reason.details, target },
    error,
  );
}

/** The failure of a command that was started on a host which then let nobody in any more. */
export const unfollowedFailure = ({ target }: Peer, execution: string, error: Error): StepFailure =>
  stepFailure(
    'lost',
    `the command was started on ${target} and may still run there, but: ${error.message}`,
    { target, stage: 'follow', execution },
    error,
  );

const PIDS_SHOWN = 20;

function howEnded({ signals, pids }: EndedRemotely, target: string): string {
  if (signals.length === 0) return `; nothing of it was left on ${target}`;
  const shown = pids.slice(0, PIDS_SHOWN).join(', ');
  const more = pids.length > PIDS_SHOWN ? ` and ${pids.length - PIDS_SHOWN} more` : '';
  return `; its processes on ${target} were ended by ${signals.join(', then ')}: ${shown}${more}`;
}

const factsOf = ({ tier, signals, pids, left }: EndedRemotely) => ({
  tier,
  signals: [...signals],
  pids: pids.slice(0, 500),
  left: left.map((one) => ({ ...one })),
});
