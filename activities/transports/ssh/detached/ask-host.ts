import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { StepFailure, stepFailure } from '#jobs/failure.ts';
import type { SshSession } from '../session.ts';
import { type RemoteAnswer, readAnswer } from './answer.ts';
import { cleanScript, markSeenScript } from './close.ts';
import { followScript, type Patience } from './follow.ts';
import { began } from './look.ts';
import { HOST_FILES, type RoundPlace } from './place.ts';
import { retimeScript } from './retime.ts';
import { type RemoteOrder, startScript } from './start.ts';

/** How far each stream was read. */
export interface Offsets {
  readonly stdout: number;
  readonly stderr: number;
}

/** Most of each stream in one answer: what a step holds in memory at a time. */
const MOST = 262_144;

/** How long one look at a quiet command may last. */
const LOOK_SECONDS = 20;

/** Room for the lines around the output and for what a login shell says. */
const MORE = 262_144;

/** The host has no POSIX shell: nothing of ours ran there. */
export class NoShell extends Error {
  override readonly name = 'NoShell';
}

/** Starts an execution or takes up the one that is there; the same order given again changes nothing. Throws `NoShell`, or `connection`, whose stage is `answer` when the host may have begun it. */
export async function startOrAttach(session: SshSession, order: RemoteOrder, offsets: Offsets, signal: AbortSignal): Promise<RemoteAnswer> {
  const mark = newMark();
  const script = startScript(order, mark, { ...offsets, most: MOST }, HOST_FILES);
  const answer = await session.ask(script, { signal, limitMs: 60_000, maxBytes: MOST + MORE });
  const read = readAnswer(answer, mark, offsets);
  if (read !== null) return read;
  const said = `${answer.stdout}${answer.stderr}`.trim().slice(0, 200);
  if (answer.code === 126 || answer.code === 127) throw new NoShell(said);
  if (answer.isCutOff !== true && !answer.stdout.includes(began(mark)))
    throw noScript(session, `ended with ${answer.code} and said: ${said}`);
  throw unanswered(session, `ended with ${answer.code} and said: ${said}`);
}

/** How an execution stands: at once if there is more than was read or it has ended, else after a while. */
export async function follow(
  session: SshSession,
  place: RoundPlace,
  execution: string,
  offsets: Offsets,
  { quietMs, seconds = LOOK_SECONDS }: Partial<Patience> & Pick<Patience, 'quietMs'>,
  signal: AbortSignal,
): Promise<RemoteAnswer> {
  const mark = newMark();
  const script = followScript(place, execution, mark, { ...offsets, most: MOST }, { seconds, quietMs }, HOST_FILES);
  const answer = await session.ask(script, { signal, limitMs: (seconds + 30) * 1000, maxBytes: MOST + MORE });
  const read = readAnswer(answer, mark, offsets);
  if (read === null) throw unanswered(session, `ended with ${answer.code} before it had told everything`);
  return read;
}

/** Remembers on the host that a failing end was seen. */
export async function markSeen(session: SshSession, place: RoundPlace, execution: string, signal: AbortSignal): Promise<void> {
  const { code } = await session.ask(markSeenScript(place, execution), { signal, limitMs: 30_000, maxBytes: MORE });
  if (code !== 0) throw unanswered(session, 'could not remember that the end of the command was seen');
}

/** Gives a command under way another time, counted from its start. */
export async function retime(
  session: SshSession,
  place: RoundPlace,
  execution: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { code } = await session.ask(retimeScript(place, execution, { timeoutMs }), { signal, limitMs: 30_000, maxBytes: MORE });
  if (code !== 0) throw unanswered(session, 'could not change the time of the command');
}

interface Cleaning {
  readonly place: RoundPlace;
  readonly execution: string;
}

/** What is to be removed next, by host: steps that end while a removal is on its way share the next one. */
const waiting = new Map<string, { readonly list: Cleaning[]; readonly done: Promise<void> }>();
const working = new Map<string, Promise<void>>();

/** Removes an execution's output from the host. What cannot be removed goes with the whole directory when the run has ended, so nothing is thrown. */
export function clean(session: SshSession, cleaning: Cleaning, signal: AbortSignal): Promise<void> {
  // With the target's name: behind different hosts on the way, one address can be two hosts.
  const host = `${session.peer.target} ${session.peer.user}@${session.peer.host}:${session.peer.port}`;
  const next = waiting.get(host);
  if (next !== undefined) {
    next.list.push(cleaning);
    return next.done;
  }
  const list = [cleaning];
  const done = (working.get(host) ?? Promise.resolve()).then(async () => {
    waiting.delete(host);
    const work = session.ask(cleanScript(list), { signal, limitMs: 15_000, maxBytes: MORE }).then(
      () => undefined,
      () => undefined,
    );
    working.set(host, work);
    await work;
    if (working.get(host) === work) working.delete(host);
  });
  waiting.set(host, { list, done });
  return done;
}

/** True for a connection that went away under an exchange: the same exchange may be made again. */
export const isCut = (error: unknown): boolean => error instanceof StepFailure && error.type === 'connection';

/** True when the exchange had its channel, so that the host may have done what it was asked. */
export const wasSent = (error: unknown): boolean => isCut(error) && (error as StepFailure).details?.stage === 'answer';

/** Waits before the next try, longer each time, with jitter, so that a host that comes back is not met by all at once. */
export const backOff = (tries: number, signal: AbortSignal): Promise<void> =>
  pause(Math.min(10_000, 200 * 2 ** Math.min(tries, 8)) * (0.5 + Math.random() / 2), undefined, { signal });

const newMark = (): string => `capstan-${randomBytes(12).toString('hex')}`;

/** Whoever logs in gets something else than a shell (`nologin`, a forced command): asking again would not change that, and nothing ran. */
const noScript = ({ peer }: SshSession, what: string): StepFailure =>
  stepFailure('connection', `${peer.target} (${peer.host}:${peer.port}) runs no script of ours: /bin/sh -s ${what}`, {
    target: peer.target,
    stage: 'shell',
  });

const unanswered = ({ peer }: SshSession, what: string): StepFailure =>
  stepFailure('connection', `${peer.target} (${peer.host}:${peer.port}): its shell ${what}`, { target: peer.target, stage: 'answer' });
