import { Hono } from 'hono';
import { z } from 'zod';
import { parseKnownHosts } from '#platform/known-hosts.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { addHostKeys, importKnownHosts, removeHostKey } from '../host-keys.ts';
import { orChangedBefore, orDoneBefore } from '../or-changed-before.ts';
import { requireTarget } from '../targets.ts';
import { HostKeyContent, HostKeyView, KnownHostsReport } from '../views/host-key.ts';
import { flag } from '../views/json.ts';

const HostKeys = z.object({ items: z.array(HostKeyView) });

/** The keys by which targets are known. Every change is in the audit; no key is ever ignored. */
export const hostKeys = new Hono<Env>()
  .post(
    '/host-keys/import',
    can('target:edit'),
    describe({
      tag: 'targets',
      summary:
        'Give targets the keys that a known_hosts file has for their host and port; with the same `Idempotency-Key` and text it is done once',
      answers: { 200: KnownHostsReport },
      takes: ['text/plain'],
    }),
    query(z.strictObject({ dry_run: flag.default(false) })),
    async (c) => {
      const { dry_run } = c.req.valid('query');
      const text = await c.req.text();
      const known = parseKnownHosts(text);
      const audit = auditOf(c, 'known_hosts');
      const items = await orChangedBefore(c, { text }, (key) => importKnownHosts(c.var.services, known, dry_run, audit, key));
      const authorities = known.lines
        .filter(({ marker }) => marker === 'cert-authority')
        .map(({ line }) => ({ line, message: 'certificate authorities are not supported; pin the host’s own key' }));
      return c.json({ dry_run, items: [...items], problems: [...known.problems, ...authorities].sort((a, b) => a.line - b.line) });
    },
  )
  .get(
    '/:name/host-keys',
    can('target:read'),
    describe({ tag: 'targets', summary: 'The keys a target may show', answers: { 200: HostKeys } }),
    async (c) => c.json({ items: [...(await requireTarget(c.var.services, c.req.param('name'))).host_keys] }),
  )
  .post(
    '/:name/host-keys',
    can('target:edit'),
    describe({
      tag: 'targets',
      summary: 'Pin keys beside those a target has; with the same `Idempotency-Key` and body it is done once',
      answers: { 201: HostKeys },
    }),
    body(z.strictObject({ keys: z.array(HostKeyContent).min(1).max(20), reason: z.string().max(1000).optional() })),
    async (c) => {
      const { keys, reason } = c.req.valid('json');
      const { name } = await requireTarget(c.var.services, c.req.param('name'));
      await orDoneBefore(c, { keys, reason }, (key) => addHostKeys(c.var.services, name, keys, auditOf(c, reason), key));
      return c.json({ items: [...keys] }, 201);
    },
  )
  .delete(
    '/:name/host-keys/:fingerprint',
    can('target:edit'),
    describe({
      tag: 'targets',
      summary: 'Forget a key of a target; with the same `Idempotency-Key` it is done once',
      answers: { 204: 'Forgotten' },
    }),
    async (c) => {
      await orDoneBefore(c, {}, async (key) => {
        const { name } = await requireTarget(c.var.services, c.req.param('name'));
        await removeHostKey(c.var.services, name, c.req.param('fingerprint'), auditOf(c), key);
      });
      return c.body(null, 204);
    },
  );
