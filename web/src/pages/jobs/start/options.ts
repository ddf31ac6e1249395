import { readTarget } from '#jobs/target-words.ts';
import type { FieldProblem } from '../../../api/problem.ts';
import { momentsOf } from '../../../time/zoned.ts';
import { t } from '../words.ts';

/** What a start is asked for beside the parameters, as it stands in the form; what is not filled in is left out. */
export interface RunOptions {
  readonly target?: string;
  readonly priority?: string;
  /** Clock time of the reader's zone: `2026-10-25T02:30`. */
  readonly at?: string;
  readonly client?: string;
  readonly ref_num?: string;
  readonly message?: string;
  readonly steps?: readonly string[];
}

const TEXTS = ['target', 'priority', 'at', 'client', 'ref_num', 'message'] as const;

/** Options from whatever was kept of them; what is damaged is left out. */
export const readOptions = (kept: unknown): RunOptions => {
  if (typeof kept !== 'object' || kept === null) return {};
  const said = kept as { readonly [name: string]: unknown };
  const steps = Array.isArray(said.steps) ? said.steps.filter((step) => typeof step === 'string') : [];
  return {
    ...Object.fromEntries(TEXTS.flatMap((name) => (typeof said[name] === 'string' ? [[name, said[name]]] : []))),
    ...(steps.length > 0 && { steps }),
  };
};

/** Options with one of them changed; an empty one is left out. */
export const withOption = <K extends keyof RunOptions>(options: RunOptions, name: K, value: RunOptions[K]): RunOptions => {
  const { [name]: _, ...rest } = options;
  return value === undefined || value.length === 0 ? rest : { ...rest, [name]: value };
};

type Request = Readonly<Record<string, unknown>>;

/** What is sent for options, or what is wrong with them. */
export const requestOf = (
  options: RunOptions,
  zone: string,
  now: number,
): { readonly request: Request; readonly problems: readonly FieldProblem[] } => {
  const problems: FieldProblem[] = [];
  const { target, priority, at, steps, ...texts } = options;
  const request: Record<string, unknown> = { ...texts };
  if (target !== undefined) {
    try {
      request.target = readTarget(target);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push({ pointer: '/target', message: error.message });
    }
  }
  if (priority !== undefined) request.priority = Number(priority);
  if (steps !== undefined) request.steps = steps;
  if (at !== undefined) {
    const [instant] = momentsOf(at, zone);
    if (instant === undefined) problems.push({ pointer: '/scheduled_for', message: t('start.at_odd', zone) });
    else if (instant < now) problems.push({ pointer: '/scheduled_for', message: t('start.at_past') });
    else request.scheduled_for = new Date(instant).toISOString();
  }
  return { request, problems };
};
