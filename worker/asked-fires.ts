import type { Client } from '@temporalio/client';
import type { Database } from '#db/client.ts';
import { acceptFire } from '#db/queries/schedules/accept-fire.ts';
import { type AskedFire, dropAsked, dropOrphans, noteTold, putInLine, takeAsked } from '#db/queries/schedules/asked-fires.ts';
import { parseDuration } from '#jobs/duration.ts';
import { SCHEDULE_DEFAULTS, type ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { nextTelling } from '#jobs/schedules/next-telling.ts';
import { twinIdOf } from '#jobs/schedules/twin-id.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import { standingOf, triggerTwin } from '#platform/temporal/schedule-trigger.ts';
import type { RunInput } from '#workflows/messages.ts';

export interface AskedDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly client: Client;
  readonly zones: ZoneData;
  /** Starts an accepted run if it can; never throws. */
  launch(input: RunInput): Promise<void>;
}

const AT_ONCE = 100;
/** Schedules that Temporal is asked about at a time. */
const SOME = 10;
/** While Temporal is away nobody waits for it. */
const DEADLINE_MS = 5_000;

/** Sees to starts that were asked for by people, or since nobody was there when their moment came; a schedule's one after the other. */
export async function startAsked(deps: AskedDeps): Promise<void> {
  await dropOrphans(deps.database.sql);
  const asked = await takeAsked(deps.database.sql, AT_ONCE);
  await placeInLine(deps, asked);
  const bySchedule = [...Map.groupBy(asked, ({ schedule_id }) => schedule_id).values()];
  const [people = [], clock = []] = [true, false].map((byPeople) =>
    bySchedule.filter((fires) => fires.some(({ trigger }) => trigger === 'manual') === byPeople),
  );
  const outcomes = await Promise.allSettled([seeToSome(deps, people), seeInTurn(deps, clock)]);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}

/** What waits within its catch-up window while Temporal is there has its place, however many moments Temporal has to come to before. */
async function placeInLine({ database, client }: AskedDeps, fires: readonly AskedFire[]): Promise<void> {
  const waiting = fires.filter(({ trigger, in_line_at }) => trigger === 'catchup' && in_line_at === null);
  if (waiting.length === 0) return;
  await client.withDeadline(Date.now() + DEADLINE_MS, () => client.workflowService.getSystemInfo({}));
  for (const { schedule_id, definition } of waiting) await putInLine(database.sql, schedule_id, catchupMsOf(definition));
}

async function seeInTurn(deps: AskedDeps, bySchedule: readonly (readonly AskedFire[])[]): Promise<void> {
  for (let first = 0; first < bySchedule.length; first += SOME) {
    const isBehind = await seeToSome(deps, bySchedule.slice(first, first + SOME));
    // Asking it about the rest would hold it up.
    if (isBehind) return;
  }
}

/** Answers whether Temporal has yet to come to the moments of all of them. */
async function seeToSome(deps: AskedDeps, bySchedule: readonly (readonly AskedFire[])[]): Promise<boolean> {
  const outcomes = await Promise.allSettled(bySchedule.map((fires) => seeToAll(deps, fires)));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
  return outcomes.every((outcome) => outcome.status === 'fulfilled' && outcome.value);
}

async function seeToAll(deps: AskedDeps, fires: readonly AskedFire[]): Promise<boolean> {
  let isBehind = true;
  for (const fire of fires) isBehind = (await deps.client.withDeadline(Date.now() + DEADLINE_MS, () => seeTo(deps, fire))) && isBehind;
  return isBehind;
}

/** Answers whether Temporal has yet to come to the moment. */
async function seeTo(deps: AskedDeps, fire: AskedFire): Promise<boolean> {
  const { database, client } = deps;
  const { sql } = database;
  const { definition, schedule_id, trigger } = fire;
  const twinId = twinIdOf(schedule_id);
  const nominalAt = Date.parse(fire.nominal_at);
  const overlap = fire.overlap ?? definition.overlap ?? SCHEDULE_DEFAULTS.overlap;
  const twin = await standingOf(client, twinId);
  if (trigger === 'catchup') await putInLine(sql, schedule_id, catchupMsOf(definition));
  const next = nextTelling({
    by: trigger === 'manual' ? 'person' : 'clock',
    overlap,
    isAgain: fire.again > 0,
    workflowId: workflowIdAt(twinId, nominalAt),
    wasTold: fire.told_at !== null,
    twin,
    isBusy: fire.is_busy,
    isOvertaken: fire.is_overtaken,
  });
  if (next.do === 'drop') await dropAsked(sql, fire.id, next.why);
  if ((next.do !== 'start' && next.do !== 'tell') || !(await noteTold(sql, fire.id))) return twin?.isBehind ?? false;
  if (next.do === 'start') await start(deps, fire, nominalAt);
  else await triggerTwin(client, twinId, nominalAt, overlap);
  return false;
}

/** Begins it without Temporal's schedule: its start is owed like that of any run. */
async function start({ database, zones, launch }: AskedDeps, fire: AskedFire, nominalAt: number): Promise<void> {
  const { schedule_id: schedule, trigger, again, asked_by } = fire;
  const outcome = await database.sql.begin((tx) =>
    acceptFire(tx, zones, { schedule, nominalAt, trigger, again, ...(asked_by !== null && { askedBy: asked_by }) }),
  );
  if (outcome.outcome === 'accepted') await launch(outcome.input);
}

const catchupMsOf = ({ catchup_window }: ScheduleDefinition): number => parseDuration(catchup_window ?? SCHEDULE_DEFAULTS.catchup_window);

/** As Temporal names what a schedule starts. */
const workflowIdAt = (twinId: string, at: number): string => `${twinId}-${new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')}`;
