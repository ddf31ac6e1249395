import { keysOf, placeOf } from '#jobs/problem.ts';
import type { FieldProblem } from '../api/problem.ts';
import { t } from './words.ts';

/** Problems said at one place, and characters of each; a server may find thousands. */
const MOST = 20;
const LONGEST = 500;

/** Sentences one below the other, the first of them where there are too many. */
export const sentences = (all: readonly string[]): string =>
  [
    ...all.slice(0, MOST).map((one) => (one.length > LONGEST ? `${one.slice(0, LONGEST)}…` : one)),
    ...(all.length > MOST ? [t('form.more_problems', all.length - MOST)] : []),
  ].join('\n');

/** A problem without the place its sentence begins with, for where the place is plain to see. */
export const saysAt = ({ pointer, message }: FieldProblem): string => {
  const place = placeOf(pointer);
  if (place === '' || !message.startsWith(`${place}: `)) return message;
  const says = message.slice(place.length + 2);
  return `${says.charAt(0).toUpperCase()}${says.slice(1)}`;
};

/** Everything wrong at or anywhere below a pointer, for a control that shows all of it. */
export const problemsBelow = (problems: readonly FieldProblem[], pointer: string): string | undefined =>
  sentences(
    problems
      .filter((one) => one.pointer === pointer || one.pointer.startsWith(`${pointer}/`))
      .map((one) => (one.pointer === pointer ? saysAt(one) : one.message)),
  ) || undefined;

/** Everything wrong at a pointer or below it under a key that has no control of its own. */
export const problemsBeside = (problems: readonly FieldProblem[], pointer: string, drawn: (key: string) => boolean): string | undefined => {
  const depth = keysOf(pointer).length;
  const own = problems.filter(
    (one) => one.pointer === pointer || (one.pointer.startsWith(`${pointer}/`) && !drawn(keysOf(one.pointer)[depth] ?? '')),
  );
  return sentences(own.map((one) => (one.pointer === pointer ? saysAt(one) : one.message))) || undefined;
};
