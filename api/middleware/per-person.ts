import type { MiddlewareHandler } from 'hono';
import { personOf, signedIn } from '../access/identity.ts';
import type { Env } from '../env.ts';
import { HttpProblem } from '../problem.ts';

/** Answers 429 to a person who has so many of these requests under way; one is under way until its answer is sent or its caller has left. It stands behind `can(…)`. */
export const atMostPerPerson = (most: number, what: string): MiddlewareHandler<Env> => {
  const underway = new Map<string, number>();
  return (c, next) => {
    const who = personOf(signedIn(c));
    const now = underway.get(who) ?? 0;
    if (now >= most) {
      throw new HttpProblem(429, `${most} ${what} of yours are under way; wait until one has ended`, { headers: { 'Retry-After': '1' } });
    }
    underway.set(who, now + 1);
    c.env.outgoing.once('close', () => {
      const left = (underway.get(who) ?? 1) - 1;
      if (left === 0) underway.delete(who);
      else underway.set(who, left);
    });
    return next();
  };
};
