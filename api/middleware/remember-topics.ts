import type { MiddlewareHandler } from 'hono';
import type { Env } from '../env.ts';
import type { Hub } from '../live/hub.ts';
import { isTopic, MAX_TOPICS } from '../live/topics.ts';

/** Lets a reader go on from what it reads: changes of the topics that a GET names are kept from before it is answered, and the answer says after which event. */
export function rememberTopics(hub: Hub): MiddlewareHandler<Env> {
  return async (c, next) => {
    const topics = (c.req.method === 'GET' && c.req.header('capstan-topics')?.split(',')) || [];
    if (topics.length === 0 || topics.length > MAX_TOPICS || !topics.every(isTopic) || !c.var.identity) return next();
    const event = hub.remember(topics);
    await next();
    c.header('Capstan-Event', event);
  };
}
