import type { Context } from 'hono';
import type { Env } from './env.ts';

/** The address a request comes from. A proxy's header is not believed: anyone can send one. */
export const clientAddress = (c: Context<Env>): string => c.env.incoming.socket.remoteAddress ?? 'unknown';
