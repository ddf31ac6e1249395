import { Hono } from 'hono';
import { z } from 'zod';
import { exportTargets } from '#db/queries/export-targets.ts';
import { INVENTORY_FORMAT_NAMES, INVENTORY_FORMATS } from '#jobs/inventory/formats.ts';
import { pointerTo } from '#jobs/problem.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { importInventory, inventoryTarget } from '../inventory.ts';
import { orChangedBefore } from '../or-changed-before.ts';
import { HttpProblem } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { ImportReport } from '../views/inventory.ts';
import { flag } from '../views/json.ts';

const format = z.enum(INVENTORY_FORMAT_NAMES);

/** Inventories as a whole: taken over from files, and written to them. No form holds a secret. */
export const inventory = new Hono<Env>()
  .post(
    '/import',
    can('target:edit'),
    describe({
      tag: 'targets',
      summary:
        'Take over an inventory, all or nothing; fields it does not name stay as they are, and so do targets; with the same `Idempotency-Key` and text it is done once',
      answers: { 200: ImportReport },
      takes: ['text/plain', 'application/yaml', 'application/json', 'text/csv'],
    }),
    query(z.strictObject({ format, dry_run: flag.default(false) })),
    async (c) => {
      const { format: name, dry_run } = c.req.valid('query');
      const text = await c.req.text();
      const parsed = INVENTORY_FORMATS[name].parse(text);
      const report = await orChangedBefore(c, { text, name }, (key) => importInventory(c.var.services, parsed, dry_run, auditOf(c), key));
      if (!dry_run && report.counts.bad > 0) throw refusal(report);
      return c.json(report);
    },
  )
  .get(
    '/export',
    can('target:read'),
    describe({ tag: 'targets', summary: 'Every target as a file', answers: { 200: 'The file' } }),
    query(z.strictObject({ format: format.default('yaml') })),
    async (c) => {
      const { type, file, write } = INVENTORY_FORMATS[c.req.valid('query').format];
      const rows = await exportTargets(c.var.services.database.read, PROJECT);
      c.header('Content-Type', type);
      c.header('Content-Disposition', `attachment; filename="${file}"`);
      return c.body(write(rows.map(inventoryTarget)));
    },
  );

/** Everything that kept an import from being made, each with its line. */
function refusal({ items }: ImportReport): HttpProblem {
  const problems = items.flatMap(({ name, line, problems: found }, at) =>
    found.map((message) => ({
      pointer: pointerTo('', at),
      message: `${name === null ? '' : `${name}: `}${message}`,
      line,
      severity: 'error' as const,
    })),
  );
  const [first] = problems;
  const more = problems.length > 1 ? `; and ${problems.length - 1} more` : '';
  return new HttpProblem(422, `nothing was imported: line ${first?.line}: ${first?.message}${more}`, { problems: problems.slice(0, 100) });
}
