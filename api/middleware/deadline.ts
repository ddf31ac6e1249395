import type { MiddlewareHandler } from 'hono';
import type { Env } from '../env.ts';
import { unavailable } from '../problem.ts';

/** Answers 503 when a handler has not answered after `ms`: a database that accepts connections but never answers must not hold callers. */
export const deadline =
  (ms: number): MiddlewareHandler<Env> =>
  async (_c, next) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(unavailable(`no answer within ${ms / 1000} s`, 5)), ms);
    });
    try {
      await Promise.race([next(), late]);
    } finally {
      clearTimeout(timer);
    }
  };
