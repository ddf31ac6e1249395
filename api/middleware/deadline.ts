import type { MiddlewareHandler } from 'hono';
import type { Env } from '../env.ts';
import { unavailable } from '../problem.ts';

/** Answers 503 when a handler has not answered after `ms`, or what `own` says for its path: a database that accepts connections but never answers must not hold callers. */
export const deadline =
  (usual: number, own: { readonly [path: string]: number } = {}): MiddlewareHandler<Env> =>
  async (c, next) => {
    const ms = own[c.req.path] ?? usual;
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
