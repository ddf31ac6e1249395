import { v7 as uuidv7 } from 'uuid';
import type { JsonObject } from '#jobs/json.ts';
import { InvalidInput } from '#jobs/problem.ts';
import type { ScheduleContext } from '#jobs/schedules/context.ts';
import type { FireTrigger, MissedReason } from '#jobs/schedules/fire-state.ts';
import { reasonWords } from '#jobs/schedules/why-missed.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import type { RunInput } from '#workflows/messages.ts';
import type { Transaction } from '../../client.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';
import { acceptCausedRun, type Cause, causedRun } from '../accept-caused-run.ts';
import { findJob, findJobVersion } from '../find-job.ts';
import { findRun, findRunInput } from '../find-run.ts';
import { type Claim, type ClaimedRow, claimFire, forgetClaim, settleMissed, settleStarted } from './claim-fire.ts';
import { findScheduleById } from './find-schedule.ts';
import { contextOf } from './fire-context.ts';
import { meantAt } from './meant-at.ts';
import { whyHeld } from './why-held.ts';

/** A moment of a schedule that has come. */
export interface Fire {
  /** The id of the schedule's row. */
  readonly schedule: string;
  /** Epoch milliseconds. */
  readonly nominalAt: number;
  /** Null: the clock's; whether it comes late is seen from its row and from the time. */
  readonly trigger: FireTrigger | null;
  /** Which run of this moment; absent: the one that was asked for, else the first, 0. */
  readonly again?: number;
  /** The workflow that is the run, and which execution of it; absent: the run is to be started, and its start is owed by the outbox. */
  readonly workflow?: { readonly id: string; readonly execution: string };
  readonly backfill?: string;
  /** In place of those of the schedule, name by name. */
  readonly parameters?: JsonObject;
  /** The run of this moment that it repeats. */
  readonly earlierRun?: string;
  /** Who wants it, where a person does: the run is theirs. */
  readonly askedBy?: string;
}

/** What became of it; `known` is the run that the same workflow, or the same backfill, was given before. */
export type FireOutcome =
  | { readonly outcome: 'accepted' | 'known'; readonly run: string; readonly input: RunInput }
  /** Another one was faster. */
  | { readonly outcome: 'taken'; readonly run: string | null }
  | { readonly outcome: 'missed'; readonly reason: MissedReason; readonly message: string }
  /** There is no such schedule any more. */
  | { readonly outcome: 'gone' };

/** Gives a moment of a schedule its run, or says why it has none, in one transaction: the one way from a moment to a run. However often it is asked, a moment (and `again`) has one run. */
export async function acceptFire(tx: Transaction, zones: ZoneData, fire: Fire): Promise<FireOutcome> {
  const schedule = await findScheduleById(tx, fire.schedule);
  if (!schedule) return { outcome: 'gone' };
  const claim = await claimFire(tx, schedule, fire);
  if (claim.outcome === 'taken') return claim;
  if (claim.outcome === 'known') return { outcome: 'known', run: claim.run, input: await inputAgain(tx, schedule, fire, claim) };
  const { row } = claim;
  const missed = async (reason: MissedReason, message: string): Promise<FireOutcome> => {
    await settleMissed(tx, fire, row, reason, message);
    return { outcome: 'missed', reason, message };
  };
  const { timezone } = schedule;
  if (!zones.zone(timezone)) return missed('invalid', `the zone data ${zones.version} have no zone ${timezone}`);
  if (fire.trigger === null && claim.isNew) {
    const meant = await meantAt(tx, zones, schedule, fire.nominalAt);
    if (meant === null) {
      // Temporal has yet to be told of an edit.
      await forgetClaim(tx, row);
      return { outcome: 'taken', run: null };
    }
    if (meant.reason !== null) return missed(meant.reason, reasonWords(meant));
  }
  const held = await whyHeld(tx, schedule, fire, row.trigger);
  if (held) return missed(held.reason, held.message);
  const version = versionOf(schedule);
  const job = await findJob(tx, schedule.project, schedule.job, version);
  if (!job) return missed('job_disabled', `there is no job ${schedule.job}${version === null ? '' : ` at version ${version}`}`);
  if (!job.active) return missed('job_disabled', `job ${schedule.job} is switched off`);
  const context = await contextOf(tx, zones, schedule, fire.nominalAt, row.trigger);
  try {
    const { inserted, input } = await acceptCausedRun(tx, job, parametersOf(schedule, fire, row), causeOf(schedule, fire, row, context));
    await settleStarted(tx, fire, row, inserted.run);
    return { outcome: 'accepted', run: inserted.run, input };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return missed('invalid', `job ${job.name} does not take this: ${error.message}`);
  }
}

/** Null: the current one. */
const versionOf = ({ definition: { version = 'latest' } }: ScheduleRow): number | null => (version === 'latest' ? null : version);

const parametersOf = ({ definition }: ScheduleRow, { parameters }: Fire, row: ClaimedRow): JsonObject => ({
  ...definition.parameters,
  ...parameters,
  ...row.parameters,
});

function causeOf(
  schedule: ScheduleRow,
  fire: Fire,
  { trigger, asked_by, note }: ClaimedRow,
  context: ScheduleContext,
  run = uuidv7(),
): Cause {
  const { id, name, definition } = schedule;
  const because = note === null ? '' : `: ${note}`;
  return {
    project: schedule.project,
    run,
    trigger: 'schedule',
    created_by: asked_by ?? schedule.updated_by,
    message: `${WORDS[trigger]} schedule ${name}, for ${context.local_time} ${context.zone}${because}`,
    schedule: { id, name, nominalAt: fire.nominalAt },
    isUnderWay: fire.workflow !== undefined,
    ...(fire.earlierRun !== undefined && { retry_of: fire.earlierRun, retry_count: fire.again ?? 0 }),
    input: { ...(fire.workflow && { workflowId: fire.workflow.id }), schedule: context },
    target: definition.target,
    client: schedule.client,
    priority: schedule.priority,
    // Its own, where it has one.
    timezone: definition.timezone ?? null,
  };
}

const WORDS = {
  schedule: 'started by',
  catchup: 'started late by',
  manual: 'started by hand from',
  backfill: 'backfilled from',
} as const satisfies Record<FireTrigger, string>;

/** What a run began with whose workflow never got to hear it, whatever was changed since. */
async function inputAgain(
  tx: Transaction,
  schedule: ScheduleRow,
  fire: Fire,
  claim: Extract<Claim, { outcome: 'known' }>,
): Promise<RunInput> {
  const run = await findRun(tx, schedule.project, claim.run);
  const own = await findRunInput(tx, claim.run);
  const version = run?.job_id && run.version !== null ? await findJobVersion(tx, run.job_id, run.version) : null;
  if (!run || !own?.schedule || !version)
    throw new Error(`run ${claim.run} of schedule ${schedule.name} is gone, or the version of its job is`);
  const job = { ...version, id: version.job_id, name: run.job, title: run.title, sample: run.sample };
  const { client, priority, timezone, parameters } = run;
  const target = own.target ?? run.target ?? undefined;
  const cause = { ...causeOf(schedule, fire, claim.row, own.schedule, run.id), client, priority, timezone, target };
  return (await causedRun(tx, job, parameters, cause)).input;
}
