import type { Context } from 'hono';
import { Hono } from 'hono';
import { findPreferences, savePreferences } from '#db/queries/user-preferences.ts';
import type { JsonObject } from '#jobs/json.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { hasCurrent, requireMatch, tagOf } from '../middleware/etag.ts';
import { conflict, HttpProblem } from '../problem.ts';
import { Preferences, soundPreferences } from '../views/preferences.ts';

const ownAccount = (c: Context<Env>): string => {
  const { userId } = signedIn(c);
  if (userId === null) throw conflict('the login is switched off here (board.auth_enabled = false), so there is no account to keep them');
  return userId;
};

/** What the caller prefers about the page. Nobody else ever sees or gets it, so the audit tells nothing of it. */
export const preferences = new Hono<Env>()
  .get(
    '/me/preferences',
    can('account:own'),
    describe({
      tag: 'account',
      summary: 'What the caller prefers about the page; only what they have chosen',
      answers: { 200: Preferences, 304: 'Still as the given ETag says' },
    }),
    async (c) => {
      const found = await findPreferences(c.var.services.database.sql, ownAccount(c));
      return hasCurrent(c, tagOf(found.version)) ? c.body(null, 304) : c.json(soundPreferences(found.preferences));
    },
  )
  .put(
    '/me/preferences',
    can('account:own'),
    describe({ tag: 'account', summary: 'Put others in their place; send If-Match', answers: { 200: Preferences } }),
    body(Preferences),
    async (c) => {
      const user = ownAccount(c);
      const { sql } = c.var.services.database;
      const { version } = await findPreferences(sql, user);
      requireMatch(c, tagOf(version));
      const chosen = c.req.valid('json');
      const saved = await savePreferences(sql, user, version, { ...chosen } as JsonObject);
      if (saved === null) throw new HttpProblem(412, 'they were changed meanwhile');
      c.header('ETag', tagOf(saved));
      return c.json(chosen);
    },
  );
