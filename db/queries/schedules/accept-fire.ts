import { v7 as uuidv7 } from 'uuid';
import type { JsonObject } from '#jobs/json.ts';
import { InvalidInput } from '#jobs/problem.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import type { RunInput } from '#workflows/messages.ts';
import type { Transaction } from '../../client.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';
import type { FireTrigger, MissedReason } from '../../schema/words.ts';
import { acceptCausedRun, type Cause, causedRun } from '../accept-caused-run.ts';
import { findJob, type JobAtVersion } from '../find-job.ts';
import { findRun } from '../find-run.ts';
import { type Claim, claimFire, settleMissed, settleStarted } from './claim-fire.ts';
import { contextOf } from './fire-context.ts';
import { whyHeld } from './why-held.ts';

/** A moment of a schedule that has come. */
export interface Fire {
  /** The id of the schedule's row. */
  readonly schedule: string;
  /** Epoch milliseconds. */
  readonly nominalAt: number;
  /** Null: the clock's; whether it comes late is seen from its row and from the time. */
  readonly trigger: FireTrigger | null;
  /** Which run of this moment; absent: the first, 0. */
  readonly again?: number;
  /** The workflow that is the run, and which execution of it; absent: the run is to be started, and its start is owed by the outbox. */
  readonly workflow?: { readonly id: string; readonly execution: string };
  readonly backfill?: string;
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
  const schedule = await findLiving(tx, fire.schedule);
  if (!schedule) return { outcome: 'gone' };
  const claim = await claimFire(tx, schedule, fire);
  if (claim.outcome === 'taken') return claim;
  if (claim.outcome === 'known') return { outcome: 'known', run: claim.run, input: await inputAgain(tx, zones, schedule, fire, claim) };
  const missed = async (reason: MissedReason, message: string): Promise<FireOutcome> => {
    await settleMissed(tx, claim, reason, message);
    return { outcome: 'missed', reason, message };
  };
  const held = await whyHeld(tx, schedule, fire, claim);
  if (held) return missed(held.reason, held.message);
  const job = await findJob(tx, schedule.project, schedule.job, versionOf(schedule));
  if (!job)
    return missed(
      'job_disabled',
      `there is no job ${schedule.job}${versionOf(schedule) === null ? '' : ` at version ${versionOf(schedule)}`}`,
    );
  if (!job.active) return missed('job_disabled', `job ${schedule.job} is switched off`);
  try {
    const { inserted, input } = await acceptCausedRun(tx, job, parametersOf(schedule), await causeOf(tx, zones, schedule, fire, claim));
    await settleStarted(tx, fire, claim, inserted.run);
    return { outcome: 'accepted', run: inserted.run, input };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return missed('invalid', `job ${job.name} does not take this: ${error.message}`);
  }
}

const findLiving = async (tx: Transaction, id: string): Promise<ScheduleRow | null> => {
  const [row] = await tx<ScheduleRow[]>`select * from schedules where id = ${id} and deleted_at is null`;
  return row ?? null;
};

/** Null: the current one. */
const versionOf = ({ definition: { version = 'latest' } }: ScheduleRow): number | null => (version === 'latest' ? null : version);

const parametersOf = ({ definition }: ScheduleRow): JsonObject => definition.parameters ?? {};

async function causeOf(
  tx: Transaction,
  zones: ZoneData,
  schedule: ScheduleRow,
  fire: Fire,
  { trigger, askedBy }: Pick<Claim, 'trigger' | 'askedBy'>,
  run = uuidv7(),
): Promise<Cause> {
  const { id, name, definition } = schedule;
  const context = await contextOf(tx, zones, schedule, fire.nominalAt, trigger);
  return {
    project: schedule.project,
    run,
    trigger: 'schedule',
    created_by: askedBy ?? schedule.updated_by,
    message: `${WORDS[trigger]} schedule ${name}, for ${context.local_time} ${context.zone}`,
    schedule: { id, name, nominalAt: fire.nominalAt },
    isUnderWay: fire.workflow !== undefined,
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

/** What a run began with whose workflow never got to hear it; an edit of the schedule between the two words of it counts. */
async function inputAgain(
  tx: Transaction,
  zones: ZoneData,
  schedule: ScheduleRow,
  fire: Fire,
  claim: Extract<Claim, { outcome: 'known' }>,
): Promise<RunInput> {
  const run = await findRun(tx, schedule.project, claim.run);
  const job = run && (await jobOfRun(tx, schedule, run.version));
  if (!run || !job) throw new Error(`run ${claim.run} of schedule ${schedule.name} is gone, or its job is`);
  const cause = await causeOf(tx, zones, schedule, fire, claim, claim.run);
  const { input } = await causedRun(tx, job, parametersOf(schedule), cause);
  return { ...input, parameters: run.parameters };
}

const jobOfRun = (tx: Transaction, { project, job }: ScheduleRow, version: number | null): Promise<JobAtVersion | null> =>
  findJob(tx, project, job, version);
