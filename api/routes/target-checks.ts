import { Hono } from 'hono';
import { z } from 'zod';
import { listChecks } from '#db/queries/checks.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { checkTargets, scanTarget } from '../checks.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { ONCE, once } from '../once.ts';
import { HttpProblem } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { chosenTargets, requireTarget } from '../targets.ts';
import { ChecksReport, CheckView, ScanView } from '../views/check.ts';
import { pageOf } from '../views/json.ts';
import { Paging } from '../views/paging.ts';
import { ChosenBy } from '../views/target-choice.ts';

const answers = { 200: ChecksReport, 202: ChecksReport };
const Accept = z.strictObject({
  accept: z
    .array(z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'expected a fingerprint, SHA256:…'))
    .max(20)
    .default([]),
  reason: z.string().max(1000).optional(),
});

/** How targets are: looked at by workers, stage by stage, and kept as history. */
export const targetChecks = new Hono<Env>()
  .post(
    '/check',
    can('target:check'),
    describe({ tag: 'targets', summary: 'Look at several targets; 202 names those not done after ten seconds', answers }),
    body(ChosenBy),
    async (c) => {
      const { target } = c.req.valid('json');
      const chosen = await chosenTargets(c.var.services, target);
      const names = chosen.filter(({ enabled }) => enabled).map(({ name }) => name);
      const mayBeNone = typeof target === 'object' && 'allow_empty' in target && target.allow_empty === true;
      if (names.length === 0 && !mayBeNone) throw new InvalidInput([errorAt('/target', 'no target that is switched on fits this')]);
      const report = names.length === 0 ? { items: [], pending: [] } : await checkTargets(c.var.services, names, auditOf(c));
      return c.json(report, report.pending.length > 0 ? 202 : 200);
    },
  )
  .post(
    '/:name/check',
    can('target:check'),
    describe({ tag: 'targets', summary: 'Look at a target; 202 when that takes more than ten seconds', answers }),
    async (c) => {
      const { name, enabled } = await requireTarget(c.var.services, c.req.param('name'));
      if (!enabled) throw new HttpProblem(409, `the target ${name} is switched off`);
      const report = await checkTargets(c.var.services, [name], auditOf(c));
      if (report.pending.length > 0) c.header('Location', `${c.req.path}s`);
      return c.json(report, report.pending.length > 0 ? 202 : 200);
    },
  )
  .get(
    '/:name/checks',
    can('target:read'),
    describe({ tag: 'targets', summary: 'Looks at a target, newest first', answers: { 200: pageOf(CheckView) } }),
    query(z.strictObject(Paging)),
    async (c) => {
      const { name } = await requireTarget(c.var.services, c.req.param('name'));
      const page = await listChecks(c.var.services.database.read, PROJECT, name, c.req.valid('query'));
      return c.json(page);
    },
  )
  .post(
    '/:name/scan',
    can('target:edit'),
    describe({
      tag: 'targets',
      summary: `Ask a host for its keys, and pin those that are accepted by their fingerprint; ${ONCE}`,
      answers: { 200: ScanView },
    }),
    body(Accept),
    async (c) => {
      const { accept, reason } = c.req.valid('json');
      const target = await requireTarget(c.var.services, c.req.param('name'));
      return c.json(await once(c, null, { accept, reason }, () => scanTarget(c.var.services, target, accept, auditOf(c, reason))));
    },
  );
