import { Hono } from 'hono';
import { z } from 'zod';
import { listAudit } from '#db/queries/list-audit.ts';
import { can } from '../access/can.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { PROJECT } from '../project.ts';
import { instant, json, pageOf } from '../views/json.ts';
import { Paging } from '../views/paging.ts';

/** What somebody did, as the API shows it. */
export const AuditEntry = z
  .object({
    id: z.string(),
    project: z.string(),
    at: instant,
    actor: z.string(),
    action: z.string(),
    subject_kind: z.string(),
    subject: z.string(),
    before: json,
    after: json,
    request_id: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' });

const AuditQuery = z.strictObject({
  ...Paging,
  actor: z.string().optional(),
  subject_kind: z.string().optional(),
  subject: z.string().optional(),
});

/** Who did what to what. */
export const audit = new Hono<Env>().get(
  '/',
  can('audit:read'),
  describe({ tag: 'audit', summary: 'Changes, newest first', answers: { 200: pageOf(AuditEntry) } }),
  query(AuditQuery),
  async (c) => c.json(await listAudit(c.var.services.database.read, { project: PROJECT, ...c.req.valid('query') })),
);
