import type { Database, Transaction } from '#db/client.ts';
import { acceptCausedRun } from '#db/queries/accept-caused-run.ts';
import { findJobById } from '#db/queries/find-job.ts';
import { findCauses } from '#db/queries/run-line.ts';
import {
  dueTriggers,
  holdFirings,
  lockTrigger,
  type OpenFiring,
  type Outcome,
  openFirings,
  postponeFirings,
  settleFirings,
  type TriggerPlace,
} from '#db/queries/trigger-firings.ts';
import { LIMITS } from '#jobs/limits.ts';
import { InvalidInput } from '#jobs/problem.ts';
import { lineWords } from '#jobs/sub-jobs.ts';
import { isJoin, isWanted, joinArrivals, mappedParameters, type SourceRun } from '#jobs/triggers.ts';
import type { RunInput } from '#workflows/messages.ts';

/** Triggers looked at in one round, and ends of each. */
const AT_ONCE = 50;
const ENDS_AT_ONCE = 1_000;

/**
 * Acts upon ends of runs that triggers listen to: starts what they ask for, and writes down why not where nothing is started. The run is
 * accepted in the transaction that takes its cause away, so each end starts one run, whoever dies in between.
 */
export async function followEnds({ sql }: Pick<Database, 'sql'>, launch: (input: RunInput) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const place of await dueTriggers(sql, AT_ONCE)) {
    try {
      for (let isMore = true; isMore; ) {
        const started = await sql.begin((tx) => actOn(tx, place));
        if (started) await launch(started);
        isMore = started !== null;
      }
    } catch (error) {
      await postponeFirings(sql, place);
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Acts upon the ends one trigger has seen, up to the first run that it starts; null when nothing more is to be started. */
async function actOn(tx: Transaction, place: TriggerPlace): Promise<RunInput | null> {
  if (!(await lockTrigger(tx, place))) return null;
  const open = await openFirings(tx, place, ENDS_AT_ONCE);
  // An end is acted upon as the trigger was when it happened.
  for (const alike of Map.groupBy(open, ({ trigger }) => JSON.stringify(trigger)).values()) {
    for (const together of await whatGoesTogether(tx, alike)) {
      const { outcome, input } = await decide(tx, place, together);
      await settleFirings(tx, idsOf(together), outcome);
      if (input) return input;
    }
  }
  return null;
}

/** Ends that start one run each time; of a join, the others are held until they can be told. */
async function whatGoesTogether(tx: Transaction, alike: readonly OpenFiring[]): Promise<readonly (readonly OpenFiring[])[]> {
  const [first] = alike;
  if (!first) return [];
  if (!isJoin(first.trigger)) return alike.map((firing) => [firing]);
  const byId = new Map(alike.map((firing) => [firing.id, firing]));
  const arrivals = alike.map(({ id, source_job, ended_at }) => ({ id, job: source_job, at: Date.parse(ended_at) }));
  const { joined, unmatched, nextAt } = joinArrivals(first.trigger, arrivals, Date.now());
  if (unmatched.length > 0) await settleFirings(tx, idsOf(unmatched), { reason: 'unmatched', message: UNMATCHED });
  const used = new Set([...joined.flat(), ...unmatched].map(({ id }) => id));
  const waiting = idsOf(alike).filter((id) => !used.has(id));
  if (nextAt !== null) await holdFirings(tx, waiting, new Date(nextAt));
  return joined.map((together) => together.flatMap(({ id }) => byId.get(id) ?? []));
}

const UNMATCHED = 'the other jobs of this trigger had no run that ended close enough to it';
const idsOf = (some: readonly { readonly id: string }[]): readonly string[] => some.map(({ id }) => id);

interface Decided {
  readonly outcome: Outcome;
  readonly input?: RunInput;
}

/** What ends that belong together come to; a run that they start is accepted with it. */
async function decide(tx: Transaction, { project, job_id }: TriggerPlace, ends: readonly OpenFiring[]): Promise<Decided> {
  const inOrder = [...ends].sort((a, b) => Date.parse(a.ended_at) - Date.parse(b.ended_at));
  const last = inOrder.at(-1);
  if (last === undefined) throw new Error('no end to decide about');
  const gone = inOrder.find(({ number }) => number === null);
  if (gone) return not('refused', `run ${gone.source_run} was deleted before it could be acted upon`);
  const job = await findJobById(tx, job_id);
  if (!job) return not('inactive', 'the job is gone');
  if (!job.active) return not('inactive', 'the job was switched off');
  try {
    const runs = inOrder.map(sourceOf);
    if (!isWanted(last.trigger, runs)) return not('condition', `its condition was false: ${last.trigger.if}`);
    const loop = await loopOf(tx, job, inOrder);
    if (loop !== null) return not('loop', loop);
    const given = mappedParameters(last.trigger, runs);
    const { inserted, input } = await acceptCausedRun(tx, job, given, {
      project,
      trigger: 'chain',
      created_by: last.created_by,
      message: `follows run #${last.number} of ${last.source_job}`,
      chain_source: last.source_run,
      chain_depth: depthOf(inOrder),
    });
    return { outcome: { run: inserted.run }, input };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const { problems } = error;
    const isCondition = problems.some(({ pointer }) => pointer === '/if');
    return {
      outcome: { reason: isCondition ? 'condition' : 'parameters', message: problems[0]?.message ?? error.message, problems },
    };
  }
}

const not = (reason: Extract<Outcome, { reason: unknown }>['reason'], message: string): Decided => ({ outcome: { reason, message } });

const depthOf = (ends: readonly OpenFiring[]): number => Math.max(...ends.map(({ chain_depth }) => chain_depth)) + 1;

/** Why a job must not follow these runs; null: it may. A job that its own run leads back to would go round for ever, edited or not. */
async function loopOf(
  tx: Transaction,
  { id, name }: { readonly id: string; readonly name: string },
  ends: readonly OpenFiring[],
): Promise<string | null> {
  const depth = depthOf(ends);
  if (depth > LIMITS.chainDepth) return `${depth} runs would follow each other's ends; at most ${LIMITS.chainDepth} may`;
  const causes = await findCauses(
    tx,
    ends.map(({ source_run }) => source_run),
  );
  const first = causes.findIndex(({ job_id }) => job_id === id);
  return first === -1 ? null : `the chain comes back to where it was: ${lineWords(causes.slice(first), name)}`;
}

const sourceOf = ({ source_run, number, source_job, run_status, parameters, result_data, ended_at }: OpenFiring): SourceRun => ({
  id: source_run,
  number: number ?? 0,
  job: source_job,
  status: run_status,
  parameters,
  outputs: result_data ?? {},
  ended_at,
});
