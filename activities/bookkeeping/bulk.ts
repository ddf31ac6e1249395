import { Context } from '@temporalio/activity';
import { InUse, NotFound, RunNotEnded, VersionConflict } from '#db/conflicts.ts';
import { type BulkOutcome, closeBulk, findBulk, nextBulkItems, settleBulkItems } from '#db/queries/bulk.ts';
import type { BulkItemRow, BulkRow } from '#db/schema/bulk.ts';
import { InvalidInput } from '#jobs/problem.ts';
import { type BulkDeps, type BulkOrder, JOB_ACTS, NotDone, RUN_ACTS } from './bulk-actions.ts';

/** Subjects looked up at a time, and how many of them are worked at side by side. */
const BATCH = 64;
const AT_ONCE = 8;
/** Then the next worker may go on. */
const SPELL_MS = 20_000;

/** Activities that do one thing to many runs or jobs. */
export const createBulk = (deps: BulkDeps) => ({
  /** Goes on with an operation for a while; true once nothing is left to do. What fails stands with its subject and stops no other. */
  async carryOutBulk(id: string): Promise<boolean> {
    const { sql } = deps.database;
    const { heartbeat, cancellationSignal } = Context.current();
    const until = Date.now() + SPELL_MS;
    for (;;) {
      const bulk = await findBulk(sql, 'default', id);
      if (bulk?.status !== 'running') return true;
      const items = await nextBulkItems(sql, id, BATCH);
      if (items.length === 0) {
        await closeBulk(sql, id);
        return true;
      }
      await settleBulkItems(sql, id, await all(items, (item) => actOn(bulk, item, deps)));
      heartbeat();
      if (Date.now() >= until || cancellationSignal.aborted) return false;
    }
  },
});

async function all(items: readonly BulkItemRow[], act: (item: BulkItemRow) => Promise<BulkOutcome>): Promise<readonly BulkOutcome[]> {
  const left = [...items];
  const outcomes: BulkOutcome[] = [];
  const carry = async (): Promise<void> => {
    for (let item = left.shift(); item; item = left.shift()) outcomes.push(await act(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, carry));
  return outcomes;
}

async function actOn(bulk: BulkRow, { n, subject }: BulkItemRow, deps: BulkDeps): Promise<BulkOutcome> {
  const order: BulkOrder = {
    project: bulk.project,
    subject,
    audit: { actor: bulk.actor, request_id: `bulk:${bulk.id}`, reason: bulk.reason },
    key: `bulk:${bulk.id}:${n}`,
  };
  try {
    const act =
      bulk.subject_kind === 'runs' ? RUN_ACTS[bulk.action as keyof typeof RUN_ACTS] : JOB_ACTS[bulk.action as keyof typeof JOB_ACTS];
    return { n, error: null, made: await act(order, deps) };
  } catch (error) {
    if (isAnswer(error)) return { n, error: error.message.slice(0, 1000), made: null };
    throw error;
  }
}

/** A refusal that the same subject would get again; anything else is tried again with all that has not been told of. */
const isAnswer = (error: unknown): error is Error =>
  error instanceof NotDone ||
  error instanceof NotFound ||
  error instanceof RunNotEnded ||
  error instanceof InUse ||
  error instanceof VersionConflict ||
  error instanceof InvalidInput;
