import type { Context } from 'hono';
import type { Env } from '../env.ts';
import { HttpProblem } from '../problem.ts';

/** The entity tag of one state of a thing, by its version or time of change. */
export const tagOf = (...parts: readonly (string | number)[]): string => `"${parts.join('.')}"`;

/** Sets the tag; true when the caller has this very state, so that the handler can answer 304. */
export function hasCurrent(c: Context<Env>, tag: string): boolean {
  c.header('ETag', tag);
  c.header('Cache-Control', 'private, no-cache');
  return tagsIn(c.req.header('if-none-match')).some((given) => given === tag || given === '*');
}

/** Refuses a change made over a state the caller has not seen: without `If-Match` 428, with another tag 412. */
export function requireMatch(c: Context<Env>, tag: string): void {
  const given = c.req.header('if-match');
  if (given === undefined) throw new HttpProblem(428, `send If-Match with the ETag you read, now ${tag}, or *`);
  if (!tagsIn(given).some((one) => one === tag || one === '*')) {
    throw new HttpProblem(412, `If-Match ${given}: it was changed meanwhile and is now ${tag}`);
  }
}

const tagsIn = (header: string | undefined) => header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
