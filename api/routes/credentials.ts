import { Hono } from 'hono';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { type CredentialSummary, findCredential, listCredentials } from '#db/queries/list-credentials.ts';
import { deleteCredential, saveCredential } from '#db/queries/save-credential.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { CredentialContent, NewCredential, sealContent } from '../credentials.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { hasCurrent, requireMatch, tagOf } from '../middleware/etag.ts';
import { once } from '../once.ts';
import { orChangedBefore, orDoneBefore } from '../or-changed-before.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { rewrapAll } from '../rewrap.ts';
import type { Services } from '../services.ts';
import { CredentialView, RewrapReport } from '../views/credential.ts';
import { pageOf } from '../views/json.ts';
import { searchedIn } from '../views/paging.ts';

/** Secrets by name: written here, read by nobody but the step that needs them. */
export const credentials = new Hono<Env>()
  .get(
    '/',
    can('credential:read'),
    describe({ tag: 'credentials', summary: 'Credentials by name, without their secrets', answers: { 200: pageOf(CredentialView) } }),
    query(z.strictObject(searchedIn('name, kind, username or description'))),
    async (c) => {
      const { q: text, ...rest } = c.req.valid('query');
      return c.json(await listCredentials(c.var.services.database.read, { project: PROJECT, text, ...rest }));
    },
  )
  .post(
    '/',
    can('credential:edit'),
    describe({
      tag: 'credentials',
      summary: 'Add a credential; with the same `Idempotency-Key` and body it is added once',
      answers: { 201: CredentialView },
    }),
    body(NewCredential, { secret: true }),
    async (c) => {
      const content = c.req.valid('json');
      const { name } = content;
      if (name === 'parameters') throw new HttpProblem(422, 'name: "parameters" stands for the secret parameters of a run; choose another');
      const { database, keyRing } = c.var.services;
      const sealed = sealContent(keyRing, content, uuidv7(), 1);
      const { version } = await orChangedBefore(c, content, (key) =>
        saveCredential(database.sql, PROJECT, { name, ...sealed }, null, auditOf(c), key),
      );
      c.header('Location', `${c.req.path}/${name}`);
      c.header('ETag', tagOf(version));
      return c.json(await requireCredential(c.var.services, name), 201);
    },
  )
  .post(
    '/rewrap',
    can('credential:edit'),
    describe({
      tag: 'credentials',
      summary: 'Wrap every secret by the active key of the key ring, while all goes on; with the same `Idempotency-Key` it is done once',
      answers: { 200: RewrapReport },
    }),
    async (c) => c.json(await once(c, null, {}, () => rewrapAll(c.var.services, auditOf(c)))),
  )
  .get(
    '/:name',
    can('credential:read'),
    describe({ tag: 'credentials', summary: 'One credential, without its secret', answers: { 200: CredentialView } }),
    async (c) => {
      const credential = await requireCredential(c.var.services, c.req.param('name'));
      if (hasCurrent(c, tagOf(credential.version))) return c.body(null, 304);
      return c.json(credential);
    },
  )
  .put(
    '/:name',
    can('credential:edit'),
    describe({
      tag: 'credentials',
      summary: 'Replace a credential with a new version; with the same `Idempotency-Key` and body it is done once',
      answers: { 200: CredentialView },
    }),
    body(CredentialContent, { secret: true }),
    async (c) => {
      const { database, keyRing } = c.var.services;
      const { id, name, version } = await requireCredential(c.var.services, c.req.param('name'));
      const content = c.req.valid('json');
      const sealed = sealContent(keyRing, content, id, version + 1);
      const saved = await orChangedBefore(c, content, async (key) => {
        requireMatch(c, tagOf(version));
        return saveCredential(database.sql, PROJECT, { name, ...sealed }, version, auditOf(c), key);
      });
      c.header('ETag', tagOf(saved.version));
      return c.json(await requireCredential(c.var.services, name));
    },
  )
  .delete(
    '/:name',
    can('credential:edit'),
    describe({
      tag: 'credentials',
      summary: 'Remove a credential that nobody uses; with the same `Idempotency-Key` it is done once',
      answers: { 204: 'Removed' },
    }),
    async (c) => {
      const { sql } = c.var.services.database;
      await orDoneBefore(c, {}, (key) => deleteCredential(sql, { project: PROJECT, name: c.req.param('name'), audit: auditOf(c) }, key));
      return c.body(null, 204);
    },
  );

async function requireCredential({ database }: Services, name: string): Promise<CredentialSummary> {
  const credential = await findCredential(database.sql, PROJECT, name);
  if (!credential) throw notFound(`no credential ${name}`);
  return credential;
}
