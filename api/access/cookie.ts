import type { Context } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { Env } from '../env.ts';

/** Holds the session's secret; scripts on the page cannot read it, other sites cannot send it along with changes. */
export const SESSION_COOKIE = 'capstan_session';

/** Hands the browser its session. */
export const giveSession = (c: Context<Env>, secret: string, expiresAt: Date): void =>
  setCookie(c, SESSION_COOKIE, secret, { ...attributes(c), expires: expiresAt });

/** Makes the browser forget its session. */
export const takeSession = (c: Context<Env>): void => {
  deleteCookie(c, SESSION_COOKIE, attributes(c));
};

const attributes = (c: Context<Env>) =>
  ({
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
    secure: c.req.header('x-forwarded-proto') === 'https' || (c.var.services.config.api.public_url?.startsWith('https:') ?? false),
  }) as const;
