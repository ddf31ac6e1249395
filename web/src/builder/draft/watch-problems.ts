import { replaceEqualDeep } from '@tanstack/solid-query';
import { createMemo, createSignal, onCleanup } from 'solid-js';
import type { Problem } from '#jobs/problem.ts';
import { ApiProblem } from '../../api/problem.ts';
import { createEffect, whenChanged } from '../../solid.ts';
import { validate } from '../queries.ts';
import type { SaidProblem, ValidationView } from '../views.ts';
import { type Draft, drawProblems } from './draft.ts';

const PAUSE_MS = 400;
const AGAIN_S = 10;

/** What is wrong with a draft, by this page at once and by the server a moment after the last key. */
export interface Findings {
  all: () => readonly Problem[];
  /** Who has looked at the text as it stands. */
  by: () => 'nobody' | 'page' | 'server' | 'page-only';
  /** Why the server has not looked at it. */
  refusal: () => Error | null;
  /** What a save would do, once the server has said it of this text. */
  would: () => ValidationView['would'];
  /** Asks the server now. */
  check(): Promise<void>;
  busy: () => boolean;
}

const problemOf = ({ line, column, ...problem }: SaidProblem): Problem => ({
  ...problem,
  ...(line !== undefined && { line }),
  ...(column !== undefined && { column }),
});

interface Answer {
  readonly version: number;
  readonly says: ValidationView | null;
  readonly error: Error | null;
}

/** When to ask once more: as the server says, after a while when it was away, never when it has refused. */
const againAfter = (error: Error): number | null => {
  if (!(error instanceof ApiProblem)) return null;
  if (error.status === 429 || error.status === 503) return (error.retryAfter ?? AGAIN_S) * 1000;
  return error.status === 0 || error.status >= 500 ? AGAIN_S * 1000 : null;
};

/** Keeps asking what is wrong with a draft; answers about a text that is no more are dropped. */
export function watchProblems(draft: Draft): Findings {
  const [answer, setAnswer] = createSignal<Answer>({ version: -1, says: null, error: null });
  const [busy, setBusy] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = -1;
  let stopped = false;

  let notBefore = 0;

  const plan = () => {
    clearTimeout(timer);
    timer = setTimeout(check, Math.max(PAUSE_MS, notBefore - Date.now()));
  };
  const check = async () => {
    clearTimeout(timer);
    const version = draft.version();
    asked = version;
    setBusy(true);
    const given = await validate(draft.text()).then(
      (says): Answer => ({ version, says, error: null }),
      (error: Error): Answer => ({ version, says: null, error }),
    );
    if (asked !== version || stopped) return;
    setBusy(false);
    if (version !== draft.version()) return;
    setAnswer(given);
    const wait = given.error && againAfter(given.error);
    if (wait === null) return;
    notBefore = Date.now() + wait;
    plan();
  };
  whenChanged(draft.version, plan);
  onCleanup(() => {
    stopped = true;
    clearTimeout(timer);
  });

  const current = () => (answer().version === draft.version() ? answer() : null);
  const said = (): readonly Problem[] => {
    const says = current()?.says;
    if (!says) return draft.problems();
    return [...says.problems.map(problemOf), ...(says.today?.findings ?? []).map((one) => problemOf({ ...one, severity: 'warning' }))];
  };
  // Whoever looks at the text says the same most times: then nobody who shows it need look again.
  const all = createMemo((before: readonly Problem[]) => replaceEqualDeep(before, said()), []);
  createEffect(() => {
    // Marks move with the text, and may have gone with a piece of it that is there again.
    if (all().length > 0) draft.checked();
    drawProblems(draft, all());
  });
  return {
    all,
    by: () => {
      const now = current();
      if (now) return now.says ? 'server' : 'page-only';
      return draft.checked() === draft.version() ? 'page' : 'nobody';
    },
    refusal: () => current()?.error ?? null,
    would: () => current()?.says?.would ?? null,
    check,
    busy,
  };
}
