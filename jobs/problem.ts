import type { Json } from './json.ts';

/** One thing wrong with what a person sent: where (RFC 6901 pointer; line and column when it came as text), which value, and what was expected. */
export interface Problem {
  readonly pointer: string;
  readonly message: string;
  readonly value?: Json;
  readonly expected?: string;
  readonly line?: number;
  readonly column?: number;
  /** An error forbids the save or the start; a warning does not. */
  readonly severity: 'error' | 'warning';
}

/** Input that cannot be used, with everything that is wrong with it. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.problems = problems;
  }
}

/** The pointer of a field or item inside the place another pointer names. */
export const pointerTo = (parent: string, key: string | number): string =>
  `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The keys a pointer passes, outermost first. */
export const keysOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

/** A pointer as people write it: `/steps/2/retry/delay` is `steps[2].retry.delay`. */
export function placeOf(pointer: string): string {
  const place = keysOf(pointer).map((key) => (/^\d+$/.test(key) ? `[${key}]` : /^[\w-]+$/.test(key) ? `.${key}` : `[${shown(key)}]`));
  return place.join('').replace(/^\./, '');
}

/** A value as it stands in a message: scalars as JSON, cut after 80 characters; the rest by its kind. */
export function shown(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, 200) : value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

interface Facts {
  readonly value?: Json;
  readonly expected?: string;
}

/** An error whose message begins with its place, e.g. `steps[2].type: "ssh.exce" is not a step type`. Only short values are kept beside it. */
export function errorAt(pointer: string, says: string, { value, expected }: Facts = {}): Problem {
  const place = placeOf(pointer);
  const isSmall = value !== undefined && (typeof value === 'string' ? value.length <= 200 : typeof value !== 'object' || value === null);
  return {
    pointer,
    message: place === '' ? says : `${place}: ${says}`,
    ...(isSmall && { value }),
    ...(expected !== undefined && { expected }),
    severity: 'error',
  };
}
