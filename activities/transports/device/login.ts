import { stepFailure } from '#jobs/failure.ts';
import type { Driver } from './driver.ts';
import { turnsPage } from './pagers.ts';
import { isSameHost, type Prompt, promptOf } from './prompt.ts';
import type { Question } from './questions.ts';
import { SessionEnded, type Sight, type Terminal, TooLate } from './terminal.ts';

export interface LoginOptions {
  readonly driver: Driver;
  /** Name of the target, for messages. */
  readonly target: string;
  readonly user: string;
  readonly linePassword: string | null;
  /** Declared answers to what else may be asked before the prompt. */
  readonly questions: readonly Question[];
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

const PASSWORD = /^[^\n]{0,60}(?:password|passcode)[^:\n]{0,40}: ?$/i;
const USERNAME = /^[^\n]{0,40}(?:user ?name|login): ?$/i;
/** Silence after which Return is pressed, as a person would. */
const NUDGE_MS = 3000;
const STRANGER_MS = 400;
/** Stillness after which a question counts. */
const ASKED_MS = 50;

type Asked = 'username' | 'password';
type Seen =
  | { readonly is: 'prompt'; readonly prompt: Prompt }
  | { readonly is: 'key'; readonly send: string }
  | { readonly is: 'question'; readonly question: Question }
  | { readonly is: Asked | 'silence' };

/**
 * Finds the prompt of a fresh session, past banners, pagers and a login of the line's own, whose password is sent once. A line of a banner
 * may look like a prompt: it counts only once Return has brought it again.
 */
export async function findPrompt(terminal: Terminal, options: LoginOptions): Promise<Prompt> {
  const lateAt = performance.now() + options.limitMs;
  const given = new Set<Asked | Question>();
  let handled: { finished: number; line: string } | null = null;
  let candidate: Prompt | null = null;

  const look = (): Sight<Seen> => {
    terminal.takeLines();
    const isOld = handled !== null && handled.finished === terminal.finished && terminal.line.startsWith(handled.line);
    const seen = isOld ? null : sightOf(options, terminal, candidate);
    return seen ?? { value: { is: 'silence' }, settleMs: NUDGE_MS };
  };
  try {
    for (;;) {
      const seen = await terminal.wait(look, { limitMs: lateAt - performance.now(), signal: options.signal });
      if (seen.is === 'prompt') {
        if (candidate !== null && isSameHost(seen.prompt, candidate)) return seen.prompt;
        candidate = seen.prompt;
      }
      handled = seen.is === 'silence' ? null : { finished: terminal.finished, line: terminal.line };
      terminal.send(seen.is === 'key' ? seen.send : `${textFor(seen, given, options)}\n`);
    }
  } catch (error) {
    if (error instanceof SessionEnded && given.has('password')) throw refused(options.target, 'ended the session after the line password');
    if (error instanceof TooLate || error instanceof SessionEnded) throw noPrompt(options, terminal, error);
    throw error;
  }
}

/** What is typed before Return; nothing secret is told twice. */
function textFor(seen: Exclude<Seen, { is: 'key' }>, given: Set<Asked | Question>, { target, user, linePassword }: LoginOptions): string {
  if (seen.is === 'prompt' || seen.is === 'silence') return '';
  if (seen.is === 'question') {
    const { question } = seen;
    if (question.onlyOnce !== undefined && given.has(question)) throw question.onlyOnce();
    given.add(question);
    return question.send;
  }
  const asked = seen.is;
  if (given.has(asked)) throw refused(target, asked === 'password' ? 'refused the line password' : 'asks for a user name again');
  if (asked === 'password' && linePassword === null) {
    throw refused(target, 'asks for a password after the login, and its credential has no line_password');
  }
  given.add(asked);
  return (asked === 'password' ? linePassword : user) ?? '';
}

function sightOf({ driver, questions, linePassword }: LoginOptions, terminal: Terminal, candidate: Prompt | null): Sight<Seen> | null {
  const { line } = terminal;
  const slowMs = Math.min(2000, 3 * terminal.gapMs);
  // The middle of a banner's line may look like a question; a secret typed there would be a command.
  const askedMs = Math.max(ASKED_MS, slowMs);
  // A declared answer to some command's password is none to the line's.
  if (linePassword !== null && PASSWORD.test(line)) return { value: { is: 'password' }, settleMs: askedMs };
  const asked = questions.find((question) => question.matches(line));
  if (asked !== undefined) return { value: { is: 'question', question: asked }, settleMs: askedMs };
  const key = driver.wake?.find(({ when }) => when.test(line))?.send ?? turnsPage(driver, line, terminal.rawTail);
  if (key !== null && key !== undefined) return { value: { is: 'key', send: key }, settleMs: slowMs };
  if (PASSWORD.test(line)) return { value: { is: 'password' }, settleMs: askedMs };
  if (USERNAME.test(line)) return { value: { is: 'username' }, settleMs: askedMs };
  const prompt = promptOf(driver, line, terminal.above);
  if (prompt === null) return null;
  const isKnown = candidate === null || isSameHost(prompt, candidate);
  return { value: { is: 'prompt', prompt }, settleMs: Math.max(slowMs, isKnown ? 0 : STRANGER_MS) };
}

const refused = (target: string, what: string) => stepFailure('auth', `${target} ${what}`, { target, stage: 'prompt' });

function noPrompt({ target, driver }: LoginOptions, terminal: Terminal, cause: Error) {
  const how = cause instanceof SessionEnded ? 'ended the session before its prompt came' : `shows no prompt of ${driver.title}`;
  const last = (terminal.line.trim() || terminal.above.trim()).slice(-200);
  return stepFailure('connection', `${target} ${how}; its last line is ${JSON.stringify(last)}`, { target, stage: 'prompt' }, cause);
}
